//! Releases that shift traffic in steps: what customers see of them, and what becomes of the rules.

use super::operator::Operator;
use crate::follow::{End, Follow};
use crate::metrics::publish_hour;
use crate::relay;
use crate::scenario::Scenario;
use crate::stage::FIRST;
use crate::traffic::Tally;
use crate::trouble;
use anyhow::{Context, Result};
use aws_sdk_elasticloadbalancingv2::types::Action;
use chrono::Utc;
use serde_json::{Value, json};
use shared::Environment::Blue;

const BUILD: &str = "v1.1.0";
const PUSH: &str = "a push of v1.1.0";

/// Two builds that fail every order, once anybody has ordered what they cannot make.
const BREAK: [&str; 2] = ["v1.1.0-breaks-orders", "v1.2.0-breaks-orders"];
const BREAKS_IT: &str = "/api/v1/orders?item=coffee";

/// About what the customers here send in a minute.
const USUAL: u64 = 2_500;

pub(super) async fn run(scenario: Scenario, operator: &mut Operator<'_>) -> Result<()> {
    publish_hour(operator.stage, Blue, USUAL).await?;
    if scenario == Scenario::CanaryBreaks {
        return breaks(operator).await;
    }
    let before = operator.stage.actions().await?;
    let text = format!("pushing {BUILD}; blue is active, on {FIRST}");
    operator.show.say(&text);
    let follow = Follow::new(operator.stage, relay::push(operator.stage, BUILD).await?);
    let end = match scenario == Scenario::SiteWideTrouble {
        true => in_trouble(operator, follow).await?,
        false => operator.end(PUSH, follow).await?,
    };
    operator.succeeded("the execution SUCCEEDED", &end, "released");
    let expect: &[u64] = match scenario == Scenario::Linear {
        true => &[20, 40, 60, 80, 100],
        false => &[10, 100],
    };
    at_each_share(operator, &end, expect);
    if scenario != Scenario::SiteWideTrouble {
        operator.nobody_noticed();
    }
    let expected = format!("{BUILD} answers at the end");
    operator.answers(&expected, BUILD).await;
    but_for_the_group(operator, &before).await
}

/// The shares were these, and at each of them below 100 both versions answered, as often as it says.
fn at_each_share(operator: &mut Operator<'_>, end: &End, expect: &[u64]) {
    let shares = end.shares();
    let found: Vec<u64> = shares.iter().map(|(share, _)| *share).collect();
    let expected = format!("the new environment got {expect:?} per cent of the traffic");
    let report = &mut operator.report;
    report.check(&expected, found == expect, &format!("{found:?}"));
    for pair in shares.windows(2) {
        let [(share, from), (_, to)] = [pair[0], pair[1]];
        let tallies = operator.traffic.between(from, to);
        let [old, new] = [FIRST, BUILD].map(|version| tallies.get(version).copied());
        let both = old.is_some() && new.is_some();
        let found = format!("{tallies:?}");
        let expected = format!("at {share} % both versions answered");
        report.check(&expected, both, &found);
        let [old, new] = [old, new].map(|it| it.unwrap_or_default().requests);
        let all = old + new;
        let seconds = (to - from).as_seconds_f64();
        report.figure(format!(
            "at {share} % {BUILD} answered {new} of {all} requests in {seconds:.0} s"
        ));
    }
}

/// Each rule is as it was, but for the group.
async fn but_for_the_group(operator: &mut Operator<'_>, before: &[Vec<Action>]) -> Result<()> {
    let (groups, after) = (
        operator.stage.target_groups()?,
        operator.stage.actions().await?,
    );
    let expect = format!("{before:?}").replace(&groups.blue, &groups.green);
    let found = format!("{after:?}");
    let expected = "each rule is as it was before, but for the group";
    operator.report.check(expected, found == expect, &found);
    Ok(())
}

/// From the first step on the site's database fails orders of both versions.
async fn in_trouble(operator: &mut Operator<'_>, mut follow: Follow<'_>) -> Result<End> {
    let (stage, show) = (operator.stage, operator.show);
    follow.until(Some("Watch"), show, &operator.traffic).await?;
    operator.traffic.wait_for(BUILD).await?;
    show.say("the database that both versions share fails every fourth order");
    let began = Utc::now();
    trouble::begin(stage).await?;
    follow
        .until(Some("Record step"), show, &operator.traffic)
        .await?;
    let end = operator.end(PUSH, follow).await?;
    trouble::end(stage).await?;
    for (version, Tally { requests, failed }) in operator.traffic.between(began, Utc::now()) {
        let expected = format!("{version} failed orders in that time");
        let found = format!("{failed} of {requests}");
        operator.report.check(&expected, failed > 0, &found);
        operator
            .report
            .figure(format!("{version} failed {found} requests"));
    }
    Ok(end)
}

/// The same fault twice: in a release of all the traffic at once, and in one that begins with a tenth of it.
async fn breaks(operator: &mut Operator<'_>) -> Result<()> {
    let text = "a customer orders coffee, which the next versions cannot make";
    operator.show.say(text);
    let order = operator.stage.request(BREAKS_IT, None);
    order.send().await.context("nobody takes the order")?;
    let [at_once, canary] = BREAK;
    broken(
        operator,
        at_once,
        json!({"tag": at_once, "traffic": "AllAtOnce"}),
    )
    .await?;
    broken(operator, canary, json!({ "tag": canary })).await?;
    let expected = format!("{FIRST} answers at the end");
    operator.answers(&expected, FIRST).await;
    Ok(())
}

/// A release of a build that fails every order is flipped back, and the rules are what they were. Of a thousand requests
/// until then, so many failed.
async fn broken(operator: &mut Operator<'_>, build: &str, request: Value) -> Result<()> {
    let before = operator.stage.actions().await?;
    operator.push(build).await?;
    let end = operator.request(&request).await?;
    let expected = format!("{build} is flipped back by its metrics");
    operator.failed(&expected, &end, "ReleaseRolledBack", "target 5xx");
    let after = operator.stage.actions().await?;
    let expected = "each rule is what it was before, to the letter";
    let report = &mut operator.report;
    report.check(expected, after == before, &format!("{after:?}"));
    let counts = operator.traffic.counts();
    let times = counts.first.get(build).zip(counts.last.get(build));
    let (from, to) = times.context("no customer got the new version")?;
    let tallies = operator.traffic.between(*from, *to);
    let all: u64 = tallies.values().map(|it| it.requests).sum();
    let failed: u64 = tallies.values().map(|it| it.failed).sum();
    let of_build = tallies.get(build).map_or(0, |it| it.failed);
    let expected = format!("{build} alone failed requests");
    report.check(&expected, failed == of_build, &format!("{tallies:?}"));
    let (share, seconds) = (end.shares(), (*to - *from).as_seconds_f64());
    let share = share.first().map_or(0, |(share, _)| *share);
    let of_thousand = (failed * 1_000).checked_div(all).unwrap_or_default();
    report.figure(format!(
        "at {share} %: {failed} of {all} requests failed in the {seconds:.0} s until it was back, {of_thousand} of 1,000"
    ));
    Ok(())
}
