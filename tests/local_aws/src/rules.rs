//! Hands on the rules, as Terraform, CloudFormation or a person would lay them there.

use anyhow::Result;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use rehearsal::stage::Stage;
use shared::Environment;

/// Writes an action into every rule.
pub async fn write_rules(stage: &Stage, action: Action) -> Result<()> {
    for rule in stage.rules() {
        let call = stage.aws.elb().modify_rule().rule_arn(rule);
        call.actions(action.clone()).send().await?;
    }
    Ok(())
}

/// The action that forwards everything to an environment.
pub fn forward(stage: &Stage, to: Environment) -> Result<Action> {
    let groups = stage.target_groups()?;
    let action = Action::builder().r#type(ActionTypeEnum::Forward);
    Ok(action.target_group_arn(groups.get(to)).build())
}
