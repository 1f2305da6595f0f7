//! Weighted forwards as AWS shows and follows them.

use crate::NO_FUNCTIONS;
use crate::balancer::{Balancer, Behaviour, forward, server, weighted};
use anyhow::{Context, Result};
use aws_sdk_elasticloadbalancingv2::types::{Action, TargetGroupTuple};
use rehearsal::server::Server;
use rehearsal::stack;
use serde_json::json;

/// The groups of an action with their weights, and its single group.
fn shown<'a>(action: &'a Action) -> (Vec<(&'a str, i32)>, Option<&'a str>) {
    let config = action.forward_config().into_iter();
    let groups = config.flat_map(|config| config.target_groups());
    let pair = |group: &'a TargetGroupTuple| {
        let arn = group.target_group_arn().unwrap_or_default();
        (arn, group.weight().unwrap_or_default())
    };
    (groups.map(pair).collect(), action.target_group_arn())
}

/// Given two groups with one target each
/// When a rule forwards to both, with several weights, and then to one
/// Then it is shown as it was written, and requests follow the weights.
#[tokio::test(flavor = "multi_thread")]
async fn requests_follow_the_weights() -> Result<()> {
    let local = Server::start(9, NO_FUNCTIONS).await?;
    let balancer = Balancer::open(&local).await?;
    let (blue, green) = (
        balancer.group("blue").await?,
        balancer.group("green").await?,
    );
    for (group, name) in [(&blue, "blue"), (&green, "green")] {
        let target = server(name, Behaviour::Answers(200)).await?;
        balancer.register(group, target).await?;
    }
    let rule = balancer.rule(forward(&blue)).await?;
    let single = balancer.actions(&rule).await?;
    assert_eq!(shown(&single[0]), (vec![(&*blue, 1)], Some(&*blue)));

    for (weights, few, many) in [
        ([100, 0], 0, 0),
        ([90, 10], 1, 35),
        ([50, 50], 25, 75),
        ([0, 100], 100, 100),
    ] {
        let groups = [(&*blue, weights[0]), (&*green, weights[1])];
        let call = balancer.elb.modify_rule().rule_arn(&rule);
        call.actions(weighted(&groups)).send().await?;
        let found = balancer.actions(&rule).await?;
        assert_eq!(shown(&found[0]), (groups.to_vec(), None), "{weights:?}");
        let mut to_green = 0;
        for _ in 0..100 {
            let (status, by) = balancer.request().await?;
            assert_eq!(status, 200, "{by}");
            to_green += u32::from(by == "green");
        }
        assert!((few..=many).contains(&to_green), "{weights:?}: {to_green}");
    }
    let call = balancer.elb.modify_rule().rule_arn(&rule);
    call.actions(single[0].clone()).send().await?;
    assert_eq!(balancer.actions(&rule).await?, single);
    Ok(())
}

/// Given a template whose listener and rule forward to two groups
/// When CloudFormation makes them
/// Then both forward to both groups.
#[tokio::test(flavor = "multi_thread")]
async fn a_template_may_hold_a_weighted_forward() -> Result<()> {
    let local = Server::start(9, NO_FUNCTIONS).await?;
    let balancer = Balancer::open(&local).await?;
    let (blue, green) = (
        balancer.group("blue").await?,
        balancer.group("green").await?,
    );
    let groups =
        json!([{"TargetGroupArn": blue, "Weight": 100}, {"TargetGroupArn": green, "Weight": 0}]);
    let stickiness = json!({"Enabled": true, "DurationSeconds": 60});
    let config = json!({"TargetGroups": groups, "TargetGroupStickinessConfig": stickiness});
    let actions = json!([{"Type": "forward", "ForwardConfig": config}]);
    let template = json!({
        "Resources": {
            "Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {
                "LoadBalancerArn": balancer.arn, "Port": 81, "Protocol": "HTTP", "DefaultActions": actions}},
            "Rule": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": {
                "ListenerArn": {"Ref": "Listener"}, "Priority": 1, "Actions": actions,
                "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}]}},
        },
        "Outputs": {"Listener": {"Value": {"Ref": "Listener"}}, "Rule": {"Value": {"Ref": "Rule"}}},
    });
    let outputs = stack::deploy(&balancer.aws, "rules", &template, &Default::default()).await?;
    let call = balancer.elb.describe_listeners();
    let found = call.listener_arns(&outputs["Listener"]).send().await?;
    let default = found.listeners().first().context("no listener")?;
    let rule = balancer.actions(&outputs["Rule"]).await?;
    for action in [&default.default_actions()[0], &rule[0]] {
        let expect = vec![(&*blue, 100), (&*green, 0)];
        assert_eq!(shown(action), (expect, None));
        let config = action.forward_config().context("no forward")?;
        let sticky = config.target_group_stickiness_config().context("none")?;
        assert_eq!(
            (sticky.enabled(), sticky.duration_seconds()),
            (Some(true), Some(60))
        );
    }
    Ok(())
}
