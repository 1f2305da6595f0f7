//! A report for code scanning: SARIF 2.1.0 with what GitHub asks for ("SARIF support for code scanning").

mod rules;

use super::entry::unshown;
use super::outcome::{Judged, Outcome};
use super::shown;
use migrations::{Problem, Rule, Severity};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;

/// GitHub refuses a report with more results.
const RESULTS: usize = 25_000;

pub(super) fn write(outcome: &Outcome, refuse_locks: bool) -> String {
    let driver = json!({
        "name": "lint-migration",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules::rules(),
    });
    let invocation = json!({
        "executionSuccessful": outcome.unread.is_empty(),
        "exitCode": outcome.code(refuse_locks),
        "toolExecutionNotifications": notifications(outcome),
    });
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": driver},
            "invocations": [invocation],
            "results": results(outcome, refuse_locks),
        }],
    });
    format!("{document:#}\n")
}

/// Dangers first, so that they are the ones that fit.
fn results(outcome: &Outcome, refuse_locks: bool) -> Vec<Value> {
    let of = |severity| {
        let judged = outcome.judged.iter();
        judged.flat_map(move |judged| {
            let mut known = HashMap::new();
            let problems = judged.report.problems.iter();
            let problems = problems.filter(move |problem| problem.severity() == severity);
            problems.map(move |problem| result(judged, problem, refuse_locks, &mut known))
        })
    };
    let results = of(Severity::Danger).chain(of(Severity::Lock));
    results.take(RESULTS).collect()
}

fn result(
    judged: &Judged,
    problem: &Problem,
    refuse_locks: bool,
    known: &mut HashMap<u64, usize>,
) -> Value {
    let index = Rule::ALL.iter().position(|rule| *rule == problem.rule);
    let level = match problem.severity() {
        Severity::Lock if !refuse_locks => "warning",
        Severity::Lock | Severity::Danger => "error",
    };
    let fingerprint = fingerprint(problem);
    let count = known.entry(fingerprint).or_default();
    *count += 1;
    json!({
        "ruleId": problem.rule.name(),
        "ruleIndex": index,
        "level": level,
        "message": {"text": message(problem)},
        "locations": [location(&judged.file, Some(problem.line))],
        "partialFingerprints": {"primaryLocationLineHash": format!("{fingerprint:016x}:{count}")},
    })
}

/// The reason first: GitHub shows a message's first sentence where it has no room for more.
fn message(problem: &Problem) -> String {
    let (reason, statement) = (&problem.reason, &problem.statement);
    if statement.is_empty() {
        reason.clone()
    } else {
        format!("{reason} Statement: {statement}")
    }
}

fn location(file: &Path, line: Option<usize>) -> Value {
    let mut place = json!({"artifactLocation": {"uri": shown::uri(file)}});
    if let Some(line) = line {
        place["region"] = json!({"startLine": line});
    }
    json!({"physicalLocation": place})
}

/// The same for the same finding wherever its statement moves to (FNV-1a, with 64 bits).
fn fingerprint(problem: &Problem) -> u64 {
    let text = format!("{} {}", problem.rule, problem.statement);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    })
}

/// What is no result: GitHub would show an ignored problem as an open alert.
fn notifications(outcome: &Outcome) -> Vec<Value> {
    let unread = outcome.unread.iter().map(|unread| {
        let location = location(&unread.place, None);
        notification("error", unread.to_string(), &location)
    });
    let judged = outcome.judged.iter();
    let ignored = judged.clone().flat_map(|judged| {
        judged.report.ignored.iter().map(|ignored| {
            let problem = &ignored.problem;
            let text = format!("{} is ignored: {}", problem.rule, ignored.why);
            notification("note", text, &location(&judged.file, Some(problem.line)))
        })
    });
    let more = judged.flat_map(|judged| {
        let place = location(&judged.file, None);
        unshown(&judged.report).map(move |(_, text)| notification("warning", text, &place))
    });
    unread.chain(more).chain(ignored).take(RESULTS).collect()
}

fn notification(level: &str, text: String, location: &Value) -> Value {
    json!({"level": level, "message": {"text": text}, "locations": [location]})
}
