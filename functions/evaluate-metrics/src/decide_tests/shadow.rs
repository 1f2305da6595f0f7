//! In shadow the verdict speaks and does not act: time alone ends a step, and the answer says what would have been done.

use super::*;
use shared::Error;
use shared::alarms::AlarmState;

fn shadow() -> Policy {
    Policy {
        mode: VerdictMode::Shadow,
        ..policy()
    }
}

fn failing(seconds: i64) -> Snapshot {
    changed(seconds, |_, metrics| {
        metrics.new[1] = minute(1, 1000.0, 700.0)
    })
}

#[test]
fn a_bad_release_stays_for_its_time_and_the_answer_says_what_would_have_been() {
    let would = "shadow: would have flipped back: target 5xx 700 in 1500 requests";
    let unhealthy = Verdict::Unhealthy;
    check(&shadow(), &failing(119), unhealthy, Decision::Watch, would);
    check(&shadow(), &failing(120), unhealthy, Decision::Keep, would);
    let kept = judge(&failing(120), &all_at_once(120), &shadow());
    let warnings = kept.warnings(kept.would_flip_back.as_deref());
    assert!(
        warnings.len() == 1 && warnings[0].starts_with(would),
        "{warnings:?}"
    );
}

#[test]
fn what_an_earlier_poll_would_have_done_is_not_forgotten() {
    let recovered = judge(&at(120), &all_at_once(120), &shadow());
    assert_eq!(recovered.decision, Decision::Keep);
    assert_eq!(recovered.would_flip_back, None);
    let warnings = recovered.warnings(Some("healthy targets 0 of 4"));
    assert_eq!(
        warnings,
        ["shadow: would have flipped back: healthy targets 0 of 4"]
    );
    let watching = judge(&at(60), &all_at_once(120), &shadow());
    assert_eq!(watching.warnings(Some("healthy targets 0 of 4")), [""; 0]);
}

#[test]
fn a_share_grows_by_time_alone() {
    let split = |snapshot: Snapshot| Snapshot {
        forwarding: Some(Ok(Forwarding::To(a_tenth().traffic()))),
        ..snapshot
    };
    let silent = |seconds| split(changed(seconds, |_, metrics| metrics.new.clear()));
    let (open, unhealthy) = (Verdict::Inconclusive, Verdict::Unhealthy);
    let check = |snapshot: Snapshot, verdict, decision, reason| {
        check_watch(&a_tenth(), &shadow(), &snapshot, verdict, decision, reason);
    };
    check(silent(299), open, Decision::Watch, "no request");
    check(silent(300), open, Decision::Advance, "no request");
    let warnings = judge(&silent(300), &a_tenth(), &shadow()).warnings(None);
    assert!(
        warnings[0].starts_with("advanced without a verdict: no request"),
        "{warnings:?}"
    );
    let gone = |seconds| {
        split(changed(seconds, |snapshot, _| {
            snapshot.targets = Ok(TargetSummary::default());
        }))
    };
    let would = "shadow: would have flipped back: healthy targets 0";
    check(gone(299), unhealthy, Decision::Watch, would);
    check(gone(300), unhealthy, Decision::Advance, would);
}

/// An alarm or a person has flipped back: there is nothing left to watch.
#[test]
fn rules_that_do_not_forward_as_the_step_says_act_all_the_same() {
    let forwards = |forwarding| {
        changed(15, |snapshot, _| {
            snapshot.forwarding = Some(forwarding);
        })
    };
    let back = forwards(Ok(Forwarding::To(Traffic::all(Environment::Blue))));
    let unclear = forwards(Ok(Forwarding::Unclear("rule-1 has three groups".into())));
    let (unhealthy, flip_back) = (Verdict::Unhealthy, Decision::FlipBack);
    for (snapshot, reason) in [
        (&back, "the rules forward to blue, not to green (10 %)"),
        (&unclear, "the rules no longer forward to green (10 %)"),
    ] {
        let (watch, policy) = (a_tenth(), shadow());
        check_watch(&watch, &policy, snapshot, unhealthy, flip_back, reason);
        let found = judge(snapshot, &watch, &policy);
        assert!(found.reason.starts_with(reason), "{}", found.reason);
        assert_eq!(found.would_flip_back, None);
    }
    let unread = forwards(Err(Error::AwsUnavailable("timed out".to_owned())));
    let open = Verdict::Inconclusive;
    check_watch(
        &a_tenth(),
        &shadow(),
        &unread,
        open,
        Decision::Watch,
        "timed out",
    );
}

#[test]
fn at_100_percent_the_grace_is_waited_for_and_no_policy_flips_back() {
    let silent = |seconds| changed(seconds, |_, metrics| metrics.new.clear());
    let strict = Policy {
        on_inconclusive: OnInconclusive::FlipBack,
        ..shadow()
    };
    let open = Verdict::Inconclusive;
    check(&strict, &silent(299), open, Decision::Watch, "no request");
    let reason = "shadow: would have flipped back: no request";
    check(&strict, &silent(300), open, Decision::Keep, reason);
    check(
        &shadow(),
        &silent(300),
        open,
        Decision::Keep,
        "OnInconclusive says keep",
    );
}

#[test]
fn an_alarm_acts_all_the_same() {
    let alarm = changed(15, |snapshot, _| {
        snapshot.alarms = Some(Ok(vec![AlarmState {
            name: "checkout".to_owned(),
            state: "ALARM".to_owned(),
            reason: "latency 3 > 1".to_owned(),
        }]));
    });
    let (unhealthy, flip_back) = (Verdict::Unhealthy, Decision::FlipBack);
    check(&shadow(), &alarm, unhealthy, flip_back, "alarm checkout");
    assert_eq!(
        judge(&alarm, &all_at_once(120), &shadow()).would_flip_back,
        None
    );
}
