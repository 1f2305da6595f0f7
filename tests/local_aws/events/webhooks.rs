//! The webhook: what its request says for each receiver, with which secret, and where an event stays that it does not take.

use super::hook::{account, deploy, detail, of_template, put};
use super::receiver::{Receiver, Request};
use crate::common::on_the_local_aws;
use anyhow::{Context, Result, ensure};
use axum::http::StatusCode;
use rehearsal::aws::plain;
use rehearsal::stack::{self, Values};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// An event that was not taken is a dead letter within a second, on a busy machine later.
const KEPT_WITHIN: Duration = Duration::from_secs(60);

/// The one request of a webhook in this form.
async fn request(number: u64, form: &str) -> Result<Request> {
    let (aws, receiver) = (account(number), Receiver::open().await?);
    deploy(&aws, &receiver, form).await?;
    put(
        &aws,
        &json!({"service": "other", "severity": "end", "event": "released"}),
    )
    .await?;
    put(&aws, &detail()).await?;
    let mut requests = receiver.requests(1).await?;
    ensure!(requests.len() == 1, "another service's, too: {requests:#?}");
    Ok(requests.remove(0))
}

/// Given a webhook in each form, with a secret
/// When an event of its service comes, and one of another service
/// Then the receiver gets what it understands, once, with the secret where it looks for that.
#[test]
fn each_receiver_gets_its_own_form() {
    let all = on_the_local_aws(async {
        let forms = ["event", "slack", "teams", "github", "pagerduty"];
        let requests = (1..).zip(forms).map(|(number, form)| request(number, form));
        futures::future::try_join_all(requests).await
    });
    let all = all.expect("requests");
    let [event, slack, teams, github, pagerduty] = &all[..] else {
        panic!("five forms")
    };
    let (title, text) = (
        "shop: v1.1.0 released to green",
        "target 5xx 0 of 'all' requests",
    );
    assert_eq!(
        (&event.body["source"], &event.body["detail"]),
        (&json!("blue-green"), &detail())
    );
    assert_eq!(
        slack.body,
        json!({"text": format!("*{title}*\n{text}\nhttps://console/1")})
    );
    let card = &teams.body["attachments"][0];
    assert_eq!(
        card["contentType"],
        "application/vnd.microsoft.card.adaptive"
    );
    let blocks = card["content"]["body"].as_array().expect("a body");
    let blocks: Vec<_> = blocks.iter().map(|it| it["text"].as_str()).collect();
    assert_eq!(blocks, [Some(title), Some(text), Some("https://console/1")]);
    assert_eq!(github.body["event_type"], "blue-green-release");
    assert_eq!(github.body["client_payload"]["release"], detail());
    let alert = &pagerduty.body;
    assert_eq!(
        (&alert["routing_key"], &alert["dedup_key"]),
        (&json!("Bearer abc"), &json!("shop/v1-1-0"))
    );
    assert_eq!(alert["payload"]["summary"], title);
    for request in [event, slack, teams, github] {
        assert_eq!(request.headers["authorization"], "Bearer abc");
        assert!(request.body.get("routing_key").is_none());
    }
    assert!(pagerduty.headers.get("authorization").is_none());
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
