//! Every variable that a function reads, with any text or none.

use crate::tally::Tally;
use detect::claim::CommandsFrom;
use detect::decisions::{DecisionPolicy, ReleaseWindow};
use detect::request::TrafficPolicy;
use proptest::prelude::*;
use shared::config::Settings;
use shared::routing::Routing;
use shared::{Error, Time, WhenStopped};
use smoke::reach::Loopback;
use std::collections::HashMap;

/// Environments drawn.
const CASES: u32 = 1000;

const VARIABLES: [&str; 45] = [
    "RULE_ARNS",
    "BLUE_TARGET_GROUP_ARN",
    "GREEN_TARGET_GROUP_ARN",
    "BLUE_SERVICE_ARN",
    "GREEN_SERVICE_ARN",
    "WATCH_SECONDS",
    "INCONCLUSIVE_GRACE_SECONDS",
    "BASELINE_SECONDS",
    "MAX_TARGET_5XX",
    "MIN_REQUESTS",
    "CEILING_P99_MILLISECONDS",
    "SERVICE",
    "ALARM_NAMES",
    "ROLLBACK_ALARM_NAMES",
    "ON_ALARM_BEFORE_FLIP",
    "ON_INCONCLUSIVE",
    "ON_SUSPICION",
    "ON_LATENCY",
    "MAX_LATENCY_RATIO",
    "REFUSE_ON_WARNINGS",
    "TAG_PREFIX",
    "TAG_EXCEPTIONS",
    "CONTAINER_NAME",
    "TRAFFIC_STEPS",
    "VERDICT_MODE",
    "WHEN_STOPPED",
    "COMMANDS_FROM",
    "MIGRATION_COMMAND",
    "CONTRACT_COMMAND",
    "SQL_DIALECT",
    "STABLE_RELEASES_BEFORE_CONTRACT",
    "SMOKE_SPEC",
    "BLUE_BASE_URL",
    "SMOKE_LOOPBACK",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "APPROVAL_BEFORE",
    "APPROVAL_TIMEOUT_SECONDS",
    "WHEN_NOT_APPROVED",
    "WHEN_NEWER_PUSHED",
    "HOLD_TIMEOUT_SECONDS",
    "FREEZE_AFTER_ROLLBACK",
    "AFTER_FREEZE",
    "RELEASE_WINDOW",
    "RELEASE_WINDOW_TIMEZONE",
    "POLL_SECONDS",
];

/// Values that come near to the right ones, beside any text.
const NEAR: [&str; 35] = [
    "",
    " ",
    ",,",
    "NaN",
    "-1",
    "1e400",
    "0",
    "120",
    "keep",
    "flip-back",
    "shadow",
    "decide",
    "leave",
    "10:5,100:5",
    "allowed",
    "refuse",
    "rule-moved,alarm-on",
    "[\"migrate\", \"up\"]",
    "postgresql",
    "nobody",
    "request",
    "arn:aws:ecs:eu-west-1:1:service/shop-blue/api",
    "arn:aws:ecs:eu-west-1:1:service/",
    "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shop/1,f2f7/9683,0467/-,/",
    "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/,/,-/,/-",
    "http://ops:s3cret@green.internal",
    "none",
    "flip,each-step",
    "reject",
    "replace",
    "on",
    "name",
    "* 9-16 * * MON-THU",
    "*/7 0 L 2 5#3",
    "Europe/Berlin",
];

/// What cannot be used is refused by the variable's name; what is accepted can be judged by.
pub fn arbitrary_variables(tally: &Tally) {
    let value = prop_oneof![
        3 => prop::sample::select(&NEAR[..]).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[0-9.eE+-]{0,12}",
    ];
    let variable = (prop::sample::select(&VARIABLES[..]), value);
    let variables = prop::collection::hash_map(variable.0, variable.1, 0..=VARIABLES.len());
    tally.draw(CASES, variables, |variables| {
        tally.check(&variables.clone(), || read_all(&variables))
    });
}

