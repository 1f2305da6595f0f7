//! What ECS and ELBv2 leave out of an answer never makes a deployment steady.

use crate::tally::Tally;
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState, Service, Task};
use deploy::decide::{RolloutStatus, ServiceUpdate, rollout_status, service_update};
use deploy::rollout::{Expected, Rollout};
use shared::Digest;

/// Fields that can be absent.
const FIELDS: u32 = 8;

/// Every combination of fields that are there; only all of them together are steady.
pub fn answers_in_part(tally: &Tally) {
    let (all, digest) = ((1 << FIELDS) - 1, Digest::from("sha256:new"));
    for there in 0..=all {
        tally.check(&format!("fields {there:08b}"), || {
            let found = rollout(|field| there & (1 << field) != 0);
            let status = rollout_status(&found, &expected(&digest));
            let steady = matches!(status, RolloutStatus::Steady(_));
            assert_eq!(steady, there == all, "{found:?}");
        });
    }
    tally.check(&"empty services", || {
        let empty = || Service::builder().build();
        let decided = service_update(&empty(), &empty(), "td:2");
        assert_eq!(decided, ServiceUpdate::Needed { desired: 0 });
    });
}

fn expected(digest: &Digest) -> Expected<'_> {
    Expected {
        deployment: "ours",
        task_definition: "td:2",
        digest,
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
    let state = text(6, "healthy").unwrap_or_default();
    let target = fixtures::target_health("10.0.0.7", &state);
    Rollout {
        containers: Vec::new(),
        deployments: vec![deployment.build()],
        events: Vec::new(),
        running: vec![task.build()],
        stopped: vec![Task::builder().build()],
        targets: if there(7) { vec![target] } else { Vec::new() },
    }
}
