//! Lines for people. Each begins with its place, so that a terminal or an editor can go there.

use super::entry::{Entry, entries};
use super::outcome::{Judged, Outcome};
use super::shown;

pub(super) fn write(outcome: &Outcome) -> String {
    let lines = outcome.judged.iter().flat_map(lines);
    let lines = lines.chain([outcome.summary()]);
    lines.map(|line| shown::line(&line)).collect()
}

fn lines(judged: &Judged) -> impl Iterator<Item = String> {
    let file = shown::name(&judged.file);
    let entries = entries(&judged.report).into_iter();
    entries.map(move |entry| {
        let place = place(&file, &entry);
        format!("{place}: {}: {}", entry.label, entry.text)
    })
}

/// `migrations/0007.sql:2`
pub(super) fn place(file: &str, entry: &Entry) -> String {
    match entry.line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    }
}
