//! Hands that move the rules or take capacity away during a release: noticed, explained, never fought (I1, I2, I4).

use crate::world::goes_off;
use crate::world::{live, push, settled, word};
use anyhow::Result;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum, FixedResponseActionConfig};
use boundary_tests::{local, on_the_local_aws, stage};
use rehearsal::follow::Follow;
use rehearsal::metrics::publish_errors;
use rehearsal::proxy::{Fault, Kind, Target, places};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::{self, Blue, Green};
use shared::record::Phase;
use std::sync::Arc;

/// Writes all rules, as Terraform or CloudFormation would.
async fn write_rules(stage: &Stage, action: Action) -> Result<()> {
    for rule in stage.rules() {
        let call = stage.aws.elb().modify_rule().rule_arn(rule);
        call.actions(action.clone()).send().await?;
    }
    Ok(())
}

fn forward(stage: &Stage, to: Environment) -> Result<Action> {
    let groups = stage.target_groups()?;
    let action = Action::builder().r#type(ActionTypeEnum::Forward);
    Ok(action.target_group_arn(groups.get(to)).build())
}

/// A release up to its watch.
async fn watching(stage: &Stage) -> Result<Follow<'_>> {
    let mut follow = push(stage, "v1.1.0").await?;
    follow.wait("Watch").await?;
    Ok(follow)
}

/// Given a release in its watch
/// When IaC puts the rules back to the old side
/// Then the release ends saying so, and nobody moves the rules again.
#[test]
fn rules_that_iac_moved_back_are_left_there() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let follow = watching(&stage).await?;
        write_rules(&stage, forward(&stage, Blue)?).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(word(&end), "ReleaseRolledBack", "{end:?}");
        assert!(end.cause.contains("forward to blue"), "{end:?}");
        settled(&stage, Blue).await?;
        assert_eq!(live(&stage).await?, "v1.0.0");
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}

/// Given a release in its watch
/// When somebody puts a maintenance page on the rules
/// Then the page stays, the release fails telling what it found, and a notice asks for a person.
#[test]
fn a_maintenance_page_is_not_fought() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let follow = watching(&stage).await?;
        let page = FixedResponseActionConfig::builder()
            .status_code("503")
            .build();
        let action = Action::builder().r#type(ActionTypeEnum::FixedResponse);
        write_rules(&stage, action.fixed_response_config(page).build()).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(word(&end), "RollbackRefused", "{end:?}");
        assert!(
            end.cause.contains("forwards to neither blue nor green"),
            "{end:?}"
        );
        let state = State::read(&stage).await?;
        let pages = state.rules.iter().flat_map(|rule| rule.actions());
        assert!(
            pages.clone().all(|it| it.fixed_response_config().is_some()),
            "{:?}",
            state.rules
        );
        assert_eq!(state.record.holder, None);
        let notice = stage
            .inbox
            .wait(|it| it.subject.contains("TRAFFIC WAS NOT RETURNED"))
            .await?;
        assert!(
            notice.message.contains("neither blue nor green"),
            "{notice:?}"
        );
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}

/// Given a release in its watch, whose old side has lost all of its tasks since the flip
/// When the release goes bad, and an alarm goes off
/// Then nobody moves traffic to where nothing answers: an error, a notice, and the cause.
#[test]
fn traffic_never_goes_back_to_a_side_without_a_healthy_target() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let follow = watching(&stage).await?;
        stage.scale(Blue, 0).await?;
        let alarm = goes_off(&stage, Green).await?;
        assert_eq!(
            alarm, "FlipBackRefused",
            "so that CloudWatch's event is kept"
        );
        publish_errors(&stage, Green).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(word(&end), "RollbackRefused", "{end:?}");
        assert!(end.cause.contains("blue has no healthy target"), "{end:?}");
        let state = State::read(&stage).await?;
        assert_eq!((state.active, state.record.holder), (Ok(Green), None));
        assert_eq!(live(&stage).await?, "v1.1.0");
        let notice = stage
            .inbox
            .wait(|it| it.subject.contains("TRAFFIC WAS NOT RETURNED"))
            .await?;
        assert!(notice.message.contains("no healthy target"), "{notice:?}");
        // Once the old side is back, the standing rollback works again.
        stage.scale(Blue, 2).await?;
        assert_eq!(goes_off(&stage, Green).await?, "flipped-back");
        settled(&stage, Blue).await?;
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}

/// Given two rules that are flipped together
/// When the write of the second one is refused
/// Then the first one is returned, and the release fails with both where they were; the old side's capacity is what
/// it was.
#[test]
fn a_flip_that_fails_halfway_is_returned_whole() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let desired = stage.desired(Blue).await?;
        let target = Target {
            function: "Flip".to_owned(),
            invocation: 0,
            call: 1,
            operation: "ModifyRule".to_owned(),
        };
        let fault = Fault {
            target,
            kind: Kind::Refused,
        };
        local().proxy.record(&stage.aws.account, Some(fault));
        let end = push(&stage, "v1.1.0").await?.quiet_end().await?;
        assert!(local().proxy.struck(&stage.aws.account));
        assert_eq!(word(&end), "ReleaseRolledBack", "{end:?}");
        assert!(end.cause.contains("AccessDenied"), "{end:?}");
        let state = settled(&stage, Blue).await?;
        assert_eq!(
            state.record.release.map(|it| it.phase),
            Some(Phase::RolledBack)
        );
        let calls = places(&local().proxy.calls(&stage.aws.account));
        let flips = calls.iter().filter(|it| it.function == "Flip");
        let writes = flips.clone().filter(|it| it.operation == "ModifyRule");
        assert_eq!(
            writes.count(),
            3,
            "the first, the refused second, and the first returned"
        );
        let last = flips.map(|it| it.invocation).max();
        assert_eq!(last, Some(1), "the flip back need not wait for a lease");
        assert_eq!(stage.desired(Blue).await?, desired);
        Ok(())
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}
