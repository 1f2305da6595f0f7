//! A frame around lines.

use crate::show::{Canvas, Ink, Paint, columns};

/// What the frame takes of a line: a bar and a space on each end.
pub(super) const FRAME: usize = 4;

/// The lines in a frame as wide as the canvas, with a title above and an end below.
pub(super) fn framed(
    lines: &[String],
    title: &str,
    end: (&str, Ink),
    canvas: Canvas,
) -> Vec<String> {
    let Canvas {
        paint,
        columns: all,
    } = canvas;
    let inner = all - FRAME;
    let bar = paint.ink(Ink::Faint, "│");
    let mut framed = vec![edge(("╭", "╮"), (title, Ink::Title), inner, paint)];
    framed.extend(lines.iter().map(|line| {
        let gap = inner.saturating_sub(columns(line));
        format!("{bar} {line}{:gap$} {bar}", "")
    }));
    framed.push(edge(("╰", "╯"), end, inner, paint));
    framed
}

fn edge(
    (left, right): (&str, &str),
    (text, ink): (&str, Ink),
    inner: usize,
    paint: Paint,
) -> String {
    let rest = "─".repeat((inner - 1).saturating_sub(columns(text)));
    let left = paint.ink(Ink::Faint, &format!("{left}─"));
    let right = paint.ink(Ink::Faint, &format!("{rest}{right}"));
    format!("{left} {} {right}", paint.ink(ink, text))
}