fn read_all(variables: &HashMap<&str, String>) {
    let settings = Settings(|name: &str| variables.get(name).cloned());
    if let Some(routing) = usable(Routing::read(&settings)) {
        assert!(!routing.rule_arns.is_empty());
    }
    usable(detect::look::service_names(&settings));
    usable(detect::request::TagPolicy::read(&settings));
    if let Some(policy) = usable(TrafficPolicy::read(&settings)) {
        has_steps(&policy);
    }
    usable(when_stopped(&settings));
    if let Some(policy) = usable(evaluate_metrics::policy::read(&settings)) {
        let limits = [
            Some(policy.max_target_5xx),
            Some(policy.min_requests),
            policy.ceilings.p99_milliseconds,
        ];
        assert!(
            limits
                .iter()
                .flatten()
                .all(|it| *it >= 0.0 && it.is_finite())
        );
        let ratio = policy.latency.map(|limit| limit.max_ratio);
        assert!(ratio.is_none_or(|it| it >= 1.0 && it.is_finite()));
    }
    if let Some(alarms) = usable(shared::alarms::AlarmPolicy::read(&settings)) {
        assert!(alarms.names.iter().all(|it| !it.is_empty()));
    }
    if let Some(names) = usable(settings.list_or_none("ROLLBACK_ALARM_NAMES")) {
        assert!(names.iter().all(|it| !it.is_empty()));
    }
    usable(detect::preflight::PreflightPolicy::read(&settings));
    usable(DecisionPolicy::read(&settings));
    window(&settings);
    if let Some(policy) = usable(detect::claim::MigrationPolicy::read(&settings)) {
        let commands = [policy.standing, policy.contract];
        let mut commands = commands.into_iter().flatten();
        let some = !matches!(policy.commands_from, CommandsFrom::Nobody);
        assert!(commands.all(|it| some && !it.command.is_empty()));
    }
    base_url(&settings);
    usable(smoke::spec::read(
        settings.optional("SMOKE_SPEC").as_deref(),
    ));
    if variables.contains_key("AWS_LAMBDA_INITIALIZATION_TYPE") {
        assert_eq!(Loopback::read(&settings), Loopback::Refused);
    }
}

/// A release gets steps, or a refusal that names the parameter.
fn has_steps(policy: &TrafficPolicy) {
    assert!(policy.watch_seconds > 0);
    match policy.steps(None) {
        Ok(planned) => assert!(planned.steps.last().is_some_and(|it| it.share.is_all())),
        Err(refusal) => assert!(refusal.as_str().starts_with("the parameter TrafficSteps")),
    }
}

fn when_stopped(
    settings: &Settings<impl Fn(&str) -> Option<String>>,
) -> Result<WhenStopped, Error> {
    settings.named("WHEN_STOPPED", "flip-back or leave")
}

fn usable<T>(result: Result<T, Error>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            assert_eq!(error.name(), "InvalidConfiguration");
            let message = error.to_string();
            assert!(message.contains("expected") || message.contains("cannot be used"));
            assert!(message.contains("parameter") && message.chars().count() < 1000);
            None
        }
    }
}

/// A password in one is not quoted.
fn base_url<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) {
    let Some(url) = settings.optional("BLUE_BASE_URL") else {
        return;
    };
    match shared::base_url(&url) {
        Ok(url) => assert!(!url.contains('@')),
        Err(refusal) => assert!(!refusal.as_str().contains("s3cret"), "{refusal}"),
    }
}

/// A window that can be used opens later, if ever; one that cannot says what to write.
fn window<F: Fn(&str) -> Option<String>>(settings: &Settings<F>) {
    let pattern = settings.optional("RELEASE_WINDOW").unwrap_or_default();
    let zone = settings.optional("RELEASE_WINDOW_TIMEZONE");
    let now: Time = "2027-01-15T08:00:00Z".parse().expect("a time");
    match ReleaseWindow::read(&pattern, zone.as_deref().unwrap_or("UTC")) {
        Ok(window) => {
            let opens = window.opens(now);
            assert!(opens.is_none_or(|opens| opens > now && window.is_open(opens)));
        }
        Err(refusal) => assert!(refusal.as_str().contains("expected"), "{refusal}"),
    }
}
