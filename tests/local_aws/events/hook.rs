//! A stack that has the webhook of `template.yaml`, and nothing else of it.

use super::receiver::Receiver;
use crate::common::local;
use anyhow::{Context, Result, ensure};
use project::template;
use rehearsal::aws::{Aws, plain};
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};

/// What of the template a webhook needs.
const OF_WEBHOOK: [&str; 5] = [
    "WebhookByEvent",
    "Webhook",
    "WebhookConnection",
    "WebhookRole",
    "UndeliveredNotices",
];

/// The part of the template that makes a webhook, in a stack without a service.
pub fn of_template() -> Value {
    let mut all = template();
    let resources = all["Resources"].as_object_mut().expect("resources");
    resources.retain(|name, _| OF_WEBHOOK.contains(&name.as_str()));
    let parameters = all["Parameters"].as_object_mut().expect("parameters");
    for parameter in parameters.values_mut() {
        // Those of the service, which nothing here refers to.
        if parameter.get("Default").is_none() {
            parameter["Default"] = json!("none");
            parameter
                .as_object_mut()
                .map(|it| it.remove("AllowedPattern"));
        }
    }
    let from = json!({"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": ["WebhookByEvent", "Arn"]}}});
    let statement = json!({"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage", "Resource": "*", "Condition": from});
    let policy = json!({"Queues": [{"Ref": "UndeliveredNotices"}],
        "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}});
    all["Resources"]["Policy"] =
        json!({"Type": "AWS::SQS::QueuePolicy", "Condition": "HasWebhook", "Properties": policy});
    all["Outputs"] = json!({"Undelivered": {"Value": {"Ref": "UndeliveredNotices"}}});
    all
}

/// A stack `shop` whose webhook is this receiver, with a secret; its outputs.
pub async fn deploy(aws: &Aws, receiver: &Receiver, form: &str) -> Result<Values> {
    let input = json!({"Name": "hook", "SecretString": "Bearer abc"});
    let secret: Value =
        plain::json(aws, "secretsmanager", "secretsmanager.CreateSecret", &input).await?;
    let secret = secret["ARN"].as_str().context("no secret")?;
    let url = receiver.url();
    let parameters = [
        ("WebhookUrl", url.as_str()),
        ("WebhookForm", form),
        ("WebhookSecretArn", secret),
    ];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned()));
    stack::deploy(aws, "shop", &of_template(), &parameters.into()).await
}

/// The end of a release, as the machine tells it.
pub fn detail() -> Value {
    json!({"event": "released", "severity": "end", "service": "shop", "release": "v1-1-0", "execution": "arn:1",
        "title": "shop: v1.1.0 released to green", "text": "target 5xx 0 of 'all' requests", "times": {},
        "links": {"execution": "https://console/1", "record": "https://console/2"}})
}

/// Puts an event as the machine does.
pub async fn put(aws: &Aws, detail: &Value) -> Result<()> {
    let entry = json!({"Source": "blue-green", "DetailType": "Blue-Green Release", "Detail": detail.to_string()});
    let answer: Value = plain::json(
        aws,
        "events",
        "AWSEvents.PutEvents",
        &json!({"Entries": [entry]}),
    )
    .await?;
    ensure!(answer["FailedEntryCount"] == 0, "{answer}");
    Ok(())
}

/// An account that no stage has.
pub fn account(number: u64) -> Aws {
    Aws::new(local().endpoint(), &(100_000_009_000 + number).to_string())
}
