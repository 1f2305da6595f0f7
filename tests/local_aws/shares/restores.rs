//! What a release in steps makes of forwards of every shape, and what is left of it afterwards (I4, I7).

use super::SHORT;
use super::alarms::at;
use crate::common::{
    TIMING, execute, forward, go_off, hold_events, on_the_local_aws, release, result, settled,
    stage_from, write_rule,
};
use anyhow::{Context, Result};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupStickinessConfig, TargetGroupTuple,
};
use rehearsal::scenario::Scenario;
use rehearsal::stage::{Setup, Stage};
use serde_json::json;
use shared::Environment::{self, Blue, Green};
use shared::PerEnvironment;

/// A forward of both groups with all of the traffic for blue, blue first or last; its stickiness is off, and has seconds.
fn weighted(stage: &Stage, order: [Environment; 2]) -> Result<Action> {
    let groups = stage.target_groups()?;
    let tuples = order.map(|environment| {
        let weight = match environment {
            Blue => 100,
            Green => 0,
        };
        let tuple = TargetGroupTuple::builder().target_group_arn(groups.get(environment));
        tuple.weight(weight).build()
    });
    let sticky = TargetGroupStickinessConfig::builder().enabled(false);
    let config = ForwardActionConfig::builder().set_target_groups(Some(tuples.into()));
    let config = config.target_group_stickiness_config(sticky.duration_seconds(60).build());
    let action = Action::builder().r#type(ActionTypeEnum::Forward);
    Ok(action.forward_config(config.build()).build())
}

/// Two rules, a listener and its rule: one group, both groups in either order, and the last like the first.
async fn write_shapes(stage: &Stage) -> Result<()> {
    let shapes = [
        forward(stage, Blue)?,
        weighted(stage, [Blue, Green])?,
        weighted(stage, [Green, Blue])?,
        forward(stage, Blue)?,
    ];
    for (rule, shape) in stage.rules().zip(shapes) {
        write_rule(stage, rule, shape).await?;
    }
    Ok(())
}

/// What is in a rule: its single group, what it says of stickiness, and what each group gets.
type Shape = (
    Option<Environment>,
    Option<TargetGroupStickinessConfig>,
    PerEnvironment<Option<i32>>,
);

/// The shapes of all rules.
fn shapes(stage: &Stage, actions: &[Vec<Action>]) -> Result<Vec<Shape>> {
    let groups = stage.target_groups()?;
    let shape = |actions: &Vec<Action>| {
        let action = actions.first().context("no action")?;
        let config = action.forward_config().context("no forward")?;
        let weight = |environment| {
            let arn: &String = groups.get(environment);
            let mut tuples = config.target_groups().iter();
            let tuple = tuples.find(|it| it.target_group_arn() == Some(arn));
            tuple.and_then(TargetGroupTuple::weight)
        };
        let single = action.target_group_arn();
        let single = single.and_then(|arn| groups.find(|group| group == arn));
        let weights = PerEnvironment {
            blue: weight(Blue),
            green: weight(Green),
        };
        Ok((
            single,
            config.target_group_stickiness_config.clone(),
            weights,
        ))
    };
    actions.iter().map(shape).collect()
}

/// The same with the environments exchanged.
fn exchanged(shapes: Vec<Shape>) -> Vec<Shape> {
    let exchange = |(single, sticky, weights): Shape| {
        let weights = PerEnvironment {
            blue: weights.green,
            green: weights.blue,
        };
        (single.map(Environment::other), sticky, weights)
    };
    shapes.into_iter().map(exchange).collect()
}

/// Given two rules and a listener with a rule, whose forwards have one group, or both in either order
/// When a release in steps ends well
/// Then each has the shape that it had, with the environments exchanged.
/// When the next ones are flipped back at their first step, by an alarm and by an operator
/// Then each is what it was before them, to the letter.
#[test]
fn every_forward_gets_its_own_shape_again() {
    let real = Scenario::RealStack.changes();
    let setup = Setup {
        parameters: &SHORT,
        changes: &real,
        ..Setup::usual(TIMING)
    };
    let story = async || -> Result<()> {
        let stage = stage_from(setup).await;
        write_shapes(&stage).await?;
        let before = settled(&stage, Blue).await?;
        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let after = settled(&stage, Green).await?;
        let expect = exchanged(shapes(&stage, &before.actions)?);
        assert_eq!(shapes(&stage, &after.actions)?, expect);

        let by_alarm = at(&stage, "v1.2.0", 10, "10:600,100:1").await?;
        assert_eq!(go_off(&stage, Blue).await?, "flipped-back");
        let end = by_alarm.quiet_end().await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        assert_eq!(settled(&stage, Green).await?.actions, after.actions);

        let by_operator = at(&stage, "v1.3.0", 10, "10:600,100:1").await?;
        let end = execute(&stage, json!({"action": "rollback"})).await?;
        assert_eq!(result(&end), "rolled back", "{end:?}");
        let end = by_operator.quiet_end().await?;
        assert_eq!(result(&end), "ReleaseRolledBack", "{end:?}");
        assert_eq!(settled(&stage, Green).await?.actions, after.actions);
        hold_events(&stage).await
    };
    on_the_local_aws(story()).expect("a story");
}
