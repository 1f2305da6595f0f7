//! Reads the forms of a request, each field by name: what is not known is an error, never passed over.

use super::{Asked, Request, Step, image_named, push, tag_named, task_definition};
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::excerpt;

/// What the error shows when an input is none of them.
pub const FORMS: &str = "Accepted forms: the EventBridge event \"ECR Image Action\" (PUSH, SUCCESS); \
    {\"image\": \"REPOSITORY:TAG\"}; {\"image\": \"REPOSITORY@sha256:...\"}; {\"tag\": \"v1.3.0\"}; \
    {\"taskDefinition\": \"arn:...:task-definition/NAME:REVISION\"}; the last four also with \
    \"migration\": {\"command\": [\"...\"], \"sql\": \"...\"}, where sql may be left out; \
    {\"action\": \"rollback\", \"reason\": \"...\"}; {\"action\": \"sync\"}, also with \"if\": \"drifted\"; {\"action\": \"report-drift\"}; \
    {\"action\": \"contract\", \"command\": [\"...\"], \"sql\": \"...\", \"expandedBy\": \"RELEASE\"}, where sql and \
    expandedBy may be left out; {\"action\": \"plan\", \"request\": {any of these}}";

/// What ECS takes for all overrides of a task is 8,192 characters (RunTask, API reference); the rest of them is small.
const COMMAND_BYTES: usize = 7000;

type Fields = Map<String, Value>;

/// Reads an execution's input; the error is for a person, and shows the accepted forms.
pub fn read(input: &Value, repository: &str) -> Result<Asked, String> {
    asked(input, repository).map_err(|reason| {
        let reason = excerpt(&reason);
        format!("the request cannot be used: {reason}. {FORMS}")
    })
}

fn asked(input: &Value, repository: &str) -> Result<Asked, String> {
    let Some(fields) = input.as_object() else {
        return Err(format!("expected a JSON object, found {input}"));
    };
    if fields.contains_key("detail-type") {
        return Ok(Asked::plainly(push(input, repository)?));
    }
    match fields.get("action") {
        None => release(fields, repository),
        Some(action) if action == "plan" => planned(fields, repository),
        Some(action) => Ok(Asked::plainly(acting(action, fields)?)),
    }
}

/// A plan of any request, even of one that would be refused.
fn planned(fields: &Fields, repository: &str) -> Result<Asked, String> {
    only(fields, &["action", "request"])?;
    let inner = fields.get("request").ok_or("a plan needs a request")?;
    let inner = asked(inner, repository)?;
    if inner.plan {
        return Err("a plan of a plan tells nothing more".to_owned());
    }
    Ok(Asked {
        plan: true,
        ..inner
    })
}

fn release(fields: &Fields, repository: &str) -> Result<Asked, String> {
    only(fields, &["image", "tag", "taskDefinition", "migration"])?;
    let named = |name| Some((name, fields.get(name)?));
    let named = ["image", "tag", "taskDefinition"]
        .into_iter()
        .filter_map(named);
    let request = match named.collect::<Vec<_>>().as_slice() {
        [("image", image)] => image_named(&text(image)?, repository)?,
        [("tag", tag)] => tag_named(text(tag)?)?,
        [("taskDefinition", arn)] => task_definition(text(arn)?)?,
        _ => return Err(found(fields)),
    };
    Ok(Asked {
        migration: fields.get("migration").map(step).transpose()?,
        ..Asked::plainly(request)
    })
}

fn acting(action: &Value, fields: &Fields) -> Result<Request, String> {
    match action.as_str() {
        Some("rollback") => {
            only(fields, &["action", "reason"])?;
            let reason = fields.get("reason").map(text).transpose()?;
            let reason = reason.unwrap_or_else(|| "an operator asked for it".to_owned());
            Ok(Request::Rollback {
                reason: excerpt(&reason),
            })
        }
        Some("sync") => {
            only(fields, &["action", "if"])?;
            match fields.get("if") {
                None => Ok(Request::Sync { if_drifted: false }),
                Some(condition) if condition == "drifted" => Ok(Request::Sync { if_drifted: true }),
                Some(other) => Err(format!("expected \"if\": \"drifted\", found {other}")),
            }
        }
        Some("report-drift") => only(fields, &["action"]).map(|()| Request::ReportDrift),
        Some("contract") => {
            only(fields, &["action", "command", "sql", "expandedBy"])?;
            let mut rest = fields.clone();
            rest.retain(|name, _| name == "command" || name == "sql");
            Ok(Request::Contract {
                step: step(&Value::Object(rest))?,
                expanded_by: fields.get("expandedBy").map(text).transpose()?,
            })
        }
        _ => Err(found(fields)),
    }
}

fn step(value: &Value) -> Result<Step, String> {
    let step = Step::deserialize(value).map_err(|error| format!("the migration: {error}"))?;
    step.usable()
}

impl Step {
    /// The step, if its command can be run.
    pub fn usable(self) -> Result<Step, String> {
        let bytes: usize = self.command.iter().map(String::len).sum();
        if self.command.iter().all(|word| word.trim().is_empty()) || bytes > COMMAND_BYTES {
            return Err(format!(
                "expected a command of at least a word and at most {COMMAND_BYTES} bytes, found {} words with {bytes} bytes",
                self.command.len()
            ));
        }
        Ok(self)
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value.as_str().map(str::trim) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("expected text, found {value}")),
    }
}

/// A field that is not known may be a slip of the pen.
fn only(fields: &Fields, known: &[&str]) -> Result<(), String> {
    if fields.keys().all(|name| known.contains(&name.as_str())) {
        Ok(())
    } else {
        Err(found(fields))
    }
}

fn found(fields: &Fields) -> String {
    if fields.is_empty() {
        return "found no field".to_owned();
    }
    let found = fields
        .iter()
        .map(|(name, value)| format!("{name} = {value}"));
    let mut found: Vec<_> = found.collect();
    found.sort();
    format!("found {}", found.join(", "))
}
