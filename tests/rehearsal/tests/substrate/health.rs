//! Target health as AWS gives it.

use crate::NO_FUNCTIONS;
use crate::balancer::Behaviour::{Answers, Hangs, Refuses};
use crate::balancer::{Balancer, forward, server, weighted};
use anyhow::Result;
use aws_sdk_elasticloadbalancingv2::types::Matcher;
use rehearsal::server::Server;
use std::time::{Duration, Instant};

/// Where ECS would run tasks; there are none here.
const NO_ENGINE: u16 = 9;

const HEALTHY: Option<(&str, &str)> = Some(("healthy", ""));
const UNUSED: Option<(&str, &str)> = Some(("unused", "Target.NotInUse"));

/// Given targets that answer, answer badly, hang and refuse
/// When their group is registered, put on a rule, and emptied again
/// Then each is unused, initial, then what its health checks say, and draining before it is gone.
#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_as_healthy_as_its_health_checks_say() -> Result<()> {
    let local = Server::start(NO_ENGINE, NO_FUNCTIONS).await?;
    let balancer = Balancer::open(&local).await?;
    let group = balancer.group("blue").await?;
    let mut targets = Vec::new();
    for (behaviour, state, reason) in [
        (Answers(200), "healthy", ""),
        (Answers(503), "unhealthy", "Target.ResponseCodeMismatch"),
        (Hangs, "unhealthy", "Target.Timeout"),
        (Refuses, "unhealthy", "Target.FailedHealthChecks"),
    ] {
        let target = server("blue", behaviour).await?;
        balancer.register(&group, target).await?;
        balancer.becomes(&group, target, UNUSED).await?;
        targets.push((target, (state, reason)));
    }
    balancer.rule(forward(&group)).await?;
    for (target, expect) in &targets {
        let before = balancer.becomes(&group, *target, Some(*expect)).await?;
        let initial = |health: &Option<(String, String)>| {
            health
                .as_ref()
                .is_some_and(|(state, reason)| state == "initial" && reason.starts_with("Elb."))
        };
        assert!(before.iter().all(initial), "{target}: {before:?}");
    }
    for _ in 0..20 {
        assert_eq!(balancer.request().await?, (200, "blue".to_owned()));
    }
    for (target, _) in &targets {
        balancer.deregister(&group, *target).await?;
        let draining = Some(("draining", "Target.DeregistrationInProgress"));
        assert_eq!(balancer.becomes(&group, *target, draining).await?, []);
    }
    Ok(())
}

/// Given a healthy target of a group that a rule forwards to
/// When the rule forwards elsewhere, and then to both groups with weight 0 for this one
/// Then the target is unused and its group on no load balancer, and then both are again as they were.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_no_rule_reaches_is_unused_and_one_of_weight_0_is_not() -> Result<()> {
    let local = Server::start(NO_ENGINE, NO_FUNCTIONS).await?;
    let balancer = Balancer::open(&local).await?;
    let (blue, green) = (
        balancer.group("blue").await?,
        balancer.group("green").await?,
    );
    let target = server("blue", Answers(200)).await?;
    balancer.register(&blue, target).await?;
    let rule = balancer.rule(forward(&blue)).await?;
    balancer.becomes(&blue, target, HEALTHY).await?;
    assert_eq!(balancer.balancers_of(&blue).await?, [&*balancer.arn]);

    let call = balancer.elb.modify_rule().rule_arn(&rule);
    call.actions(forward(&green)).send().await?;
    assert_eq!(balancer.becomes(&blue, target, UNUSED).await?, []);
    assert_eq!(balancer.balancers_of(&blue).await?, [""; 0]);

    let both = weighted(&[(&blue, 0), (&green, 100)]);
    let call = balancer.elb.modify_rule().rule_arn(&rule);
    call.actions(both).send().await?;
    balancer.becomes(&blue, target, HEALTHY).await?;
    assert_eq!(balancer.balancers_of(&blue).await?, [&*balancer.arn]);
    Ok(())
}

/// Given a target that is unhealthy
/// When its answer is a good one from now on
/// Then it is healthy after as many checks as its group says; until then it gets the requests, because no other can.
#[tokio::test(flavor = "multi_thread")]
async fn a_load_balancer_without_a_healthy_target_asks_all_of_them() -> Result<()> {
    let local = Server::start(NO_ENGINE, NO_FUNCTIONS).await?;
    let balancer = Balancer::open(&local).await?;
    let group = balancer.group("blue").await?;
    let bad = server("bad", Answers(503)).await?;
    balancer.register(&group, bad).await?;
    balancer.rule(forward(&group)).await?;
    let mismatch = Some(("unhealthy", "Target.ResponseCodeMismatch"));
    balancer.becomes(&group, bad, mismatch).await?;
    assert_eq!(balancer.request().await?, (503, "bad".to_owned()));
    let call = balancer.elb.modify_target_group().target_group_arn(&group);
    let matcher = Matcher::builder().http_code("200,500-503").build();
    let began = Instant::now();
    call.matcher(matcher).send().await?;
    balancer.becomes(&group, bad, HEALTHY).await?;
    let took = began.elapsed();
    assert!(took > Duration::from_secs(1), "three checks in {took:?}");
    Ok(())
}
