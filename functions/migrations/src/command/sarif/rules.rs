//! The rules, as a report describes them.

use migrations::{Rule, Severity};
use serde_json::{Value, json};

pub(super) fn rules() -> Vec<Value> {
    Rule::ALL.into_iter().map(rule).collect()
}

fn rule(rule: Rule) -> Value {
    let (level, kind) = match rule.severity() {
        Severity::Danger => ("error", "danger"),
        Severity::Lock => ("warning", "lock"),
    };
    let meaning = meaning(rule);
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
        "properties": {"tags": [kind], "problem.severity": level},
    })
}

fn meaning(rule: Rule) -> &'static str {
    match rule {
        Rule::Drop => "Something is removed that the old version may use.",
        Rule::Rename => "Something is renamed: one of the two versions misses its name.",
        Rule::ChangeType => "A column gets another type or other rules.",
        Rule::Require => "A column must have a value that the old version does not write.",
        Rule::Constrain => "Writes of the old version may be refused.",
        Rule::Delete => "Rows are deleted that the old version may read.",
        Rule::Overwrite => "Rows are overwritten that the old version wrote.",
        Rule::Replace => "A view or a routine that the old version uses gets another content.",
        Rule::Environment => "Rights are taken, or a setting of the whole database is changed.",
        Rule::Unknown => "The statement is not known to be additive.",
        Rule::Unreadable => "The statement cannot be read.",
        Rule::Fail => "The statement fails, or undoes itself.",
        Rule::BlockWrites => "Writes wait, longer the larger the table.",
        Rule::BlockAll => "Reads and writes wait, longer the larger the table.",
        Rule::NoLockTimeout => {
            "Nothing limits how long a statement waits for its lock, and all behind it wait too."
        }
        Rule::BadComment => "A comment that should let something pass does not say what or why.",
    }
}
