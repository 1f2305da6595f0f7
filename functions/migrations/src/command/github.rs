//! Workflow commands of GitHub Actions, which it shows at the lines of a pull request (GitHub Docs, "Workflow commands
//! for GitHub Actions"). There it shows ten errors, ten warnings and ten notices of a step; its log has all of them,
//! but without their places, so the messages repeat these.

use super::entry::{Entry, Kind, entries};
use super::outcome::{Judged, Outcome, Unread};
use super::{shown, text};
use migrations::Severity;
use std::path::Path;

pub(super) fn write(outcome: &Outcome, refuse_locks: bool) -> String {
    let judged = outcome.judged.iter();
    let lines = judged.flat_map(|judged| lines(judged, refuse_locks));
    let unread = outcome.unread.iter().map(unread);
    let lines = lines.chain(unread).chain([outcome.summary()]);
    lines.map(|line| line + "\n").collect()
}

fn lines(judged: &Judged, refuse_locks: bool) -> impl Iterator<Item = String> {
    let name = shown::name(&judged.file);
    let entries = entries(&judged.report).into_iter();
    entries.map(move |entry| {
        let level = level(entry.kind, refuse_locks);
        let place = text::place(&name, &entry);
        let message = format!("{place}: {}", entry.text);
        command(level, &judged.file, Some(&entry), &message)
    })
}

fn level(kind: Kind, refuse_locks: bool) -> &'static str {
    match kind {
        Kind::Problem(Severity::Lock) if !refuse_locks => "warning",
        Kind::Problem(Severity::Lock | Severity::Danger) => "error",
        Kind::Ignored => "notice",
    }
}

fn unread(unread: &Unread) -> String {
    command("error", &unread.place, None, &unread.to_string())
}

fn command(level: &str, file: &Path, entry: Option<&Entry>, message: &str) -> String {
    let file = property(&shown::path(file));
    let line = entry.and_then(|entry| entry.line);
    let line = line.map_or_else(String::new, |line| format!(",line={line}"));
    let label = entry.map_or("unread", |entry| &entry.label);
    let title = property(&format!("lint-migration: {label}"));
    let message = data(message);
    format!("::{level} file={file}{line},title={title}::{message}")
}

/// A message ends at the end of its line.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma or a colon as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
