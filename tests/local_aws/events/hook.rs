//! A stack that has the webhook of `template.yaml`, the rules that send to it, and nothing else of it.

use super::receiver::Receiver;
use crate::common::local;
use anyhow::{Context, Result, ensure};
use project::template;
use rehearsal::aws::{Aws, plain};
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};

/// What of the template a webhook needs.
const OF_WEBHOOK: [&str; 6] = [
    "WebhookByEvent",
    "FlipByItself",
    "Webhook",
    "WebhookConnection",
    "WebhookRole",
    "UndeliveredNotices",
];

/// Flip, which this stack does not have.
pub const FLIP: &str = "arn:aws:lambda:eu-west-1:111122223333:function:shop-Flip:$LATEST";

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
    let flips = &mut all["Resources"]["FlipByItself"];
    flips["Condition"] = json!("TellsWebhookOfFlips");
    let flips = &mut flips["Properties"];
    flips["EventPattern"]["detail"]["requestContext"]["functionArn"] = json!([FLIP]);
    let targets = flips["Targets"].as_array_mut().expect("targets");
    targets.retain(|it| it.to_string().contains("Webhook"));
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

/// A stack `shop` whose webhook is this receiver, with a secret, for bad ends; its outputs.
pub async fn deploy(aws: &Aws, receiver: &Receiver, form: &str) -> Result<Values> {
    let input = json!({"Name": "hook", "SecretString": "Bearer abc"});
    let secret: Value =
        plain::json(aws, "secretsmanager", "secretsmanager.CreateSecret", &input).await?;
    let secret = secret["ARN"].as_str().context("no secret")?;
    let url = receiver.url();
    let parameters = [
        ("WebhookUrl", url.as_str()),
        ("WebhookForm", form),
        ("WebhookAbout", "bad-ends"),
        ("WebhookSecretArn", secret),
    ];
    stack::deploy(aws, "shop", &of_template(), &values(&parameters)).await
}

/// Values of parameters.
pub fn values(parameters: &[(&str, &str)]) -> Values {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    parameters.iter().map(own).collect()
}

/// The end of a release, as the machine tells it.
pub fn detail() -> Value {
    json!({"event": "rolled-back", "severity": "bad-end", "service": "shop", "release": "v1-1-0", "execution": "arn:1",
        "title": "shop: v1.1.0 rolled back to blue", "text": "target 5xx 14 of 'all' requests", "times": {},
        "links": {"execution": "https://console/1", "record": "https://console/2"}})
}

/// What flip answers to an alarm, as far as people read it.
pub fn answer() -> Value {
    json!({"decision": "flipped-back", "service": "shop", "release": "v1-1-0", "text": "alarm 'shop-green-5xx'",
        "title": "shop: traffic was flipped back to blue, release v1-1-0"})
}

/// Puts an event as the machine does.
pub async fn put(aws: &Aws, detail: &Value) -> Result<()> {
    put_as(aws, ("blue-green", "Blue-Green Release"), detail).await
}

/// Puts an answer as Lambda does for flip.
pub async fn put_answer(aws: &Aws, answer: &Value) -> Result<()> {
    let kind = "Lambda Function Invocation Result - Success";
    let detail = json!({"requestContext": {"functionArn": FLIP}, "responsePayload": answer});
    put_as(aws, ("lambda", kind), &detail).await
}

async fn put_as(aws: &Aws, (source, kind): (&str, &str), detail: &Value) -> Result<()> {
    let entry = json!({"Source": source, "DetailType": kind, "Detail": detail.to_string()});
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
