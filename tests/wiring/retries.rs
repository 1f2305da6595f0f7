//! How a task is tried again, by who notices that it waits.
//!
//! The first retrier that has an error's name decides about it alone: once it has used its tries, Catch follows, and no
//! later retrier. So each name stands once in a task.

use crate::machine::{VERIFIER, errors, tasks};
use project::{Names, list, machine, text};
use serde_json::{Value, json};
use shared::Error;

/// What AWS answers an account that asks for too much. Only time helps.
const THROTTLED: [&str; 2] = ["AwsUnavailable", "Lambda.TooManyRequestsException"];

/// Before the flip nobody notices that a release waits, and after it no good release is flipped back for throttles. The
/// delays are random, so that releases that began together do not ask together again.
const PATIENT: [&str; 14] = [
    "Detect environments",
    "Check traffic",
    "Register task definition",
    "Check migration",
    "Deploy to idle environment",
    "Check deployment",
    "Record smoke test",
    "Heed people",
    "Check alarms",
    "Flip traffic",
    "Scale idle environment again",
    "Record step",
    "Evaluate metrics",
    "Record release",
];

/// Users may get errors while these wait, or the next release waits behind them.
const URGENT: [&str; 4] = [
    "End stopped release",
    "Flip back",
    "Record failure",
    "Record rollback",
];

/// Patient with AWS, but Lambda turns them away for seconds only: people's words to roll back or to stop come in by the
/// first one, and an earlier try of the flip may have written some of the rules.
const QUICKLY_INVOKED: [&str; 2] = ["Detect environments", FLIP];

/// The first task waits behind all that has begun before it, and asks for more than any other. A flip must not begin on
/// alarms and targets that were looked at long ago.
const OTHER_TRIES: [(&str, u64); 2] = [("Detect environments", 20), (FLIP, 3)];

const FLIP: &str = "Flip traffic";

/// The longest that chance adds to a wait of a flip that AWS threw back, in seconds.
const AT_CHANCE: u64 = 60;

/// The others: somebody waits for a preview, nothing depends on it, or it asks next to nothing of AWS.
const USUAL: [&str; 8] = [
    "End freeze",
    "Look at previous environment",
    "Preview deployment",
    "Preview flip",
    "Preview traffic",
    "Record sync or contract",
    "Smoke test idle environment",
    VERIFIER,
];

/// Flipping back and releasing the record are tried again whatever went wrong: there is nothing better to do.
const RETRIED_WHATEVER: [&str; 4] = [
    "Flip back",
    "Record failure",
    "Record release",
    "Record rollback",
];

/// The longest that a retrier waits in all, in seconds.
pub fn longest(retrier: &Value) -> u64 {
    let of = |name: &str| retrier[name].as_u64().expect("a number");
    let longer = |delay: &u64| Some((delay * of("BackoffRate")).min(of("MaxDelaySeconds")));
    let delays = std::iter::successors(Some(of("IntervalSeconds")), longer);
    let tries = usize::try_from(of("MaxAttempts")).expect("tries");
    delays.take(tries).sum()
}

/// The longest that AWS can throttle each task of a release before its end, in seconds. The flip comes again at each look.
pub fn throttled(machine: &Value, looks: u64) -> u64 {
    let each = |name: &&str| {
        let waits = longest(&machine["States"][name]["Retry"][0]);
        if *name == FLIP {
            looks * (waits + AT_CHANCE)
        } else {
            waits
        }
    };
    PATIENT.iter().map(each).sum()
}

fn patient(task: &str) -> Value {
    let other = OTHER_TRIES.into_iter().find(|(name, _)| *name == task);
    json!({"ErrorEquals": THROTTLED, "IntervalSeconds": 10, "BackoffRate": 2, "MaxDelaySeconds": 300,
        "MaxAttempts": other.map_or(15, |(_, tries)| tries), "JitterStrategy": "FULL"})
}

fn urgent(names: &[&str]) -> Value {
    json!({"ErrorEquals": names, "IntervalSeconds": 1, "BackoffRate": 2, "MaxDelaySeconds": 8,
        "MaxAttempts": 15})
}

/// The usual retriers with one for throttles in front, which has their names instead of them.
fn in_front(first: Value, usual: &Value) -> Value {
    let mut rest = usual.clone();
    let names = rest[0]["ErrorEquals"].as_array_mut().expect("names");
    names.retain(|name| !THROTTLED.contains(&text(name).as_str()));
    let retriers = std::iter::once(first).chain(list(&rest).into_iter().cloned());
    retriers.collect()
}

