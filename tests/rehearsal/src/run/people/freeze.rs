//! A service that is frozen: what is held back, what is refused, and what goes through all the same.

use super::words::{BUILD, decided, status};
use crate::follow::Follow;
use crate::relay;
use crate::run::operator::Operator;
use crate::stage::FIRST;
use anyhow::Result;
use serde_json::json;

const NEXT: &str = "v1.2.0";

pub(super) async fn run(operator: &mut Operator<'_>) -> Result<()> {
    let freeze = json!({"action": "freeze", "by": "ada", "reason": "the sale begins at noon"});
    decided(operator, &freeze, "frozen").await?;
    urgent(operator).await?;
    held_back(operator).await?;
    status(operator, &["the sale begins at noon", NEXT]).await?;
    let unfreeze = json!({"action": "unfreeze", "by": "ada", "reason": "the sale is over"});
    let end = decided(operator, &unfreeze, "unfrozen").await?;
    let found = end.output.to_string();
    let expected = "the end of the freeze names what was held back";
    operator
        .report
        .check(expected, found.contains(NEXT), &found);
    let end = operator.request(&json!({ "tag": NEXT })).await?;
    operator.succeeded("v1.2.0 is released on request", &end, "released");
    operator.answers("v1.2.0 answers at the end", NEXT).await;
    Ok(())
}

/// A request is refused, unless it says why it cannot wait; a rollback is not.
async fn urgent(operator: &mut Operator<'_>) -> Result<()> {
    operator.push(BUILD).await?;
    let end = operator.request(&json!({ "tag": BUILD })).await?;
    let expected = "a request is refused, with the reason";
    operator.failed(expected, &end, "ReleaseRefused", "the sale begins at noon");
    let urgent = json!({"tag": BUILD, "override": "it mends the checkout"});
    let end = operator.request(&urgent).await?;
    operator.succeeded("with an override it is released", &end, "released");
    operator.answers("v1.1.0 answers customers", BUILD).await;
    let rollback = json!({"action": "rollback", "reason": "it does not"});
    let end = operator.request(&rollback).await?;
    operator.succeeded("a rollback works as ever", &end, "rolled back");
    operator.answers("v1.0.0 answers customers", FIRST).await;
    Ok(())
}

/// A push ends, and nothing is deployed.
async fn held_back(operator: &mut Operator<'_>) -> Result<()> {
    let stage = operator.stage;
    operator.show.say(&format!("pushing {NEXT}"));
    let follow = Follow::new(stage, relay::push(stage, NEXT).await?);
    let end = operator.end("a push of v1.2.0", follow).await?;
    operator.succeeded("a push is held back", &end, "held back");
    operator.untouched(&end);
    Ok(())
}
