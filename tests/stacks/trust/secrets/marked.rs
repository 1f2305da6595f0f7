//! A task definition with every field that ECS has, and a mark in each text that is not harmless.

use crate::aws::expanded;
use serde_json::Value;

/// Stands in `full.json` where a text is not harmless.
const PLACE: &str = "?";

/// What every mark begins with: no part of one may be shown either. As a word of it names an environment, the checks that
/// look for such words find every mark.
pub const MARK: &str = "s3cr3t";

/// A revision, and the marks in it.
pub struct Marked {
    pub definition: Value,
    pub marks: Vec<String>,
}

/// Each revision has marks of its own.
pub fn marked(revision: u64) -> Marked {
    let full = include_str!("full.json");
    let mut definition = expanded(&serde_json::from_str(full).expect("JSON"));
    let mut marks = Vec::new();
    mark(&mut definition, revision, &mut marks);
    definition["revision"] = revision.into();
    let arn = definition["taskDefinitionArn"].as_str().expect("an ARN");
    let (family, _) = arn.rsplit_once(':').expect("a revision");
    definition["taskDefinitionArn"] = format!("{family}:{revision}").into();
    Marked { definition, marks }
}

impl Marked {
    /// Without what ECS writes itself: as somebody sends it, and as ECS may quote it.
    pub fn sent(&self) -> Value {
        let mut sent = self.definition.clone();
        let members = sent.as_object_mut().expect("members");
        members.retain(|name, _| !["registeredBy", "requiresAttributes"].contains(&name.as_str()));
        sent
    }

    /// The marks of what was sent.
    pub fn sent_marks(&self) -> impl Iterator<Item = &String> {
        let sent = self.sent().to_string();
        self.marks.iter().filter(move |mark| sent.contains(*mark))
    }
}

fn mark(value: &mut Value, revision: u64, marks: &mut Vec<String>) {
    match value {
        Value::String(text) if text == PLACE => {
            let next = marks.len() + 1;
            let mark = format!("{MARK}-blue-{revision}-{next:03}");
            text.clone_from(&mark);
            marks.push(mark);
        }
        Value::Array(items) => items.iter_mut().for_each(|it| mark(it, revision, marks)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|it| mark(it, revision, marks)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
