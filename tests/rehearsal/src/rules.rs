//! Writes the rules as a person or a tool of theirs does.

use crate::stage::Stage;
use anyhow::Result;
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroupTuple,
};
use shared::{Environment, PerEnvironment};

/// Writes an action into every rule.
///
/// # Errors
/// AWS does not take it.
pub async fn write_rules(stage: &Stage, action: Action) -> Result<()> {
    for rule in stage.rules() {
        let call = stage.aws.elb().modify_rule().rule_arn(rule);
        call.actions(action.clone()).send().await?;
    }
    Ok(())
}

/// The action that forwards everything to an environment.
///
/// # Errors
/// An output of the environment is missing.
pub fn forward(stage: &Stage, to: Environment) -> Result<Action> {
    let groups = stage.target_groups()?;
    let action = Action::builder().r#type(ActionTypeEnum::Forward);
    Ok(action.target_group_arn(groups.get(to)).build())
}

/// The action that forwards to both environments, by their weights.
///
/// # Errors
/// An output of the environment is missing.
pub fn weighted(stage: &Stage, weights: PerEnvironment<i32>) -> Result<Action> {
    let groups = stage.target_groups()?;
    let groups = Environment::BOTH.map(|environment| {
        let group = TargetGroupTuple::builder().target_group_arn(groups.get(environment));
        group.weight(*weights.get(environment)).build()
    });
    let config = ForwardActionConfig::builder().set_target_groups(Some(groups.into()));
    let action = Action::builder().r#type(ActionTypeEnum::Forward);
    Ok(action.forward_config(config.build()).build())
}
