//! A rule for a test header follows each flip inversely, so that people with that header reach the idle environment.

use crate::common::{
    TIMING, execute, live, on_the_local_aws, release, result, settled, stage_from,
};
use anyhow::{Context, Result};
use rehearsal::environment::Change;
use rehearsal::stage::{Setup, Stage};
use serde_json::{Value, json};
use shared::Environment::{self, Blue, Green};

/// A rule for the header `X-Test`, before all others, which begins at green.
fn rule_by_header() -> [Change; 2] {
    let header = json!({"HttpHeaderName": "X-Test", "Values": ["1"]});
    let rule = json!({
        "ListenerArn": {"Ref": "Listener"}, "Priority": 10,
        "Conditions": [{"Field": "http-header", "HttpHeaderConfig": header}],
        "Actions": [{"Type": "forward", "TargetGroupArn": {"Ref": "GreenTargets"}}],
    });
    [
        (
            "/Resources/IdleRule",
            json!({"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": rule}),
        ),
        (
            "/Outputs/IdleRuleArns",
            json!({"Value": {"Ref": "IdleRule"}}),
        ),
    ]
}

/// ARN of the rule.
fn idle_rule(stage: &Stage) -> Result<&str> {
    let arn = stage.environment.get("IdleRuleArns");
    Ok(arn.context("no rule that follows")?)
}

/// Where the rule forwards to.
async fn reached(stage: &Stage) -> Result<Environment> {
    let call = stage
        .aws
        .elb()
        .describe_rules()
        .rule_arns(idle_rule(stage)?);
    let rules = call.send().await?.rules.unwrap_or_default();
    let actions = rules.first().context("no rule")?.actions();
    let group = actions.first().and_then(|it| it.target_group_arn());
    let environment = stage
        .target_groups()?
        .find(|arn| Some(arn.as_str()) == group);
    environment.context("another group")
}

/// The version that answers a person with the header.
async fn tested(stage: &Stage) -> Result<String> {
    let request = stage.request("/api/v1/ping", None).header("x-test", "1");
    let answer = request.send().await?;
    let version = answer.headers().get("x-version").context("no version")?;
    Ok(version.to_str()?.to_owned())
}

/// Given a rule for a test header, in IdleRuleArns, that forwards to the idle environment
/// When a release ends well, and is rolled back
/// Then people with the header reach blue after the one, and green after the other.
/// When that rule is deleted, and the next release ends well
/// Then it is released all the same, with a warning.
#[test]
fn people_with_a_test_header_reach_the_idle_environment() {
    let changes = rule_by_header();
    let setup = Setup {
        changes: &changes,
        ..Setup::usual(TIMING)
    };
    let story = async || -> Result<()> {
        let stage = stage_from(setup).await;
        assert_eq!(reached(&stage).await?, Green);

        let end = release(&stage, "v1.1.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        assert_eq!(end.output["flip"]["warnings"], Value::Null, "{end:?}");
        settled(&stage, Green).await?;
        assert_eq!(reached(&stage).await?, Blue);
        let versions = [live(&stage).await?, tested(&stage).await?];
        assert_eq!(versions, ["v1.1.0", "v1.0.0"]);

        let end = execute(&stage, json!({"action": "rollback"})).await?;
        assert_eq!(result(&end), "rolled back", "{end:?}");
        settled(&stage, Blue).await?;
        assert_eq!(reached(&stage).await?, Green);
        let versions = [live(&stage).await?, tested(&stage).await?];
        assert_eq!(versions, ["v1.0.0", "v1.1.0"]);

        let call = stage.aws.elb().delete_rule().rule_arn(idle_rule(&stage)?);
        call.send().await?;
        let end = release(&stage, "v1.2.0").await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let warnings = end.output["warnings"].to_string();
        for word in ["IdleRuleArns may not forward", idle_rule(&stage)?] {
            assert!(warnings.contains(word), "{word}: {warnings}");
        }
        settled(&stage, Green).await?;
        Ok(())
    };
    on_the_local_aws(story()).expect("a story");
}
