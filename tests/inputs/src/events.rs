//! What starts a release, what moves traffic, and what one state gives to the next.

use crate::refusal::{accepted, short};
use chrono::{DateTime, Utc};
use detect::request::{self, ExecutionRequest, OwnRepository, Request, Shift, TrafficPolicy, Word};
use flip::event;
use flip::trust::TrustedAlarms;
use record::Source;
use serde_json::{Value, json};
use shared::runtime::{read_input, read_task};
use shared::{Error, MOST_SECONDS_OF_STEPS, PerEnvironment, ReleasePlan, VerdictMode};

/// The registry of the repository.
const REGISTRY: &str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/// A request is accepted in one form only, and names what it means in full.
pub fn request(input: &Value) -> bool {
    let execution = "arn:aws:states:eu-west-1:111122223333:execution:shop-release:r1".into();
    let repository = OwnRepository::of("shop", "123456789012", &execution);
    let read = match request::read(input, &repository) {
        Ok(read) => read,
        Err(refusal) => {
            short(refusal.as_str());
            let says_how = refusal.as_str().contains("Accepted forms");
            assert!(says_how, "{refusal}");
            assert_eq!(from_ci(input, &repository), None, "only CI gets that");
            return false;
        }
    };
    named_in_full(&read, &repository);
    overrides(&read);
    origin(&read);
    match (input["action"] == "from-ci", from_ci(input, &repository)) {
        (true, twice) => {
            assert_eq!(twice, None, "wrapped twice");
            fits_ci(&read);
        }
        (false, Some(from_ci)) => {
            assert_eq!(from_ci.request, read.request);
            fits_ci(&from_ci);
        }
        (false, None) => {}
    }
    if let Some(shift) = &read.traffic {
        steps(shift);
    }
    true
}

/// What a request means, its full name means too.
fn named_in_full(read: &ExecutionRequest, repository: &OwnRepository) {
    let again = |form: Value| {
        let plain = request::read(&form, repository).map(|it| it.request);
        assert_eq!(plain.as_ref(), Ok(&read.request));
    };
    match &read.request {
        Request::Push { digest, tag, .. } => {
            assert_eq!(digest.as_str().len(), "sha256:".len() + 64);
            if let Some(tag) = tag {
                assert!(request::read(&json!({ "tag": tag }), repository).is_ok());
            }
        }
        Request::Tag(tag) => {
            again(json!({ "image": format!("shop:{tag}") }));
            again(json!({ "image": format!("{REGISTRY}/shop:{tag}") }));
        }
        Request::Digest { digest, tag } => {
            let tag = tag.as_ref().map_or(String::new(), |tag| format!(":{tag}"));
            again(json!({ "image": format!("{REGISTRY}/shop{tag}@{digest}") }));
        }
        Request::TaskDefinition(arn) => again(json!({ "taskDefinition": arn })),
        Request::Rollback { reason } => short(reason),
        Request::Contract { step, .. } => {
            assert!(step.as_ref().is_none_or(|it| !it.command.is_empty()));
        }
        Request::Decide(word) => decided(word),
        Request::Sync { .. } | Request::ReportDrift | Request::Status => {
            assert!(read.migration.is_none() && read.traffic.is_none());
        }
    }
}

/// Who decides, and why, is short, or was left out.
fn decided(word: &Word) {
    let texts = word.by.iter().chain([&word.reason]);
    texts.filter(|it| !it.is_empty()).for_each(|it| short(it));
}

/// What the input is where CI brings it.
fn from_ci(input: &Value, repository: &OwnRepository) -> Option<ExecutionRequest> {
    let wrapped = json!({"action": "from-ci", "request": input});
    request::read(&wrapped, repository).ok()
}

/// Who asks, and why, is short.
fn origin(read: &ExecutionRequest) {
    if let Some(origin) = &read.origin {
        let texts = [&origin.event, &origin.by, &origin.reason];
        texts.into_iter().flatten().for_each(|it| short(it));
    }
}

/// CI releases an image, without a command and without an override, or reads the status.
fn fits_ci(read: &ExecutionRequest) {
    let source = read.origin.as_ref().map(|it| &it.source);
    let releases = matches!(
        read.request,
        Request::Tag(_) | Request::Digest { .. } | Request::TaskDefinition(_)
    );
    assert!(releases || read.request == Request::Status, "{read:?}");
    assert_eq!(source, releases.then_some(&Source::Ci));
    assert!(read.migration.is_none() && read.overrides.is_none());
}

