//! A wiring that leaves no flip back is refused, and released once it is wired as the remedy says.

use super::operator::Operator;
use crate::rules;
use crate::stage::FIRST;
use anyhow::Result;
use serde_json::json;
use shared::PerEnvironment;

const BUILD: &str = "v1.1.0";

/// The remedy of the two that needs no further listener.
const BOTH: PerEnvironment<i32> = PerEnvironment {
    blue: 100,
    green: 0,
};

pub(super) async fn run(operator: &mut Operator<'_>) -> Result<()> {
    let (stage, show) = (operator.stage, operator.show);
    show.say("blue has no listener of its own: after a flip to green it would be on no rule");
    operator.push(BUILD).await?;
    let release = json!({"tag": BUILD});
    let end = operator.request(&release).await?;
    let expected = "the release is refused, with the remedy";
    operator.failed(expected, &end, "ReleaseRefused", "way-back-shut");
    operator.untouched(&end);
    show.say("writing one forward of both groups into each rule: 100 for blue, 0 for green");
    rules::write_rules(stage, rules::weighted(stage, BOTH)?).await?;
    let end = operator.request(&release).await?;
    operator.succeeded("now it is released", &end, "released");
    operator.answers("v1.1.0 answers customers", BUILD).await;
    let rollback = json!({"action": "rollback", "reason": "just to see"});
    let end = operator.request(&rollback).await?;
    operator.succeeded("and flipped back", &end, "rolled back");
    operator.answers("v1.0.0 answers customers", FIRST).await;
    operator.nobody_noticed();
    Ok(())
}
