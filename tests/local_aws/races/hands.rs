//! Hands that move the rules or take capacity away during a release: noticed, explained, never fought (I1, I2, I4).

use crate::common::{
    UNHURRIED, forward, go_off, held, hold, let_go, live, local, on_a_stage, push, release, result,
    settled, write_rules,
};
use anyhow::Result;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum, FixedResponseActionConfig};
use record::Phase;
use rehearsal::follow::Follow;
use rehearsal::metrics::publish_errors;
use rehearsal::proxy::{Fault, Kind, Target, places};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use shared::Environment::{Blue, Green};
use std::sync::Arc;

/// A release up to its watch.
async fn watching(stage: &Stage) -> Result<Follow<'_>> {
    let mut follow = push(stage, "v1.1.0").await?;
    follow.wait("Watch").await?;
    Ok(follow)
}

/// Given a release in its watch
/// When IaC writes the rules as they were before
/// Then the release ends with that reason, and nobody writes the rules again.
#[test]
fn rules_that_iac_wrote_as_before_are_left_there() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let follow = watching(&stage).await?;
        write_rules(&stage, forward(&stage, Blue)?).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        assert!(end.cause.contains("forward to blue"), "{end:?}");
        settled(&stage, Blue).await?;
        assert_eq!(live(&stage).await?, "v1.0.0");
        Ok(())
    });
}

/// Given a release in its watch
/// When somebody puts a maintenance page on the rules
/// Then the page stays, the release fails and names what it found, and a page asks for a person.
#[test]
fn a_maintenance_page_is_not_fought() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let follow = watching(&stage).await?;
        let page = FixedResponseActionConfig::builder()
            .status_code("503")
            .build();
        let action = Action::builder().r#type(ActionTypeEnum::FixedResponse);
        write_rules(&stage, action.fixed_response_config(page).build()).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "RollbackRefused", "{end:?}");
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
        let page = stage.inbox.pages.wait(|_| true).await?;
        assert!(page.message.contains("neither blue nor green"), "{page:?}");
        Ok(())
    });
}

/// Given a release in its watch, whose previous environment has lost all of its tasks since the flip
/// When the release goes bad, and an alarm goes off
/// Then nobody moves traffic to where nothing answers: an error, a page, and the cause.
#[test]
fn traffic_is_never_flipped_back_to_an_environment_without_a_healthy_target() {
    on_a_stage(&[UNHURRIED], async |stage: Arc<Stage>| {
        let follow = watching(&stage).await?;
        stage.scale(Blue, 0).await?;
        let alarm = go_off(&stage, Green).await?;
        assert_eq!(
            alarm, "FlipBackRefused",
            "so that CloudWatch's event is kept"
        );
        publish_errors(&stage, Green).await?;
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "RollbackRefused", "{end:?}");
        assert!(end.cause.contains("blue has no healthy target"), "{end:?}");
        let state = State::read(&stage).await?;
        assert_eq!((state.active, state.record.holder), (Ok(Green), None));
        assert_eq!(live(&stage).await?, "v1.1.0");
        let page = stage.inbox.pages.wait(|_| true).await?;
        assert!(page.message.contains("no healthy target"), "{page:?}");
        // Once the previous environment runs again, the standing rollback works again.
        stage.scale(Blue, 2).await?;
        assert_eq!(go_off(&stage, Green).await?, "flipped-back");
        settled(&stage, Blue).await?;
        Ok(())
    });
}

/// Given a release that has passed its smoke test
/// When its new environment loses one of two tasks just before the flip, as to autoscaling
/// Then no rule is written until the release has it back and both are healthy, and the figures say so.
#[test]
fn traffic_is_flipped_only_once_as_many_targets_are_healthy_as_wanted() {
    on_a_stage(&[("DeployTimeoutSeconds", "160")], async |stage| {
        hold(&stage, "Flip", 0, "DescribeTargetHealth", 0);
        let follow = push(&stage, "v1.1.0").await?;
        held(&stage).await?;
        stage.scale(Green, 1).await?;
        let_go(&stage);
        let end = follow.quiet_end().await?;
        assert_eq!(result(&end), "released", "{end:?}");
        assert!(end.entered("Wait for targets"), "{end:?}");
        let calls = places(&local().proxy.calls(&stage.aws.account));
        let early = calls
            .iter()
            .filter(|it| it.function == "Flip" && it.invocation == 0);
        let written = early.filter(|it| it.operation == "ModifyRule").count();
        assert_eq!(written, 0, "before both targets were healthy");
        let targets = &end.output["flip"]["targets"];
        assert_eq!([&targets["healthy"], &targets["wanted"]], [2, 2]);
        settled(&stage, Green).await?;
        Ok(())
    });
}

/// Given two rules that are flipped together
/// When the write of the second one is refused
/// Then the first one is flipped back, and the release fails with both where they were; the previous environment's
/// capacity is what it was.
#[test]
fn a_flip_that_fails_halfway_is_flipped_back_whole() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
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
        let end = release(&stage, "v1.1.0").await?;
        assert!(local().proxy.struck(&stage.aws.account));
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
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
            "the first, the refused second, and the first flipped back"
        );
        let last = flips.map(|it| it.invocation).max();
        assert_eq!(last, Some(1), "the flip back need not wait for a lease");
        assert_eq!(stage.desired(Blue).await?, desired);
        Ok(())
    });
}
