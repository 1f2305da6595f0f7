//! What ECS and ELBv2 leave out of an answer never makes a deployment steady.

use crate::tally::Tally;
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service, Task};
use deploy::decide::{Expected, Rollout, Status, Update, status, update};
use shared::targets::{Target, TargetHealth};

/// Fields that can be absent.
const FIELDS: u32 = 8;

/// Every combination of fields that are there; only all of them together are steady.
pub fn answers_in_part(tally: &Tally) {
    let all = (1 << FIELDS) - 1;
    for there in 0..=all {
        tally.check(&format!("fields {there:08b}"), || {
            let found = rollout(|field| there & (1 << field) != 0);
            let steady = matches!(status(&found, &expected()), Status::Steady(_));
            assert_eq!(steady, there == all, "{found:?}");
        });
    }
    tally.check(&"empty services", || {
        let empty = || Service::builder().build();
        let decided = update(&empty(), &empty(), "td:2");
        assert_eq!(decided, Update::Needed { desired: 0 });
    });
}

fn expected() -> Expected<'static> {
    Expected {
        deployment: "ours",
        task_definition: "td:2",
        container: "api",
        digest: "sha256:new",
        desired: 1,
    }
}

/// A deployment of one task that is steady when every field is there.
fn rollout(there: impl Fn(u32) -> bool) -> Rollout {
    let text = |field, value: &str| there(field).then(|| value.to_owned());
    let deployment = Deployment::builder()
        .set_id(text(0, "ours"))
        .set_status(text(1, "PRIMARY"))
        .set_rollout_state(there(2).then_some(DeploymentRolloutState::Completed))
        .desired_count(1)
        .running_count(i32::from(there(3)));
    let task = Task::builder()
        .set_task_definition_arn(text(4, "td:2"))
        .set_last_status(text(5, "RUNNING"));
    let target = Target {
        id: "10.0.0.7".to_owned(),
        port: 8080,
    };
    let target = TargetHealth {
        target,
        state: text(6, "healthy").unwrap_or_default(),
        reason: String::new(),
    };
    Rollout {
        deployments: vec![deployment.build()],
        events: Vec::new(),
        running: vec![task.build()],
        stopped: vec![Task::builder().build()],
        targets: if there(7) { vec![target] } else { Vec::new() },
    }
}
