//! The functions as their `main.rs` builds them, with the variables that `template.yaml` gives them.

use crate::aws::{ACCOUNT, REGION, World, config};
use aws_config::retry::RetryConfig;
use chrono::Utc;
use deploy::handler::Deploy;
use evaluate_metrics::handler::Evaluate;
use flip::clients::Clients;
use flip::handler::Flip;
use flip::rules::ListenerRules;
use iam::Deployed;
use lambda_runtime::{Context, LambdaEvent};
use record::Store;
use serde_json::{Value, json};
use shared::Error;
use shared::config::Settings;
use shared::routing::Routing;
use smoke::handler::Smoke;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// The world of a case; its clients and the case share it.
pub type Account = Arc<Mutex<World>>;

/// The template, without the resources that no variable refers to.
static TEMPLATE: LazyLock<Value> = LazyLock::new(|| {
    let mut template = project::template();
    let resources = template["Resources"].as_object_mut();
    let used = ["Detect", "Deploy", "Flip", "EvaluateMetrics", "Records"];
    resources
        .expect("resources")
        .retain(|id, _| used.contains(&id.as_str()));
    template
});

/// Seconds that flip's function has (`template.yaml`).
pub const FLIP_SECONDS: u64 = 15;

/// The variables of a function, resolved from the parameters of the account's stack.
fn settings(account: &Account, function: &str) -> Settings<impl Fn(&str) -> Option<String>> {
    let world = account.lock().unwrap_or_else(PoisonError::into_inner);
    let parameters = world.state["parameters"].as_object().expect("parameters");
    let text = |value: &Value| match value.as_array() {
        Some(items) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            items.join(",")
        }
        None => value.as_str().expect("a text or texts").to_owned(),
    };
    let parameters = parameters.iter().map(|(name, it)| (name.clone(), text(it)));
    let stack = Deployed {
        template: TEMPLATE.clone(),
        name: "shop".to_owned(),
        region: REGION.to_owned(),
        account: ACCOUNT.to_owned(),
        parameters: parameters.collect(),
        ids: iam::Values::new(),
    };
    let resource = &TEMPLATE["Resources"][function];
    let variables = &resource["Properties"]["Environment"]["Variables"];
    let variables = stack.value(variables).expect("variables");
    Settings(move |name: &str| Some(variables.get(name)?.as_str()?.to_owned()))
}

/// Gives a function its task, and takes its answer as the state machine gets it.
pub async fn call(account: &Account, function: &str, payload: Value) -> Result<Value, Error> {
    match function {
        "detect" => detect(account, payload).await,
        "deploy" => deploy(account, payload).await,
        "flip" => flip(account, payload).await,
        "evaluate-metrics" => evaluate(account, payload).await,
        "smoke" => smoke(payload).await,
        other => panic!("no function {other}"),
    }
}

async fn detect(account: &Account, payload: Value) -> Result<Value, Error> {
    let settings = settings(account, "Detect");
    let context = detect::claim::Context::read(&settings, &config(account))?;
    let answer = detect::handler::handle(&context, payload).await?;
    Ok(json!(answer))
}

async fn deploy(account: &Account, payload: Value) -> Result<Value, Error> {
    let (settings, aws) = (settings(account, "Deploy"), config(account));
    let deploy = Deploy::read(&settings, &aws)?;
    Ok(json!(deploy.handle(payload).await?))
}

async fn flip(account: &Account, payload: Value) -> Result<Value, Error> {
    let aws = config(account);
    if aws.retry_config().is_some_and(RetryConfig::has_retry) {
        return invoke_flip(&flip_with(account, Clients::new(&aws)), payload).await;
    }
    let clients = Clients {
        elb: aws_sdk_elasticloadbalancingv2::Client::new(&aws),
        ecs: aws_sdk_ecs::Client::new(&aws),
        dynamodb: aws_sdk_dynamodb::Client::new(&aws),
        sfn: aws_sdk_sfn::Client::new(&aws),
    };
    invoke_flip(&flip_with(account, clients), payload).await
}

/// flip with these clients, as its `main.rs` builds it.
pub fn flip_with(account: &Account, clients: Clients) -> Flip {
    let settings = settings(account, "Flip");
    let required = |name: &str| settings.required(name).expect("a variable");
    let service = required("SERVICE");
    Flip {
        rules: ListenerRules::new(
            clients.elb,
            Routing::read(&settings).expect("the rules and groups"),
        ),
        idle_rules: settings
            .list_or_none("IDLE_RULE_ARNS")
            .expect("rules or none"),
        ecs: clients.ecs,
        sfn: clients.sfn,
        store: Store::new(clients.dynamodb, required("RECORD_TABLE"), service.clone()),
        service,
        rollback_alarms: settings
            .list_or_none("ROLLBACK_ALARM_NAMES")
            .expect("names or none"),
        when_stopped: settings
            .named("WHEN_STOPPED", "flip-back or leave")
            .expect("a choice"),
    }
}

/// Invokes flip as Lambda does.
pub async fn invoke_flip(flip: &Flip, payload: Value) -> Result<Value, Error> {
    let mut context = Context::default();
    let now = u64::try_from(Utc::now().timestamp_millis()).unwrap_or_default();
    context.deadline = now + FLIP_SECONDS * 1000;
    context.invoked_function_arn = format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:shop-Flip");
    Ok(json!(
        flip.handle(LambdaEvent::new(payload, context)).await?
    ))
}

async fn evaluate(account: &Account, payload: Value) -> Result<Value, Error> {
    let (settings, aws) = (settings(account, "EvaluateMetrics"), config(account));
    let evaluate = Evaluate::read(&settings, &aws)?;
    Ok(json!(evaluate.handle(payload).await?))
}

/// With the checks that stand in for an empty parameter; it calls no AWS.
async fn smoke(payload: Value) -> Result<Value, Error> {
    let none = Settings(|_: &str| None);
    let smoke = Smoke::read(&none, || unreachable!("the checks refer to no secret"))?;
    Ok(json!(smoke.handle(payload).await?))
}
