//! As long as a rollout goes on, the service alone says how far it is; whatever speaks of trouble is looked into.

use super::{deployment, expected};
use crate::decide::rollout_goes_on;
use aws_sdk_ecs::primitives::DateTime;
use aws_sdk_ecs::types::{Deployment, DeploymentRolloutState};
use shared::Time;

/// Our deployment, which has begun at second 1,000, while another one's last task ends.
fn going_on() -> [Deployment; 2] {
    let state = DeploymentRolloutState::InProgress;
    let mut ours = deployment("ours", "PRIMARY", state.clone());
    ours.created_at = Some(DateTime::from_secs(1000));
    let mut other = deployment("other", "ACTIVE", state);
    other.running_count = 0;
    [ours, other]
}

/// What is said after so many seconds.
fn check_after(seconds: i64, change: impl Fn(&mut [Deployment; 2]), expect: Option<&str>) {
    let mut deployments = going_on();
    change(&mut deployments);
    let now = Time::from_timestamp(1000 + seconds, 0).expect("a time");
    let digest = "sha256:new".into();
    let found = rollout_goes_on(&deployments, &expected(&digest, 2), now);
    assert_eq!(found.as_deref(), expect);
}

fn check(change: impl Fn(&mut [Deployment; 2]), expect: Option<&str>) {
    check_after(30, change, expect);
}

#[test]
fn the_service_alone_says_how_many_tasks_run_and_what_still_does() {
    check(|_| {}, Some("rollout IN_PROGRESS"));
    check(|it| it[0].running_count = 0, Some("0 of 2 tasks running"));
    check(
        |it| it[1].running_count = 3,
        Some("3 tasks of another revision still running"),
    );
}

#[test]
fn what_is_completed_or_speaks_of_trouble_is_looked_into() {
    let completed = Some(DeploymentRolloutState::Completed);
    check(|it| it[0].rollout_state = completed.clone(), None);
    let failed = Some(DeploymentRolloutState::Failed);
    check(|it| it[0].rollout_state = failed.clone(), None);
    check(|it| it[0].rollout_state = None, None);
    check(|it| it[0].failed_tasks = 1, None);
    check(|it| it[0].status = Some("ACTIVE".to_owned()), None);
    check(|it| it[0].id = Some("theirs".to_owned()), None);
}

#[test]
fn a_rollout_that_lacks_tasks_for_minutes_is_looked_into() {
    let lacks = |it: &mut [Deployment; 2]| it[0].running_count = 1;
    check_after(180, lacks, Some("1 of 2 tasks running"));
    check_after(181, lacks, None);
    // Old tasks may drain for longer.
    check_after(3600, |_| {}, Some("rollout IN_PROGRESS"));
    let unknown = |it: &mut [Deployment; 2]| {
        lacks(it);
        it[0].created_at = None;
    };
    check_after(181, unknown, Some("1 of 2 tasks running"));
}
