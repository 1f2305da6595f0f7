//! One object for programs.

use super::outcome::{Judged, Outcome, Unread};
use migrations::Problem;
use serde_json::{Value, json};

pub(super) fn write(outcome: &Outcome) -> String {
    let counts = outcome.counts();
    let problems = outcome.judged.iter().flat_map(problems);
    let ignored = outcome.judged.iter().flat_map(ignored);
    let unread = outcome.unread.iter().flat_map(unread);
    let document = json!({
        "statements": counts.statements,
        "files": outcome.judged.len(),
        "notNew": outcome.not_new,
        "problems": problems.collect::<Value>(),
        "more": counts.more,
        "ignored": ignored.collect::<Value>(),
        "moreIgnored": counts.more_ignored,
        "unread": unread.collect::<Value>(),
    });
    format!("{document:#}\n")
}

fn problems(judged: &Judged) -> impl Iterator<Item = Value> {
    let problems = judged.report.problems.iter();
    problems.map(|problem| value(judged, problem))
}

fn ignored(judged: &Judged) -> impl Iterator<Item = Value> {
    let ignored = judged.report.ignored.iter();
    ignored.map(|ignored| {
        let mut value = value(judged, &ignored.problem);
        value["why"] = ignored.why.as_str().into();
        value
    })
}

fn value(judged: &Judged, problem: &Problem) -> Value {
    json!({
        "file": judged.file.to_string_lossy(),
        "line": problem.line,
        "severity": problem.severity().to_string(),
        "rule": problem.rule.name(),
        "statement": problem.statement,
        "reason": problem.reason,
    })
}

fn unread(unread: &Unread) -> impl Iterator<Item = Value> {
    let files = unread.files.iter();
    files.map(|file| json!({"file": file.to_string_lossy(), "reason": unread.reason}))
}
