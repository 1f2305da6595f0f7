//! How long each part of an execution took.

use crate::follow::{Phase, Span};
use crate::show::{Canvas, Ink, took, wrap};

/// What stands left of a part's bar: `  migrate    10.4 s  `.
const NAME: usize = 21;

/// The parts of an execution as bars below one another, each where the one before it ends.
pub(super) fn drawn(spans: &[Span], canvas: Canvas) -> Vec<String> {
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return Vec::new();
    };
    let room = canvas.columns.saturating_sub(NAME + 6);
    let all = (last.to - first.from).as_seconds_f64().max(0.1);
    let column = |seconds: f64| (seconds / all * room as f64).round() as usize;
    let bars = spans.iter().map(|span| {
        let from = column((span.from - first.from).as_seconds_f64()).min(room - 1);
        let to = column((span.to - first.from).as_seconds_f64()).clamp(from + 1, room);
        let bar = canvas.paint.ink(ink(span.phase), &"━".repeat(to - from));
        let share = span
            .share
            .map_or(String::new(), |share| format!(" {share} %"));
        let (name, took) = (span.phase.name(), took(span.seconds()));
        format!("  {name:8}{took:>9}  {:from$}{bar}{share}", "")
    });
    bars.collect()
}

/// The same in a line, or a few.
pub(super) fn in_words(spans: &[Span], canvas: Canvas) -> Vec<String> {
    let parts = spans.iter().map(|span| {
        let share = span
            .share
            .map_or(String::new(), |share| format!(" to {share} %"));
        format!("{}{share} {}", span.phase.name(), took(span.seconds()))
    });
    let parts = parts.collect::<Vec<_>>().join(", ");
    let lines = wrap(&format!("  {parts}"), canvas.columns, 0).into_iter();
    lines
        .map(|line| canvas.paint.ink(Ink::Faint, &line))
        .collect()
}

fn ink(phase: Phase) -> Ink {
    match phase {
        Phase::Detect | Phase::End => Ink::Faint,
        Phase::Migrate | Phase::Deploy | Phase::Smoke => Ink::Phase,
        Phase::Gate => Ink::Open,
        Phase::Flip => Ink::Version,
        Phase::Watch => Ink::Good,
        Phase::Back => Ink::Bad,
    }
}
