//! `cargo rehearse up`: the local AWS stays up; a person releases and rolls back with the aws CLI, and sees the events of it.

use crate::aws::REGION;
use crate::notices::Event;
use crate::relay::Alarms;
use crate::show::{Ink, Show};
use crate::stage::{ENVIRONMENT, Local, REPOSITORY, Stage};
use crate::traffic::Traffic;
use crate::typed::typed;
use anyhow::Result;
use std::sync::Arc;
use std::time::Duration;

/// The build that waits in the repository.
const BUILD: &str = "v1.1.0";

/// From one look for events to the next.
const EVERY: Duration = Duration::from_millis(500);

/// Says what to open and to try, and shows events as they come. It goes on until it is dropped.
///
/// # Errors
/// The local AWS does not answer.
pub async fn run(local: &Local, stage: Arc<Stage>, show: &Show) -> Result<()> {
    // A person at the CLI may do what no function may.
    local.proxy.allow_all(&stage.aws.account);
    let _alarms = Alarms::relay(&stage);
    let traffic = Traffic::start(&stage);
    let Stage { registry, aws, .. } = stage.as_ref();
    registry.push(aws, REPOSITORY, BUILD).await?;
    let log = local.server.log.display().to_string();
    advise(&commands(&stage, &log)?, show);
    show.say("the local AWS is up, blue is active, on v1.0.0, and v1.1.0 is in the repository");
    show.say("events appear here as they come; Ctrl-C ends it");
    let (mut shown, mut begun) = (0, traffic.counts().begun);
    loop {
        let events = stage.inbox.events.all().await?;
        let new = events.iter().skip(shown).map(line);
        new.for_each(|line| show.say(&line));
        shown = events.len();
        let counts = traffic.counts();
        if counts.begun != begun {
            begun = counts.begun;
            show.say(&counts.describe());
        }
        show.live(&counts.live());
        tokio::time::sleep(EVERY).await;
    }
}

/// Shows commands as they are, to be copied; their titles stand out.
fn advise(commands: &str, show: &Show) {
    for line in commands.lines() {
        let title = line.starts_with('#');
        let title = title.then(|| show.canvas().paint.ink(Ink::Title, line));
        show.line(title.as_deref().unwrap_or(line));
    }
    show.line("");
}

/// An event in a few words; what flip did by itself has no title.
fn line(event: &Event) -> String {
    if event.what().is_empty() {
        let answer = &event.detail["responsePayload"];
        let [decision, reason] = ["decision", "reason"].map(|name| answer[name].as_str());
        let (decision, reason) = (decision.unwrap_or("nothing"), reason.unwrap_or_default());
        return format!("event of flip by itself: {decision}, {reason}");
    }
    let line = format!("event {}: {}", event.what(), event.text("title"));
    let approve = &event.detail["ask"]["approve"];
    match approve.is_object() {
        true => format!("{line}; to approve it: {}", typed(approve)),
        false => line,
    }
}

/// Commands to copy, each below what it does.
fn commands(stage: &Stage, log: &str) -> Result<String> {
    let Stage { aws, service, .. } = stage;
    let (endpoint, account) = (&aws.endpoint, &aws.account);
    let machine = stage.output("StateMachineArn")?;
    let table = stage.output("RecordTableName")?;
    Ok(format!(
        r##"
# in another terminal
export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={REGION} AWS_PAGER=
export AWS_ACCESS_KEY_ID={account} AWS_SECRET_ACCESS_KEY=rehearsal
MACHINE={machine}
start() {{ aws stepfunctions start-execution --state-machine-arn $MACHINE --input "$1"; }}

# open: the service as customers see it, and what the local AWS logs
curl -H 'host: {ENVIRONMENT}-alb.alb.localhost' $AWS_ENDPOINT_URL/api/v1/version \
  --aws-sigv4 aws:amz:{REGION}:elb --user {account}:rehearsal
tail -f {log}

# preview v1.1.0, release it, see what became of it, and roll back
start '{{"action": "plan", "request": {{"tag": "{BUILD}"}}}}'
start '{{"tag": "{BUILD}"}}'
aws stepfunctions list-executions --state-machine-arn $MACHINE
start '{{"action": "rollback", "reason": "just to see"}}'

# people decide: what is live and what waits, no release for now, and again; ID is the name of a release's execution
start '{{"action": "status"}}'
start '{{"action": "freeze", "reason": "the sale begins at noon"}}'
start '{{"action": "unfreeze"}}'
start '{{"action": "hold", "release": "ID", "reason": "are the orders right?"}}'
start '{{"action": "resume", "release": "ID"}}'
start '{{"action": "finish", "release": "ID", "reason": "seen enough"}}'
start '{{"action": "stop", "release": "ID", "reason": "the wrong build"}}'

# the last twenty releases
aws dynamodb query --table-name {table} \
  --no-scan-index-forward --max-items 20 \
  --key-condition-expression '#service = :service AND begins_with(#item, :release)' \
  --expression-attribute-names '{{"#service": "service", "#item": "item"}}' \
  --expression-attribute-values '{{":service": {{"S": "{service}"}}, ":release": {{"S": "release#"}}}}' \
  --query 'Items[].[claimedAt.S, tag.S, to.S, phase.S, reason.S]' --output text

# the body of its dashboard
aws cloudwatch get-dashboard --dashboard-name {service}-releases-{REGION}"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(source: &str, detail: Value) -> Event {
        Event {
            source: source.to_owned(),
            detail_type: String::new(),
            time: String::new(),
            resources: Vec::new(),
            detail,
        }
    }

    #[test]
    fn an_event_is_a_line() {
        let title = "shop: v1.1.0 released to green";
        let told = event("blue-green", json!({"event": "released", "title": title}));
        assert_eq!(line(&told), format!("event released: {title}"));
        let ask = json!({"approve": {"action": "approve"}});
        let waits = event(
            "blue-green",
            json!({"event": "awaits-approval", "title": "it waits", "ask": ask}),
        );
        let expect = r#"event awaits-approval: it waits; to approve it: {"action": "approve"}"#;
        assert_eq!(line(&waits), expect);
        let answer = json!({"decision": "flipped-back", "reason": "alarm shop-green-5xx"});
        let by_itself = event("lambda", json!({"responsePayload": answer}));
        let expect = "event of flip by itself: flipped-back, alarm shop-green-5xx";
        assert_eq!(line(&by_itself), expect);
    }
}
