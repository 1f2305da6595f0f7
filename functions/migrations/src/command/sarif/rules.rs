//! The rules, as a report describes them.

use migrations::{Rule, Severity};
use serde_json::{Value, json};

/// Its table of rules is the only place that says what each finds.
const PAGE: &str = include_str!("../../../README.md");

pub(super) fn rules() -> Vec<Value> {
    Rule::ALL.into_iter().map(rule).collect()
}

fn rule(rule: Rule) -> Value {
    let kind = rule.severity();
    let level = match kind {
        Severity::Danger => "error",
        Severity::Lock => "warning",
    };
    let meaning = meaning(rule, kind);
    let help = if rule == Rule::BadComment {
        "No comment lets it pass.".to_owned()
    } else {
        format!(
            "A comment in front of the statement lets it pass: `-- lint-migration: ignore {rule}: REASON`"
        )
    };
    json!({
        "id": rule.name(),
        "name": rule.name(),
        "shortDescription": {"text": meaning},
        "fullDescription": {"text": meaning},
        "help": {"text": format!("{meaning}\n\n{help}")},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [kind.to_string()], "problem.severity": level},
    })
}

/// What the page says that it finds, as a sentence.
fn meaning(rule: Rule, kind: Severity) -> String {
    let row = format!("| `{rule}` | {kind} | ");
    let mut rows = PAGE.lines().filter_map(|line| line.strip_prefix(&row));
    let found = rows.next().unwrap_or_default().trim_end_matches(" |");
    let mut letters = found.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}
