//! The tests of `word.rs`.

use super::*;
use serde_json::{Value, json};

fn read(input: Value) -> Result<Word, Refusal> {
    let fields = input.as_object().expect("fields");
    word(fields["action"].as_str().expect("an action"), fields)
}

fn check(input: Value, expect: Says) {
    let word = read(input.clone()).map(|word| word.says);
    assert_eq!(word, Ok(expect), "{input}");
}

fn refused(input: Value, expect: &str) {
    let reason = read(input.clone()).expect_err("no word");
    assert!(reason.as_str().contains(expect), "{input}: {reason}");
}

#[test]
fn each_word_is_read_with_the_release_that_it_is_for() {
    let of = |action: &str| json!({"action": action, "release": "r1"});
    let (release, gate) = (ReleaseId::from("r1"), None);
    check(
        of("approve"),
        Says::Approve {
            release: release.clone(),
            gate: gate.clone(),
        },
    );
    check(
        json!({"action": "reject", "release": "r1", "gate": " flip to 10 % "}),
        Says::Reject {
            release: release.clone(),
            gate: Some("flip to 10 %".to_owned()),
        },
    );
    check(of("hold"), Says::Hold(release.clone()));
    check(of("resume"), Says::Resume(release.clone()));
    check(of("finish"), Says::Finish(release.clone()));
    check(of("stop"), Says::Stop(release));
    check(json!({"action": "unfreeze"}), Says::Unfreeze);
}

#[test]
fn a_freeze_has_a_reason_and_may_have_an_end_in_any_zone() {
    let freeze =
        json!({"action": "freeze", "reason": "sale", "until": "2026-12-27T08:00:00+01:00"});
    let until = "2026-12-27T07:00:00Z".parse().ok();
    check(freeze, Says::Freeze { until });
    check(
        json!({"action": "freeze", "reason": "sale"}),
        Says::Freeze { until: None },
    );
    refused(json!({"action": "freeze"}), "a freeze needs a reason");
    for until in ["tomorrow", "2026-12-27", "2026-12-27T08:00:00"] {
        let freeze = json!({"action": "freeze", "reason": "sale", "until": until});
        refused(freeze, &format!("found {until}"));
    }
}

#[test]
fn who_decides_and_why_may_be_left_out_and_is_short() {
    let word = read(json!({"action": "hold", "release": "r1"})).expect("a word");
    assert_eq!((word.by, word.reason.as_str()), (None, ""));
    let long = "x".repeat(10_000);
    let word = read(json!({"action": "unfreeze", "by": "ana\nben", "reason": long}));
    let word = word.expect("a word");
    assert_eq!(word.by.as_deref(), Some("ana ben"));
    assert!(word.reason.len() < 400);
}

#[test]
fn a_field_that_a_word_does_not_have_is_refused_by_name() {
    for action in ["approve", "reject", "hold", "resume", "finish", "stop"] {
        let needs = format!("{action} needs the release");
        refused(json!({"action": action}), &needs);
        refused(
            json!({"action": action, "release": 7}),
            "release: expected text",
        );
        let until = json!({"action": action, "release": "r1", "until": "2026-12-27T08:00:00Z"});
        refused(until, "until = ");
    }
    refused(
        json!({"action": "hold", "release": "r1", "gate": "finish"}),
        "gate = ",
    );
    refused(json!({"action": "unfreeze", "release": "r1"}), "release = ");
    refused(
        json!({"action": "freeze", "reason": "x", "override": "y"}),
        "override = ",
    );
}
