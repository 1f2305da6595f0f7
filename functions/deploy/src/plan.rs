//! What a deployment would do now: the way of one, left before its first write.
//!
//! The registration is made for real and stopped when it is written out, before it is sent: so the plan compares what
//! ECS would get, field by field, with what idle runs now.

use crate::decide::{Update, update};
use crate::handler::{Answer, Deploy};
use crate::rollout::service;
use crate::task_definition::{carried_over, is_registered, wanted};
use aws_sdk_ecs::config::interceptors::BeforeTransmitInterceptorContextRef as Written;
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;
use aws_sdk_ecs::operation::register_task_definition::builders::RegisterTaskDefinitionInputBuilder as Registration;
use serde::Serialize;
use serde_json::Value;
use shared::{Error, Plan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The revision that would run, against the one that idle runs now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Revision {
    /// What idle runs now.
    pub replaces: String,
    /// False: it is registered already, as an earlier try of the same image or by the team.
    pub registers: bool,
    pub changes: Vec<Change>,
}

/// One field, such as `containerDefinitions.api.image`; null where it is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub field: String,
    pub before: Value,
    pub after: Value,
}

/// Tasks wanted on the idle side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Tasks {
    pub before: i32,
    pub after: i32,
}

impl Deploy {
    pub async fn plan(&self, plan: &Plan) -> Result<Answer, Error> {
        let idle = service(&self.ecs, &plan.idle).await?;
        let active = service(&self.ecs, &plan.active).await?;
        let replaces = idle.task_definition().unwrap_or_default().to_owned();
        let (now, tags) = self.describe(&replaces).await?;
        let before = carried_over(&now, now.container_definitions().to_vec(), &tags);
        let (after, registered) = self.wanted(plan).await?;
        let revision = Revision {
            registers: registered.is_none(),
            changes: changes(&self.written(before).await?, &self.written(after).await?),
            replaces,
        };
        // A revision that is not there yet is nowhere deployed.
        let arn = registered.unwrap_or_default();
        let (Update::Already { desired, .. } | Update::Needed { desired }) =
            update(&idle, &active, &arn);
        let before = idle.desired_count();
        Ok(Answer::Planned {
            task_definition: revision,
            desired: Tasks {
                before,
                after: desired,
            },
        })
    }

    /// What would be registered; with the revision's ARN where it is registered already.
    async fn wanted(&self, plan: &Plan) -> Result<(Registration, Option<String>), Error> {
        if let Some(own) = &plan.task_definition {
            let (own_definition, tags) = self.describe(own).await?;
            let containers = own_definition.container_definitions().to_vec();
            return Ok((
                carried_over(&own_definition, containers, &tags),
                Some(own.clone()),
            ));
        }
        let (live, tags) = self.describe(&plan.active.task_definition).await?;
        let wanted = wanted(&live, &tags, &self.container, &plan.image.uri, plan.to)
            .map_err(Error::NotFound)?;
        let (newest, newest_tags) = self.describe(live.family().unwrap_or_default()).await?;
        let there = is_registered(&newest, &newest_tags, &wanted);
        let arn = newest.task_definition_arn().filter(|_| there);
        Ok((wanted, arn.map(str::to_owned)))
    }

    /// A registration as ECS would get it. It is not sent.
    async fn written(&self, registration: Registration) -> Result<Value, Error> {
        let stop = BeforeSending::default();
        let config = self
            .ecs
            .config()
            .to_builder()
            .interceptor(stop.clone())
            .build();
        let client = aws_sdk_ecs::Client::from_conf(config);
        let unsent = registration.send_with(&client).await;
        let body = stop.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        body.and_then(|body| serde_json::from_slice(&body).ok())
            .ok_or_else(|| {
                Error::UnexpectedAnswer(format!(
                    "a registration could not be written out: {unsent:?}"
                ))
            })
    }
}

/// Keeps what a call would send, and ends the call there.
#[derive(Clone, Debug, Default)]
struct BeforeSending(Arc<Mutex<Option<Vec<u8>>>>);

impl Intercept for BeforeSending {
    fn name(&self) -> &'static str {
        "BeforeSending"
    }

    fn read_after_serialization(
        &self,
        call: &Written<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = call.request().body().bytes().map(<[u8]>::to_vec);
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = body;
        Err("a plan sends nothing".into())
    }
}

/// The fields that differ, by their names.
fn changes(before: &Value, after: &Value) -> Vec<Change> {
    let (before, after) = (fields(before), fields(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let value =
        |of: &BTreeMap<String, Value>, name: &String| of.get(name).cloned().unwrap_or_default();
    let changes = names.into_iter().map(|name| Change {
        field: name.clone(),
        before: value(&before, name),
        after: value(&after, name),
    });
    changes
        .filter(|change| change.before != change.after)
        .collect()
}

fn fields(value: &Value) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    collect("", value, &mut fields);
    fields
}

/// A list's items go by their names where they have one, as containers, variables and secrets do, else by number.
fn collect(path: &str, value: &Value, fields: &mut BTreeMap<String, Value>) {
    let mut inner = |name: &str, value: &Value| {
        let dot = if path.is_empty() { "" } else { "." };
        collect(&format!("{path}{dot}{name}"), value, fields);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(name, value)| inner(name, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, item)| {
            let name = item["name"].as_str().or(item["key"].as_str());
            inner(name.unwrap_or(&index.to_string()), item);
        }),
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            fields.insert(path.to_owned(), value.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_differs_is_named_by_its_path() {
        let variable = |value| json!({"name": "LEVEL", "value": value});
        let container =
            |image, value| json!({"name": "api", "image": image, "environment": [variable(value)]});
        let before = json!({"cpu": "256", "containerDefinitions": [container("a", "info")]});
        let after = json!({"cpu": "256", "memory": "512", "containerDefinitions": [container("b", "debug")]});
        let found: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|it| (it.field, it.before, it.after))
            .collect();
        let expect = [
            (
                "containerDefinitions.api.environment.LEVEL.value",
                json!("info"),
                json!("debug"),
            ),
            ("containerDefinitions.api.image", json!("a"), json!("b")),
            ("memory", Value::Null, json!("512")),
        ];
        assert_eq!(
            found,
            expect.map(|(field, before, after)| (field.to_owned(), before, after))
        );
        assert!(changes(&after, &after).is_empty());
    }
}
