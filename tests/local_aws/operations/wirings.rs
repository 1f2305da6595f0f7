//! Environments that are wired so that a release would break a promise: refused before anything is touched.
//!
//! What the local AWS does not take is refused in tests with mocks: see `tests/README.md`.

use super::found::{findings, holds};
use super::wire::service;
use crate::common::{execute, live, on_a_stage, preview, put, result, settled};
use anyhow::{Context, Result};
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum, FixedResponseActionConfig};
use rehearsal::aws::lambda::set_variable;
use rehearsal::aws::plain;
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use shared::Environment::{Blue, Green};
use std::sync::Arc;

const BUILD: &str = "v1.1.0";

/// A change of the wiring.
enum Patch {
    /// A variable of detect, as a parameter of the stack gives it.
    Variable(&'static str, String),
    /// The default action of a listener.
    Listener(String, Action),
    /// Settings of green's service, as UpdateService takes them.
    Service(Value),
}

impl Patch {
    /// Changes the wiring, and gives what changes it back.
    async fn apply(self, stage: &Stage) -> Result<Patch> {
        match self {
            Patch::Variable(name, value) => {
                let detect = stage.deployed.ids.get("Detect").context("no detect")?;
                let before = set_variable(&stage.aws, detect, name, &value).await?;
                Ok(Patch::Variable(name, before))
            }
            Patch::Listener(arn, action) => {
                let elb = stage.aws.elb();
                let found = elb.describe_listeners().listener_arns(&arn).send().await?;
                let listener = found.listeners().first().context("no listener")?;
                let before = listener.default_actions().first().cloned();
                let call = elb.modify_listener().listener_arn(&arn);
                call.default_actions(action).send().await?;
                Ok(Patch::Listener(arn, before.context("no action")?))
            }
            Patch::Service(settings) => {
                let mut before = service(stage, Green).await?;
                let settings = settings.as_object().context("no settings")?;
                let mut input = json!({"cluster": "shop-env-green", "service": "api"});
                let mut back = json!({});
                for (name, value) in settings {
                    input[name] = value.clone();
                    back[name] = before[name].take();
                }
                let operation = "AmazonEC2ContainerServiceV20141113.UpdateService";
                let _: Value = plain::json(&stage.aws, "ecs", operation, &input).await?;
                Ok(Patch::Service(back))
            }
        }
    }
}

/// An answer that forwards to nobody.
fn page() -> Action {
    let page = FixedResponseActionConfig::builder().status_code("404");
    let action = Action::builder().r#type(ActionTypeEnum::FixedResponse);
    action.fixed_response_config(page.build()).build()
}

/// A wiring, the check that refuses it, and a piece of what is found and of the remedy.
type Wiring = (Patch, [&'static str; 3]);

async fn wirings(stage: &Stage) -> Result<Vec<Wiring>> {
    let mut wirings = of_rules(stage).await?;
    wirings.extend(of_services(stage).await?);
    wirings.extend(of_parameters(stage)?);
    Ok(wirings)
}

fn output<'a>(stage: &'a Stage, name: &str) -> Result<&'a str> {
    let value = stage.environment.get(name);
    let value = value.with_context(|| format!("no output {name}"))?;
    Ok(value)
}

/// The listed rules and one more.
fn listed(stage: &Stage, more: &str) -> Result<Patch> {
    let rules = output(stage, "ListenerRuleArns")?;
    Ok(Patch::Variable("RULE_ARNS", format!("{rules},{more}")))
}

async fn of_rules(stage: &Stage) -> Result<Vec<Wiring>> {
    let previews = output(stage, "PreviewRuleArns")?;
    let (of_blue, of_green) = previews.split_once(',').context("two previews")?;
    let found = stage.aws.elb().describe_rules().listener_arn(of_blue);
    let found = found.send().await?.rules.unwrap_or_default();
    let default = found.into_iter().find_map(|rule| rule.rule_arn);
    let default = listed(stage, &default.context("no default rule")?)?;
    let without = |preview: &str| Patch::Listener(preview.to_owned(), page());
    // A rule that is in neither list.
    let forgotten = Patch::Variable("PREVIEW_RULE_ARNS", of_green.to_owned());
    let after = ["way-back-shut", "after the flip blue's", "100 and 0"];
    let now = ["way-back-shut", "is on no rule", "a listener of its own"];
    Ok(vec![
        (without(of_blue), after),
        (without(of_green), now),
        (forgotten, ["unlisted-rule", "HTTP:8081", "PreviewRuleArns"]),
        (default, ["default-rule", "default", "listener's ARN"]),
    ])
}

async fn of_services(stage: &Stage) -> Result<Vec<Wiring>> {
    let groups = stage.target_groups()?;
    let member = |container: &str, group: &str| json!({"containerName": container, "containerPort": 8080, "targetGroupArn": group});
    let registered = |in_groups: Value| Patch::Service(json!({"loadBalancers": in_groups}));
    let both = json!([member("api", &groups.green), member("api", &groups.blue)]);
    let other_name = json!([member("app-green", &groups.green)]);
    let mut settings = service(stage, Green).await?["deploymentConfiguration"].take();
    settings["strategy"] = json!("BLUE_GREEN");
    let strategy = Patch::Service(json!({"deploymentConfiguration": settings}));
    let own = ["in-both-groups", "green's service api", "own environment's"];
    let alike = ["container-mismatch", "app-green", "alike in both"];
    Ok(vec![
        (registered(both), own),
        (registered(other_name), alike),
        (strategy, ["deployment-strategy", "BLUE_GREEN", "expected"]),
    ])
}

fn of_parameters(stage: &Stage) -> Result<Vec<Wiring>> {
    let group = stage.target_groups()?.blue;
    let service = output(stage, "BlueServiceArn")?.to_owned();
    let rules = output(stage, "ListenerRuleArns")?;
    let first = rules.split(',').next().context("a rule")?;
    let variables = [
        (
            Patch::Variable("GREEN_TARGET_GROUP_ARN", group),
            "the target group",
        ),
        (Patch::Variable("GREEN_SERVICE_ARN", service), "the service"),
        (listed(stage, first)?, "twice"),
    ];
    let twice = variables.map(|(patch, found)| (patch, ["same-twice", found, "parameters"]));
    Ok(twice.into())
}

/// Given environments that are wired wrongly, each in another way
/// When a release is requested
/// Then it is refused by name with the remedy, and neither idle nor traffic is touched; wired rightly it is released.
#[test]
fn a_wiring_that_would_break_a_promise_is_refused_before_anything_is_touched() {
    on_a_stage(
        &[("RefuseOnWarnings", "unlisted-rule")],
        async |stage: Arc<Stage>| {
            put(&stage, BUILD).await?;
            let request = json!({"tag": BUILD});
            for (patch, words) in wirings(&stage).await? {
                let back = patch.apply(&stage).await?;
                let before = stage.services().await?;
                let end = execute(&stage, request.clone()).await?;
                assert_eq!(result(&end), "ReleaseRefused", "{words:?}: {end:?}");
                for word in words {
                    assert!(end.cause.contains(word), "{word}: {}", end.cause);
                }
                let touched = end.entered("Register task definition");
                assert!(!touched, "{words:?}: {:?}", end.states);
                assert_eq!(stage.services().await?, before, "{words:?}");
                assert_eq!(live(&stage).await?, "v1.0.0", "{words:?}");
                back.apply(&stage).await?;
            }
            let end = execute(&stage, request).await?;
            assert_eq!(result(&end), "released", "{end:?}");
            settled(&stage, Green).await?;
            Ok(())
        },
    );
}

/// Given an environment that is wired wrongly in several ways
/// When a release is previewed
/// Then the preview has all of them at once.
#[test]
fn a_preview_has_everything_that_is_wired_wrongly() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        put(&stage, BUILD).await?;
        let mut expect = Vec::new();
        for (patch, [name, found, _]) in wirings(&stage).await? {
            if ["after the flip blue's", "BLUE_GREEN", "twice"].contains(&found) {
                patch.apply(&stage).await?;
                expect.push((name, "refusal"));
            }
        }
        assert_eq!(expect.len(), 3);
        let preview = preview(&stage, json!({"tag": BUILD})).await?;
        holds(&findings(&preview), &expect);
        settled(&stage, Blue).await?;
        Ok(())
    });
}