/// Only what an operator begins overrides a freeze.
fn overrides(read: &ExecutionRequest) {
    let begins = matches!(
        read.request,
        Request::Tag(_)
            | Request::Digest { .. }
            | Request::TaskDefinition(_)
            | Request::Sync { .. }
            | Request::Contract { .. }
    );
    let reason = read.overrides.as_deref();
    assert!(reason.is_none_or(|it| begins && !it.is_empty()));
}

/// The steps of a release end with all of the traffic, and no push waits too long behind them.
fn steps(shift: &Shift) {
    let policy = TrafficPolicy {
        parameter: None,
        watch_seconds: 120,
        grace_seconds: 180,
        mode: VerdictMode::Decide,
    };
    match policy.steps(Some(shift)) {
        Ok(planned) => {
            let last = planned.steps.last().map(|it| it.share.is_all());
            assert_eq!(last, Some(true), "{planned:?}");
            let longest = planned.steps.iter().map(|it| u64::from(it.seconds) + 180);
            assert!(longest.sum::<u64>() <= u64::from(MOST_SECONDS_OF_STEPS));
        }
        Err(refusal) => short(refusal.as_str()),
    }
}

/// The alarms that flip believes beside the stack's own.
pub const LISTED: [&str; 2] = ["shop-green-slow-or-wrong", "team-error-rate"];

/// Alarms keep what decides through every wrap, and only the stack's and the listed ones are believed; a task is a whole
/// one.
pub fn alarm(input: &Value) -> bool {
    let Some(request) = accepted(read_alarm(input.clone()), &["InvalidInput"]) else {
        return false;
    };
    let event::Request::Alarms(alarms) = &request else {
        return true;
    };
    assert!(!alarms.trusted.is_empty() || !alarms.foreign.is_empty());
    let own = ["shop-blue-5xx", "shop-green-5xx"];
    for alarm in &alarms.trusted {
        let name = alarm.name.as_str();
        assert!(own.contains(&name) || LISTED.contains(&name), "{name}");
        short(&alarm.reason);
    }
    for refusal in &alarms.foreign {
        short(refusal.as_str());
    }
    if let Some(error) = alarms.unreadable.clone() {
        accepted(Err::<(), _>(error), &["InvalidInput"]);
    }
    if input.get("Records").is_none() {
        let wrapped = json!({"Records": [{"Sns": {"Message": input.to_string()}}]});
        assert_eq!(read_alarm(wrapped).as_ref(), Ok(&request));
    }
    true
}

/// Reads an event for the stack `shop`.
///
/// # Errors
/// As flip gives them.
pub fn read_alarm(input: Value) -> Result<event::Request, Error> {
    let group = |name: &str| {
        format!(
            "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-{name}/73e2d6bc24d8a067"
        )
    };
    let groups = PerEnvironment {
        blue: group("blue"),
        green: group("green"),
    };
    let trusted = TrustedAlarms {
        service: "shop",
        listed: &LISTED.map(str::to_owned),
        function_arn: "arn:aws:lambda:eu-west-1:123456789012:function:shop-Flip",
    };
    event::read(input, trusted, &groups, now())
}

/// When every input is tried.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default()
}

/// Each function reads the tasks that it knows, and a plan goes on to the next state as it came.
pub fn task(input: &Value) -> bool {
    let names = ["InvalidInput"];
    let known = [
        accepted(read_task::<detect::task::Task>(input.clone()), &names).is_some(),
        accepted(read_task::<deploy::task::Task>(input.clone()), &names).is_some(),
        accepted(read_task::<flip::task::Task>(input.clone()), &names).is_some(),
        accepted(read_input::<smoke::task::Task>(input.clone()), &names).is_some(),
        accepted(
            read_task::<evaluate_metrics::task::Task>(input.clone()),
            &names,
        )
        .is_some(),
    ];
    let plan = read_input::<ReleasePlan>(input.get("plan").cloned().unwrap_or_default());
    if let Some(plan) = accepted(plan, &names) {
        let again: Result<ReleasePlan, _> = read_input(json!(plan));
        assert_eq!(again, Ok(plan));
    }
    known.contains(&true)
}
