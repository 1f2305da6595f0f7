//! The tests of `bar.rs`.

use super::*;
use fixtures::at;
use record::{Before, Decision, Freeze, QueuedRequest};

fn frozen(until: Option<Time>) -> Record {
    let decision = Decision {
        execution: "arn:f1".into(),
        by: Some("ana".to_owned()),
        reason: "sale".to_owned(),
        at: at(0),
    };
    Record {
        freeze: Some(Freeze {
            decision,
            until,
            ended: None,
        }),
        ..Record::default()
    }
}

/// Releases begin in the first half of each hour.
fn first_half() -> DecisionPolicy {
    DecisionPolicy {
        window: Some(ReleaseWindow::read("0-29 * * * *", "UTC")),
        ..DecisionPolicy::default()
    }
}

fn time(text: &str) -> Time {
    text.parse().expect("a time")
}

#[test]
fn nothing_bars_a_request_by_default() {
    let policy = DecisionPolicy::default();
    assert_eq!(
        bar(&Record::default(), &policy, &"arn:me".into(), at(0)),
        None
    );
}

#[test]
fn a_freeze_bars_until_its_end_and_names_who_has_frozen_and_why() {
    let policy = DecisionPolicy::default();
    let record = frozen(Some(at(60)));
    let barred = bar(&record, &policy, &"arn:me".into(), at(59)).expect("barred");
    assert_eq!(barred.until(), Some(at(60)));
    assert!(
        barred.why().as_str().contains("by ana: sale"),
        "{}",
        barred.why()
    );
    assert_eq!(bar(&record, &policy, &"arn:me".into(), at(60)), None);
    let forever = bar(&frozen(None), &policy, &"arn:me".into(), at(60)).expect("barred");
    assert_eq!(forever.until(), None);
}

#[test]
fn what_an_earlier_try_has_begun_is_barred_by_nothing() {
    let record = Record {
        holder: Some("arn:me".into()),
        ..frozen(None)
    };
    assert_eq!(bar(&record, &first_half(), &"arn:me".into(), at(0)), None);
    assert!(bar(&record, &first_half(), &"arn:other".into(), at(0)).is_some());
}

#[test]
fn outside_of_the_window_a_request_is_barred_until_it_opens() {
    let barred_at = |now| {
        bar(
            &Record::default(),
            &first_half(),
            &"arn:me".into(),
            time(now),
        )
    };
    assert_eq!(barred_at("2026-11-23T12:29:59Z"), None);
    let barred = barred_at("2026-11-23T12:30:00Z").expect("barred");
    assert_eq!(barred.until(), Some(time("2026-11-23T13:00:00Z")));
    let expect =
        "the release window 0-29 * * * * (UTC) is closed, and opens at 2026-11-23 13:00:00 UTC";
    assert_eq!(barred.why().as_str(), expect);
}

#[test]
fn a_window_that_cannot_be_used_or_never_opens_lets_nothing_begin() {
    for (pattern, expect) in [
        ("tonight", "cannot be used"),
        ("* * 30 2 *", "does not open within a year"),
    ] {
        let policy = DecisionPolicy {
            window: Some(ReleaseWindow::read(pattern, "UTC")),
            ..DecisionPolicy::default()
        };
        let barred = bar(&Record::default(), &policy, &"arn:me".into(), at(0)).expect("barred");
        assert!(matches!(barred, Bar::Unusable { .. }), "{barred:?}");
        assert!(
            barred.refuses().as_str().contains(expect),
            "{}",
            barred.refuses()
        );
    }
}

#[test]
fn a_push_ends_at_a_freeze_that_only_names_it_and_waits_for_every_other_bar() {
    let name = DecisionPolicy::default();
    let release = DecisionPolicy {
        after_freeze: AfterFreeze::Release,
        ..DecisionPolicy::default()
    };
    let barred = bar(&frozen(None), &name, &"arn:me".into(), at(0)).expect("barred");
    assert!(barred.ends_push(&name) && !barred.ends_push(&release));
    assert!(
        barred
            .holds_back(&name)
            .contains("sale. This push is held back")
    );
    assert!(
        barred
            .holds_back(&release)
            .contains("begins then by itself")
    );
    let now = time("2026-11-23T12:30:00Z");
    let closed = bar(&Record::default(), &first_half(), &"arn:me".into(), now);
    assert!(!closed.expect("barred").ends_push(&name));
}

#[test]
fn an_operator_learns_how_to_begin_all_the_same() {
    let policy = DecisionPolicy::default();
    let barred = bar(&frozen(None), &policy, &"arn:me".into(), at(0)).expect("barred");
    let refusal = barred.refuses();
    let expect =
        "by ana: sale. To begin all the same, add \"override\": \"REASON\" to the request.";
    assert!(refusal.as_str().ends_with(expect), "{refusal}");
    let overridden = barred.overridden("hot fix");
    assert!(
        overridden.starts_with("begun although releases are frozen"),
        "{overridden}"
    );
    assert!(overridden.ends_with(": hot fix"), "{overridden}");
}

fn newest(execution: &str) -> Record {
    Record {
        newest: Some(QueuedRequest {
            made_at: at(0),
            started_at: at(0),
            execution: execution.into(),
            pushed_digest: None,
            pushed_members: Vec::new(),
        }),
        ..Record::default()
    }
}

fn gate_of(release: &str) -> Record {
    Record {
        gate: Some(Gate {
            release: release.into(),
            before: Before::Commands,
            opened_at: at(0),
            until: at(60),
            command: None,
            outcome: None,
        }),
        ..Record::default()
    }
}

#[test]
fn what_has_waited_as_the_window_closes_waits_until_it_opens_again_and_a_freeze_refuses_it() {
    let now = time("2026-11-23T12:30:00Z");
    let barred = |record| bar(&record, &first_half(), &"arn:me".into(), now).expect("barred");
    for record in [newest("arn:me"), gate_of("me")] {
        let closed = barred(record.clone());
        assert!(closed.lets_wait(false), "{closed:?}");
        let reason = closed.holds_back(&first_half());
        assert!(reason.contains("This request waits"), "{reason}");
        let frozen = barred(Record {
            freeze: frozen(None).freeze,
            ..record
        });
        assert!(!frozen.lets_wait(false) && frozen.lets_wait(true));
    }
    for record in [newest("arn:other"), gate_of("other")] {
        let closed = barred(record);
        assert!(!closed.lets_wait(false) && closed.lets_wait(true));
    }
}

#[test]
fn what_an_earlier_try_has_overridden_is_said_all_the_same() {
    let policy = DecisionPolicy::default();
    let barred = bar(&frozen(None), &policy, &"arn:me".into(), at(0));
    let said = overridden(barred.as_ref(), false, "hot fix").expect("a warning");
    assert!(said.starts_with("begun although"), "{said}");
    let begun = overridden(None, true, "hot fix");
    assert_eq!(begun.as_deref(), Some("begun with an override: hot fix"));
    assert_eq!(overridden(None, false, "hot fix"), None);
}
