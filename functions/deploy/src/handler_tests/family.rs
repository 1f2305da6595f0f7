//! An ECS that knows two revisions of the family `shop`, at the wire: what is sent and answered is JSON.

use super::handle_with;
use crate::answer::Answer;
use aws_sdk_ecs::Client;
use aws_smithy_mocks::RuleMode;
use fixtures::{json_answer, release_plan, wire_client};
use serde_json::{Value, json};
use shared::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Each call's operation and input, in order.
type Calls = Arc<Mutex<Vec<(String, Value)>>>;

pub(super) struct Family {
    pub live: Value,
    pub newest: Value,
    pub tags: Value,
    /// The revision that the idle service runs.
    pub idle_runs: &'static str,
    /// What RegisterTaskDefinition makes of what it gets: a status and an answer.
    pub registers: fn(Value) -> (u16, Value),
    calls: Calls,
}

/// Revision `shop:2`, which holds all that was sent, as AWS answers.
fn registered(mut sent: Value) -> (u16, Value) {
    let tags = sent["tags"].take();
    sent["taskDefinitionArn"] = json!("shop:2");
    (200, json!({"taskDefinition": sent, "tags": tags}))
}

/// A revision whose container `api` runs `image`, and whose ARN is `shop:NUMBER`.
pub(super) fn revision(number: i32, image: &str, slot: &str) -> Value {
    let slot = json!({"name": "DEPLOYMENT_SLOT", "value": slot});
    let api = json!({"name": "api", "image": image, "environment": [slot]});
    json!({"family": "shop", "revision": number, "taskDefinitionArn": format!("shop:{number}"),
        "containerDefinitions": [api]})
}

impl Family {
    /// Revision `shop:1` is `live`, and runs in both environments.
    pub(super) fn new(live: Value, newest: Value) -> Family {
        Family {
            live,
            newest,
            tags: json!([]),
            idle_runs: "shop:1",
            registers: registered,
            calls: Calls::default(),
        }
    }

    fn calls(&self) -> MutexGuard<'_, Vec<(String, Value)>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What each call of an operation sent.
    pub(super) fn sent(&self, operation: &str) -> Vec<Value> {
        let calls = self.calls().clone().into_iter();
        let calls = calls.filter(|(name, _)| name == operation);
        calls.map(|(_, input)| input).collect()
    }

    pub(super) async fn ask(&self, action: &str) -> Result<Answer, Error> {
        let task = json!({"action": action, "plan": release_plan()});
        handle_with(self.client(), task, RuleMode::MatchAny, &[]).await
    }

    pub(super) fn client(&self) -> Client {
        let (live, newest, tags) = (self.live.clone(), self.newest.clone(), self.tags.clone());
        let (registers, idle_runs) = (self.registers, self.idle_runs);
        let calls = Arc::clone(&self.calls);
        wire_client!(aws_sdk_ecs, move |operation: &str, input: Value| {
            let mut all = calls.lock().unwrap_or_else(PoisonError::into_inner);
            all.push((operation.to_owned(), input.clone()));
            let (status, answer) = match operation {
                "DescribeTaskDefinition" => {
                    let is_live = input["taskDefinition"] == "shop:1";
                    let found = if is_live { &live } else { &newest };
                    let asked = input["include"] == json!(["TAGS"]);
                    let tags = if asked { tags.clone() } else { json!([]) };
                    (200, json!({"taskDefinition": found, "tags": tags}))
                }
                "RegisterTaskDefinition" => registers(input),
                "DescribeServices" => {
                    let is_idle = input["cluster"] == "green";
                    let runs = if is_idle { idle_runs } else { "shop:1" };
                    let service =
                        json!({"taskDefinition": runs, "desiredCount": 2, "runningCount": 2});
                    (200, json!({ "services": [service] }))
                }
                other => panic!("{other} is not known here"),
            };
            json_answer(status, &answer)
        })
    }
}
