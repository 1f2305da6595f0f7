//! What drifts after a release: found by a preview, reported or synced by the schedule.

use super::found::{findings, holds};
use crate::common::{execute, forward, on_a_stage, preview, put, release, result, write_rules};
use anyhow::{Context, Result, ensure};
use aws_sdk_ecr::types::ImageIdentifier;
use rehearsal::aws::events::{rules, targets};
use rehearsal::stage::{REPOSITORY, Stage};
use serde_json::{Value, json};
use shared::Environment::Blue;
use std::sync::Arc;

/// Given a release that ended well
/// When the previous environment loses a task and its image, somebody deploys there, another role appears, and the
/// rules are written by hand
/// Then each is found, and a notice reports the drift.
#[test]
fn what_drifts_after_a_release_is_found() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let clean = execute(&stage, json!({"action": "report-drift"})).await?;
        assert_eq!(result(&clean), "nothing to release", "{clean:?}");
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let digest = put(&stage, "v1.0.0").await?;
        stage.scale(Blue, 1).await?;
        lose_image(&stage, digest).await?;
        put(&stage, "v1.2.0").await?;
        let request = json!({"tag": "v1.2.0"});
        let found = findings(&preview(&stage, request.clone()).await?);
        let lost = [("lost-capacity", "warning"), ("image-gone", "warning")];
        holds(&found, &lost);

        deploy_by_hand(&stage).await?;
        write_rules(&stage, forward(&stage, Blue)?).await?;
        let found = findings(&preview(&stage, request).await?);
        let moved = [
            ("rule-moved", "warning"),
            ("role-not-passable", "refusal"),
            ("idle-drifted", "warning"),
        ];
        holds(&found, &moved);
        let end = execute(&stage, json!({"action": "report-drift"})).await?;
        assert_eq!(result(&end), "drifted", "{end:?}");
        let drifted = "environments have drifted";
        let inbox = &stage.inbox;
        inbox.wait(|it| it.title().ends_with(drifted)).await?;
        Ok(())
    });
}

/// Given a stack whose schedule syncs, and a release
/// When the schedule's time comes
/// Then what its rule gives to the machine is a sync, where something has drifted.
#[test]
fn the_schedule_requests_what_its_parameter_says() {
    let daily = [("DriftSchedule", "rate(1 day)"), ("DriftAction", "sync")];
    on_a_stage(&daily, async |stage: Arc<Stage>| {
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let input = scheduled(&stage).await?;
        let end = execute(&stage, input.clone()).await?;
        let nothing = "nothing to release";
        assert_eq!(result(&end), nothing, "nothing has drifted: {end:?}");
        stage.scale(Blue, 1).await?;
        let end = execute(&stage, input).await?;
        assert_eq!(result(&end), "synced", "{end:?}");
        Ok(())
    });
}

/// What the schedule's rule gives to the state machine.
async fn scheduled(stage: &Stage) -> Result<Value> {
    let mut rules = rules(&stage.aws).await?.into_iter();
    let daily = |expression: &String| expression == "rate(1 day)";
    let rule = rules.find(|rule| rule.schedule_expression.as_ref().is_some_and(daily));
    let rule = rule.context("no rule")?;
    let targets = targets(&stage.aws, &rule.name).await?;
    ensure!(targets.len() == 1, "expected one target: {}", targets.len());
    assert_eq!(targets[0].arn, stage.output("StateMachineArn")?);
    let input = targets[0].input.as_deref().context("no input")?;
    Ok(serde_json::from_str(input)?)
}

/// ECR loses an image.
async fn lose_image(stage: &Stage, digest: String) -> Result<()> {
    let image = ImageIdentifier::builder().image_digest(digest).build();
    let call = stage.aws.ecr().batch_delete_image();
    let call = call.repository_name(REPOSITORY).image_ids(image);
    call.send().await?;
    Ok(())
}

/// Somebody deploys to blue by hand, with a role that nobody may pass.
async fn deploy_by_hand(stage: &Stage) -> Result<()> {
    let revision = another_role(stage).await?;
    let call = stage.aws.ecs().update_service().cluster("shop-env-blue");
    let call = call.service("api").task_definition(revision);
    call.send().await?;
    Ok(())
}

/// The live revision with a role that nobody may pass.
async fn another_role(stage: &Stage) -> Result<String> {
    let [blue, _] = stage.services().await?;
    let ecs = stage.aws.ecs();
    let call = ecs
        .describe_task_definition()
        .task_definition(blue.task_definition);
    let live = call.send().await?.task_definition.context("no revision")?;
    let call = ecs.register_task_definition().set_family(live.family);
    let call = call
        .task_role_arn("arn:aws:iam::123456789012:role/other")
        .set_network_mode(live.network_mode);
    let call = call
        .set_requires_compatibilities(live.requires_compatibilities)
        .set_cpu(live.cpu)
        .set_memory(live.memory);
    let output = call
        .set_container_definitions(live.container_definitions)
        .send()
        .await?;
    let definition = output.task_definition.context("no revision")?;
    definition.task_definition_arn.context("no ARN")
}
