//! The rules of the service, and who writes them by hand as a person or a tool of theirs does.

use crate::stage::Stage;
use anyhow::{Context, Result};
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
        write_rule(stage, rule, action.clone()).await?;
    }
    Ok(())
}

/// Writes an action into one rule, or into a listener as its default action.
///
/// # Errors
/// AWS does not take it.
pub async fn write_rule(stage: &Stage, arn: &str, action: Action) -> Result<()> {
    let elb = stage.aws.elb();
    if is_listener(arn) {
        let call = elb.modify_listener().listener_arn(arn);
        call.default_actions(action).send().await?;
    } else {
        let call = elb.modify_rule().rule_arn(arn);
        call.actions(action).send().await?;
    }
    Ok(())
}

/// Whether an ARN is a listener's, whose default action is flipped.
pub(crate) fn is_listener(arn: &str) -> bool {
    arn.contains(":listener/")
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

impl Stage {
    /// The rules that are flipped together.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        let arns = self.environment.get("ListenerRuleArns");
        arns.map_or("", String::as_str).split(',')
    }

    /// The actions of each of them, as ELBv2 shows them.
    ///
    /// # Errors
    /// AWS does not answer, or a rule is gone.
    pub async fn actions(&self) -> Result<Vec<Vec<Action>>> {
        let (elb, mut actions) = (self.aws.elb(), Vec::new());
        for arn in self.rules() {
            let found = if is_listener(arn) {
                let call = elb.describe_listeners().listener_arns(arn);
                let listeners = call.send().await?.listeners;
                listeners.and_then(|it| it.into_iter().next()?.default_actions)
            } else {
                let call = elb.describe_rules().rule_arns(arn);
                let rules = call.send().await?.rules;
                rules.and_then(|it| it.into_iter().next()?.actions)
            };
            actions.push(found.with_context(|| format!("no actions of {arn}"))?);
        }
        Ok(actions)
    }

    /// The ARNs of both target groups.
    ///
    /// # Errors
    /// An output of the environment is missing.
    pub fn target_groups(&self) -> Result<PerEnvironment<String>> {
        let arn = |name: &str| {
            let arn = self.environment.get(name);
            arn.cloned().with_context(|| format!("no output {name}"))
        };
        Ok(PerEnvironment {
            blue: arn("BlueTargetGroupArn")?,
            green: arn("GreenTargetGroupArn")?,
        })
    }
}
