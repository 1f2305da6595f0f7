//! Takes out of AWS's texts what a revision's hidden fields hold: an error or a stopped task may quote them. Pure.

use crate::fields::fields;
use crate::shown::is_shown;
use aws_sdk_ecs::types::Task;
use serde_json::Value;
use shared::ecs::RevisionContent;
use std::collections::BTreeSet;

/// Stands where something was taken out.
pub(crate) const MASK: &str = "[hidden]";

/// A text as long as this is taken out wherever it stands; a shorter one, such as `1`, where it is a word of its own.
const LONG: usize = 8;

/// As much of the beginning of a value is recognised where a text is cut off.
const BEGINNING: usize = 4;

/// The hidden texts of a revision, longest first.
pub(crate) struct Hidden(Vec<String>);

impl Hidden {
    pub(crate) fn of(content: &RevisionContent) -> Hidden {
        let (mut shown, mut hidden) = (BTreeSet::new(), BTreeSet::new());
        for (path, value) in fields(content.as_json()) {
            let texts = if is_shown(&path, value) {
                &mut shown
            } else {
                &mut hidden
            };
            collect(value, texts);
        }
        // What stands in a harmless field as well, such as a container's name, is no secret.
        let mut hidden: Vec<String> = hidden.difference(&shown).cloned().collect();
        hidden.sort_by_key(|text| std::cmp::Reverse(text.len()));
        Hidden(hidden)
    }

    /// The text without any of them.
    pub(crate) fn mask(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for hidden in &self.0 {
            text = without(&text, hidden);
        }
        match self.cut_off(&text) {
            Some(start) => format!("{}{MASK}", &text[..start]),
            None => text,
        }
    }

    pub(crate) fn mask_reason(&self, reason: &mut Option<String>) {
        if let Some(reason) = reason {
            *reason = self.mask(reason);
        }
    }

    /// In the reasons that ECS gives for the end of a task and of its containers.
    pub(crate) fn mask_task(&self, task: &mut Task) {
        self.mask_reason(&mut task.stopped_reason);
        for container in task.containers.iter_mut().flatten() {
            self.mask_reason(&mut container.reason);
        }
    }

    /// Where a hidden text begins that the end of `text` cuts off, as ECS does with long reasons.
    fn cut_off(&self, text: &str) -> Option<usize> {
        let text = text.trim_end_matches(['.', '…', ' ']);
        let starts = text.char_indices().map(|(start, _)| start);
        let mut starts = starts.filter(|start| text.len() - start >= BEGINNING);
        starts.find(|start| self.0.iter().any(|it| it.starts_with(&text[*start..])))
    }
}

/// Every text in a value, also as JSON writes it.
fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.is_empty() => {}
        Value::String(text) => {
            let escaped = value.to_string();
            texts.insert(escaped[1..escaped.len() - 1].to_owned());
            texts.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|it| collect(it, texts)),
        Value::Object(members) => members.values().for_each(|it| collect(it, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn without(text: &str, hidden: &str) -> String {
    let is_part_of_word = |it: Option<char>| it.is_some_and(char::is_alphanumeric);
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(start) = rest.find(hidden) {
        let (before, after) = (&rest[..start], &rest[start + hidden.len()..]);
        let last = before.chars().last().or(kept.chars().last());
        let in_word = is_part_of_word(last) || is_part_of_word(after.chars().next());
        let masked = hidden.len() >= LONG || !in_word;
        kept += before;
        kept += if masked { MASK } else { hidden };
        rest = after;
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(text: &str, expect: &str) {
        let variable = |name: &str, value: &str| json!({"name": name, "value": value});
        let api = json!({
            "name": "api", "image": "shop:v1", "command": ["serve", "--password=\"pa ss\""],
            "environment": [
                variable("NAME", "api"), variable("N", "1"), variable("TOKEN", "s3cr3t-token-of-shop"),
                variable("DEPLOYMENT_SLOT", "blue"), variable("TOKEN_BEGIN", "s3cr3t-token"), variable("EMPTY", ""),
            ],
        });
        let definition = json!({"family": "shop", "containerDefinitions": [api]});
        let content = RevisionContent::of_answer(&json!({ "taskDefinition": definition }));
        assert_eq!(Hidden::of(&content).mask(text), expect);
    }

    #[test]
    fn what_is_hidden_is_taken_out_wherever_it_is_quoted() {
        check(
            "value 's3cr3t-token-of-shop' of api",
            "value '[hidden]' of api",
        );
        check("xs3cr3t-token-of-shopx s3cr3t-token", "x[hidden]x [hidden]");
        check(
            r#"["serve","--password=\"pa ss\""]"#,
            r#"["[hidden]","[hidden]"]"#,
        );
        check(
            "1 of 10 observed, not 1",
            "[hidden] of 10 observed, not [hidden]",
        );
        check("api in blue runs shop:v1", "api in blue runs shop:v1");
    }

    #[test]
    fn the_beginning_of_what_is_cut_off_is_taken_out() {
        check("exec: s3cr3t-tok...", "exec: [hidden]");
        check("exec: s3cr", "exec: [hidden]");
        check("exec: s3c", "exec: s3c");
    }
}
