//! The webhook: what its request says for each receiver, with which secret, and where an event stays that it does not take.

use super::hook::{FLIP, account, answer, deploy, detail, of_template, put, put_answer, values};
use super::receiver::{Receiver, Request};
use crate::common::on_the_local_aws;
use anyhow::{Context, Result, anyhow, ensure};
use axum::http::StatusCode;
use rehearsal::aws::plain;
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// An event that was not taken is a dead letter within a second, on a busy machine later.
const KEPT_WITHIN: Duration = Duration::from_secs(60);

const FORMS: [&str; 5] = ["event", "slack", "teams", "github", "pagerduty"];

/// The requests of a webhook in this form: of the end of a release, and of what flip did by itself.
async fn requests(number: u64, form: &str) -> Result<[Request; 2]> {
    let (aws, receiver) = (account(number), Receiver::open().await?);
    deploy(&aws, &receiver, form).await?;
    let other = json!({"service": "other", "severity": "bad-end", "event": "failed"});
    put(&aws, &other).await?;
    put(&aws, &detail()).await?;
    receiver.requests(1).await?;
    put_answer(&aws, &answer()).await?;
    let requests = receiver.requests(2).await?;
    let requests = <[Request; 2]>::try_from(requests);
    requests.map_err(|all| anyhow!("another service's, too: {all:#?}"))
}

/// The texts that people read of a request of Slack or Teams.
fn lines(form: &str, body: &Value) -> Vec<String> {
    if form == "slack" {
        let text = body["text"].as_str().expect("a text");
        return text.lines().map(str::to_owned).collect();
    }
    let card = &body["attachments"][0];
    let kind = "application/vnd.microsoft.card.adaptive";
    assert_eq!(card["contentType"], kind);
    let blocks = card["content"]["body"].as_array().expect("a body");
    blocks.iter().map(|it| project::text(&it["text"])).collect()
}

/// Holds a request against what it is about: an event, or an answer, with what stands for a link to its execution.
fn holds(form: &str, request: &Request, detail: &Value, link: &str) {
    let (body, title) = (&request.body, project::text(&detail["title"]));
    let (text, link) = (project::text(&detail["text"]), link.to_owned());
    match form {
        "event" => {
            assert_eq!(body["source"], "blue-green");
            assert_eq!(&body["detail"], detail);
        }
        "slack" => assert_eq!(lines(form, body), [format!("*{title}*"), text, link]),
        "teams" => assert_eq!(lines(form, body), [title, text, link]),
        "github" => {
            assert_eq!(body["event_type"], "blue-green-release");
            assert_eq!(&body["client_payload"]["release"], detail);
        }
        _ => {
            assert_eq!(body["routing_key"], "Bearer abc");
            assert_eq!(body["dedup_key"], "shop/v1-1-0");
            assert_eq!(body["payload"]["summary"], title);
            assert_eq!(&body["payload"]["custom_details"], detail);
        }
    }
}

/// Given a webhook in each form, with a secret
/// When an event of its service comes, one of another service, and an answer of flip that no execution asked for
/// Then the receiver gets the first and the last as it understands them, with the secret where it looks for that.
#[test]
fn each_receiver_gets_its_own_form() {
    let all = on_the_local_aws(async {
        let all = (1..)
            .zip(FORMS)
            .map(|(number, form)| requests(number, form));
        futures::future::try_join_all(all).await
    });
    for (form, [event, flip]) in FORMS.into_iter().zip(all.expect("requests")) {
        holds(form, &event, &detail(), "https://console/1");
        holds(form, &flip, &answer(), FLIP);
        for request in [event, flip] {
            let is_pager = form == "pagerduty";
            let authorization = request.headers.get("authorization");
            assert_eq!(authorization.is_none(), is_pager, "{form}");
            assert!(authorization.is_none_or(|it| it == "Bearer abc"), "{form}");
            assert_eq!(request.body.get("routing_key").is_some(), is_pager);
        }
    }
}

/// Given PagerDuty as the receiver
/// When the stack is made with good ends for it, or without its routing key
/// Then CloudFormation refuses, and says what goes with it.
#[test]
fn a_pager_gets_bad_ends_alone_and_has_a_key() {
    let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:hook-AbCdEf";
    let cases = [
        ("ends", arn, "WebhookAbout must be"),
        ("urgent", "", "WebhookSecretArn must name"),
    ];
    for (about, secret, says) in cases {
        let refused = on_the_local_aws(async {
            let pager = [
                ("WebhookUrl", "https://127.0.0.1:9/hook"),
                ("WebhookForm", "pagerduty"),
                ("WebhookAbout", about),
                ("WebhookSecretArn", secret),
            ];
            stack::deploy(&account(7), "shop", &of_template(), &values(&pager)).await
        });
        let refused = format!("{:#}", refused.expect_err("no stack"));
        assert!(refused.contains(says), "{refused}");
    }
}

/// Given a webhook that refuses everything
/// When an event comes
/// Then it is kept in the queue of notices that were not delivered.
#[test]
fn what_the_webhook_does_not_take_is_kept() {
    let kept = on_the_local_aws(async {
        let (aws, receiver) = (
            account(8),
            Receiver::answering(StatusCode::FORBIDDEN).await?,
        );
        let outputs = deploy(&aws, &receiver, "event").await?;
        put(&aws, &detail()).await?;
        receiver.requests(1).await?;
        let began = Instant::now();
        loop {
            let queue = outputs.get("Undelivered").context("no queue")?;
            let input = json!({"QueueUrl": queue});
            let answer: Value =
                plain::json(&aws, "sqs", "AmazonSQS.ReceiveMessage", &input).await?;
            if let Some(body) = answer["Messages"][0]["Body"].as_str() {
                let event: Value = serde_json::from_str(body)?;
                return anyhow::Ok(event);
            }
            ensure!(began.elapsed() < KEPT_WITHIN, "nothing was kept");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_eq!(kept.expect("an event")["detail"], detail());
}

/// Given no URL
/// When the stack is made
/// Then it has nothing of a webhook.
#[test]
fn without_a_url_there_is_no_webhook() {
    let resources = on_the_local_aws(async {
        let aws = account(9);
        stack::deploy(&aws, "shop", &of_template(), &Values::new()).await?;
        stack::resources(&aws, "shop").await
    });
    let names: Vec<_> = resources.expect("a stack").into_keys().collect();
    assert_eq!(names, ["UndeliveredNotices"]);
}
