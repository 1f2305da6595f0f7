//! How flip learns of an execution that ended without its own end: by the event of that end, which the local AWS delivers
//! by itself, and by a schedule. A story switches them off, or does not wait until the schedule is due.

use super::permission;
use crate::aws::events::{self, Rule};
use crate::aws::lambda::{self, Invocation};
use crate::stage::Stage;
use anyhow::{Context, Result, bail, ensure};

/// The rule for the event, by its name in `template.yaml`.
const EVENT: &str = "ExecutionStopped";

/// The schedule's.
const SCHEDULE: &str = "StoppedSchedule";

/// From now on neither the event nor the schedule comes by itself, as if EventBridge had lost them.
///
/// # Errors
/// The stack has no such rules, or EventBridge does not answer.
pub async fn lose_events(stage: &Stage) -> Result<()> {
    for name in [EVENT, SCHEDULE] {
        let rule = deployed(stage, name).await?;
        events::disable(&stage.aws, &rule.name).await?;
    }
    Ok(())
}

/// Invokes flip as the schedule does when it is due: with the constant input of the rule's target, if flip's policy lets
/// this rule.
///
/// # Errors
/// The rule has another form, or Lambda does not admit it.
pub async fn tick(stage: &Stage) -> Result<Invocation> {
    let rule = deployed(stage, SCHEDULE).await?;
    ensure!(rule.schedule_expression.is_some(), "no schedule: {rule:?}");
    let targets = events::targets(&stage.aws, &rule.name).await?;
    let [target] = targets.as_slice() else {
        bail!("expected one target of {SCHEDULE}, found {targets:?}")
    };
    let policy = lambda::policy(&stage.aws, &target.arn).await?;
    let admitted = permission::admits(&policy, &target.arn, &rule.arn)?;
    ensure!(admitted, "{} does not admit {}", target.arn, rule.arn);
    let input = target.input.as_deref().context("no constant input")?;
    lambda::invoke(&stage.aws, &target.arn, &serde_json::from_str(input)?).await
}

async fn deployed(stage: &Stage, name: &str) -> Result<Rule> {
    let id = stage.deployed.ids.get(name);
    let id = id.with_context(|| format!("the stack has no rule {name}"))?;
    events::rule(&stage.aws, id).await
}
