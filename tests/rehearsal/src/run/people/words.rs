//! What all of these stories do: push, say something, ask for the status.

use crate::follow::{End, Follow};
use crate::metrics::publish_hour;
use crate::relay;
use crate::run::operator::Operator;
use anyhow::Result;
use serde_json::{Value, json};
use shared::Environment::Blue;

pub(super) const BUILD: &str = "v1.1.0";

/// About what the customers here send in a minute.
const USUAL: u64 = 2_500;

/// Pushes a build, whose release is followed up to a state.
pub(super) async fn pushed<'a>(
    operator: &Operator<'a>,
    build: &str,
    state: &str,
) -> Result<Follow<'a>> {
    let (stage, show) = (operator.stage, operator.show);
    show.say(&format!("pushing {build}"));
    let mut follow = Follow::new(stage, relay::push(stage, build).await?);
    let traffic = &operator.traffic;
    follow.until(Some(state), show, traffic).await?;
    Ok(follow)
}

/// A release at a fifth of the traffic, of a service that has its usual traffic behind it.
pub(super) async fn at_a_fifth<'a>(operator: &Operator<'a>) -> Result<Follow<'a>> {
    publish_hour(operator.stage, Blue, USUAL).await?;
    let follow = pushed(operator, BUILD, "Watch").await?;
    operator.traffic.wait_for(BUILD).await?;
    Ok(follow)
}

/// Ada says this of a release.
pub(super) fn says(action: &str, release: &str, reason: &str) -> Value {
    json!({"action": action, "release": release, "by": "ada", "reason": reason})
}

/// A person's word is taken.
pub(super) async fn decided(
    operator: &mut Operator<'_>,
    request: &Value,
    decided: &str,
) -> Result<End> {
    let end = operator.request(request).await?;
    let expected = format!("the answer is: {decided}");
    operator.succeeded(&expected, &end, decided);
    Ok(end)
}

/// Asks for the status, shows it, and checks that it names all of this.
pub(super) async fn status(operator: &mut Operator<'_>, names: &[&str]) -> Result<()> {
    let end = operator.request(&json!({"action": "status"})).await?;
    let pretty = format!("{:#}", end.output);
    operator
        .show
        .block(&pretty.lines().map(str::to_owned).collect::<Vec<_>>());
    let fits = names.iter().all(|name| pretty.contains(name));
    let expected = format!("the status names {}", names.join(", "));
    operator.report.check(&expected, fits, &end.describe());
    Ok(())
}
