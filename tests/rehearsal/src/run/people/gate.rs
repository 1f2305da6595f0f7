//! The gate before the flip: approved with the input that stands in its notice, and rejected.

use super::words::{BUILD, pushed, status};
use crate::follow::{End, Follow};
use crate::notices::Event;
use crate::run::operator::Operator;
use crate::typed::typed;
use anyhow::Result;

/// Where a release waits.
const WAITS: &str = "Wait for approval";

const NEXT: &str = "v1.2.0";

pub(super) async fn run(operator: &mut Operator<'_>) -> Result<()> {
    let release = pushed(operator, BUILD, WAITS).await?;
    operator.nobody_has(BUILD);
    status(operator, &["approve", "flip"]).await?;
    let (approved, end) = answered(operator, BUILD, release, "approve").await?;
    operator.succeeded("the approval is taken", &approved, "approved");
    operator.succeeded("v1.1.0 is released then", &end, "released");
    operator.answers("v1.1.0 answers customers", BUILD).await;
    let release = pushed(operator, NEXT, WAITS).await?;
    let (rejected, end) = answered(operator, NEXT, release, "reject").await?;
    operator.succeeded("the rejection is taken", &rejected, "rejected");
    let expected = "v1.2.0 is not released";
    operator.failed(expected, &end, "ApprovalRejected", "");
    operator.nobody_has(NEXT);
    operator.answers("v1.1.0 answers at the end", BUILD).await;
    Ok(())
}

/// Copies an input from the notice of a gate and sends it; the ends of that and of the release.
async fn answered(
    operator: &mut Operator<'_>,
    build: &str,
    release: Follow<'_>,
    action: &str,
) -> Result<(End, End)> {
    let waits = |it: &Event| it.what() == "awaits-approval" && it.is_of(release.execution());
    let event = operator.stage.inbox.events.wait(waits).await?;
    let show = operator.show;
    show.say(&format!("the notice says: {}", event.text("title")));
    show.texts(&[event.text("text").to_owned()]);
    let ask = &event.detail["ask"];
    for input in [&ask["approve"], &ask["reject"]] {
        show.line(&format!("  {}", typed(input)));
    }
    let answer = operator.request(&ask[action]).await?;
    let end = operator.end(&format!("a push of {build}"), release).await?;
    Ok((answer, end))
}