/// The same for a task that Lambda turns away for seconds only.
fn quickly_invoked(mut retriers: Value) -> Value {
    retriers[0]["ErrorEquals"] = json!([THROTTLED[0]]);
    let list = retriers.as_array_mut().expect("retriers");
    list.insert(2, urgent(&THROTTLED[1..]));
    retriers
}

#[test]
fn given_any_task_then_it_has_a_timeout_and_the_retries_of_its_kind() {
    let machine = machine();
    let usual = &machine["States"][USUAL[0]]["Retry"];
    for (name, task) in tasks(&machine) {
        assert!(task["TimeoutSeconds"].is_u64(), "{name}");
        let mut found = task["Retry"].clone();
        if RETRIED_WHATEVER.contains(&name.as_str()) {
            let retriers = found.as_array_mut().expect("retriers");
            let last = retriers.pop().expect("a last retrier");
            assert_eq!(last["ErrorEquals"], json!(["States.ALL"]), "{name}");
        }
        let expect = match name.as_str() {
            it if QUICKLY_INVOKED.contains(&it) => quickly_invoked(in_front(patient(it), usual)),
            it if PATIENT.contains(&it) => in_front(patient(it), usual),
            it if URGENT.contains(&it) => in_front(urgent(&THROTTLED), usual),
            it if USUAL.contains(&it) => usual.clone(),
            _ => panic!("{name} is of no kind"),
        };
        assert_eq!(found, expect, "{name}");
    }
}

#[test]
fn given_a_name_that_is_tried_again_then_one_retrier_alone_has_it() {
    for (name, task) in tasks(&machine()) {
        let names = list(&task["Retry"]).into_iter();
        let names: Vec<_> = names.flat_map(|it| list(&it["ErrorEquals"])).collect();
        let once: Names = names.iter().map(|it| text(it)).collect();
        assert_eq!(once.len(), names.len(), "{name}");
    }
}

/// 300 releases in a minute ask the load balancers some 3,600 times before their flips, and AWS lets 10 calls a second
/// through; registering their task definitions takes it 280 s.
#[test]
fn given_an_account_full_of_releases_then_a_patient_task_waits_longer_than_all_of_them_take() {
    let states = &machine()["States"];
    let waits = longest(&states["Deploy to idle environment"]["Retry"][0]);
    assert_eq!(waits, 3310);
    // A random delay is half of the longest one on average.
    assert!(waits / 2 > 300 * 12 / 10);
    assert!(longest(&states["Flip back"]["Retry"][0]) < 120);
}

#[test]
fn given_a_retry_then_exactly_what_is_worth_another_try_is_tried_again() {
    for (state, task) in tasks(&machine()) {
        let retried = list(&task["Retry"]).into_iter();
        let retried = retried.flat_map(|block| list(&block["ErrorEquals"]));
        let retried = retried.map(text).filter(|name| errors().contains(name));
        let worth = Error::ALL.iter().filter(|(_, is_retryable)| *is_retryable);
        let worth = worth.map(|(name, _)| (*name).to_owned());
        assert_eq!(retried.collect::<Names>(), worth.collect(), "{state}");
    }
}

/// What was found before the flip is old after minutes: alarms and targets are looked at again, as after a wait for targets.
#[test]
fn given_a_flip_that_aws_throws_back_then_alarms_and_targets_are_looked_at_again() {
    let machine = machine();
    let states = &machine["States"];
    assert_eq!(longest(&states[FLIP]["Retry"][0]), 70);
    let first = &states[FLIP]["Catch"][0];
    assert_eq!(first["ErrorEquals"], json!(THROTTLED));
    assert_eq!(first["Assign"]["decision"], "throttled");
    let counted = &states[FLIP]["Assign"]["tries"];
    assert_eq!(&first["Assign"]["tries"], counted);
    assert_eq!(first["Next"], "Traffic flipped?");
    let rules = list(&states["Traffic flipped?"]["Choices"]).into_iter();
    let again = rules.filter(|it| text(&it["Condition"]).contains("'throttled'"));
    let again: Vec<_> = again.map(|it| text(&it["Next"])).collect();
    assert_eq!(again, ["Scale idle environment again"]);
    assert_eq!(states[&again[0]]["Next"], "Wait for targets");
    let waits = &states["Wait for targets"];
    assert_eq!(waits["Next"], "Check alarms");
    let chance = format!("$decision = 'throttled' ? $floor({AT_CHANCE} * $random()) : 0");
    assert!(text(&waits["Seconds"]).contains(&chance));
}
