//! The last block on the screen: what was released, by which way, how long each part took, what customers saw, and how it
//! ended.

mod frame;
mod parts;

use super::outcome::{Check, Report, Told};
use crate::show::{Canvas, Ink, columns, count, shorten, took, wrap};
use crate::traffic::Counts;
use aws_sdk_sfn::types::ExecutionStatus;
use frame::{FRAME, framed};
use std::collections::BTreeMap;

/// The lines for a cause at most; the whole of it is in the report.
const CAUSE: usize = 2;

/// Of more executions than that, each has its parts in one line.
const DRAWN: usize = 2;

impl Report {
    /// The end as a person reads it: a block that says all, for a picture of the screen.
    pub fn board(&self, canvas: Canvas) -> Vec<String> {
        lines(self, canvas)
    }

    /// The same as plain text.
    pub fn lines(&self) -> Vec<String> {
        self.board(Canvas::PLAIN)
    }
}

/// The block; each line fits the canvas.
fn lines(report: &Report, canvas: Canvas) -> Vec<String> {
    let inner = Canvas {
        columns: canvas.columns - FRAME,
        ..canvas
    };
    let mut lines = Vec::new();
    let is_drawn = report.told.len() <= DRAWN;
    for told in &report.told {
        lines.extend(headline(told, inner));
        lines.extend(match is_drawn {
            true => parts::drawn(&told.end.spans(), inner),
            false => parts::in_words(&told.end.spans(), inner),
        });
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let customers = report.customers.as_ref();
    lines.extend(customers.into_iter().flat_map(|it| saw(it, inner)));
    lines.extend(entry("measured", &report.measured.join("; "), inner));
    lines.push(String::new());
    lines.extend(report.checks.iter().flat_map(|check| result(check, inner)));
    let title = format!("scenario {}", report.scenario);
    let end = match report.passed {
        true => ("ended as it should", Ink::Good),
        false => ("DID NOT END AS IT SHOULD", Ink::Bad),
    };
    framed(&lines, &title, end, canvas)
}

/// What started an execution, how it ended, and how long it took; then why it ended so.
fn headline(told: &Told, canvas: Canvas) -> Vec<String> {
    let Canvas {
        paint,
        columns: all,
    } = canvas;
    let end = &told.end;
    let took = took((end.ended - end.began).as_seconds_f64());
    let room = all.saturating_sub(columns(&told.way) + columns(&took) + 4);
    let (what, why) = end.summary();
    let what = shorten(&what, room);
    let ink = match end.status == ExecutionStatus::Succeeded {
        true => Ink::Good,
        false => Ink::Bad,
    };
    let (way, gap) = (paint.words(&told.way), room - columns(&what));
    let (what, took) = (paint.ink(ink, &what), paint.ink(Ink::Title, &took));
    let why = why.unwrap_or_default();
    let why = wrap(&format!("  {}", shorten(&why, CAUSE * (all - 10))), all, 0);
    let why = why.iter().filter(|line| !line.trim().is_empty());
    let headline = format!("{way}  {what}{:gap$}  {took}", "");
    let why = why.map(|line| paint.words(line));
    std::iter::once(headline).chain(why).collect()
}

/// The requests of customers, by the version that answered.
fn saw(counts: &Counts, canvas: Canvas) -> Vec<String> {
    let mut versions = BTreeMap::<&str, u64>::new();
    for ((version, _), answers) in &counts.answers {
        *versions.entry(version).or_default() += answers;
    }
    let versions = versions.into_iter().map(|(version, answers)| {
        let failed = match counts.failed_by(version) {
            0 => String::new(),
            failed => format!(" ({} failed)", count(failed)),
        };
        let who = if version == "-" { "nobody" } else { version };
        format!("{who} {}{failed}", count(answers))
    });
    let versions = versions.collect::<Vec<_>>().join(", ");
    let (served, failed) = (count(counts.served()), count(counts.failed));
    let requests = format!("{served} requests, {failed} failed");
    let mut lines = entry("customers", &requests, canvas);
    lines.extend(entry("", &format!("answered by {versions}"), canvas));
    lines
}

/// A text beside its name.
fn entry(name: &str, text: &str, canvas: Canvas) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let indent = 11;
    let lines = wrap(text, canvas.columns - indent, 0).into_iter();
    let names = std::iter::once(name).chain(std::iter::repeat(""));
    let lines = names.zip(lines).map(|(name, line)| {
        let name = canvas.paint.ink(Ink::Title, &format!("{name:indent$}"));
        format!("{name}{}", canvas.paint.words(&line))
    });
    lines.collect()
}

/// A check; what was found is read only where it is not what was expected.
fn result(check: &Check, canvas: Canvas) -> Vec<String> {
    let Check {
        expected,
        fits,
        found,
    } = check;
    let (ink, sign, text) = match fits {
        true => (Ink::Good, "✓", expected.clone()),
        false => (Ink::Bad, "✗", format!("FAILED {expected}; found: {found}")),
    };
    let lines = wrap(&text, canvas.columns - 2, 2).into_iter();
    let signs = std::iter::once(sign).chain(std::iter::repeat(" "));
    let lines = signs.zip(lines).map(|(sign, line)| {
        format!(
            "{} {}",
            canvas.paint.ink(ink, sign),
            canvas.paint.words(&line)
        )
    });
    lines.collect()
}

#[cfg(test)]
#[path = "board_tests.rs"]
mod tests;
