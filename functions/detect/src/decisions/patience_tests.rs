//! The tests of `patience.rs`.

use super::*;
use fixtures::at;
use record::{Decision, Freeze, Release};

const DAY: i64 = 86_400;

fn asking(before: &[ApprovalBefore]) -> Approval {
    Approval {
        before: before.to_vec(),
        seconds: 86_400,
        ..Approval::default()
    }
}

#[test]
fn a_release_may_take_as_long_as_its_gates_and_its_holds() {
    use ApprovalBefore::{Commands, EachStep, Finish, Flip};
    for (before, before_flip, in_watch) in [
        (vec![], 0, 0),
        (vec![Flip], 1, 0),
        (vec![Flip, EachStep], 1, 2),
        (vec![Commands, EachStep], 2, 2),
        (vec![Finish], 0, 1),
        (vec![Commands, Flip, EachStep, Finish], 2, 3),
    ] {
        let approval = asking(&before);
        let seconds = seconds_before_flip(Some(&approval), 3600);
        assert_eq!(seconds, before_flip * DAY + 3600, "{before:?}");
        let seconds = seconds_in_watch(Some(&approval), 3, 3600);
        assert_eq!(seconds, in_watch * DAY + 3600, "{before:?}");
    }
    assert_eq!(seconds_behind(None, 3600), 68_530 + 2 * 3600);
    let each = asking(&[EachStep]);
    assert_eq!(seconds_behind(Some(&each), 0), 68_530 + 20 * DAY);
}

#[test]
fn a_request_asks_as_often_as_what_it_waits_for_may_take() {
    let policy = DecisionPolicy {
        hold_seconds: 3600,
        poll_seconds: 15,
        ..DecisionPolicy::default()
    };
    let asks = |record: &Record, elapsed| behind(&policy, record, at(0), at(elapsed));
    let plain = Record {
        release: Some(fixtures::release("r1")),
        ..Record::default()
    };
    assert_eq!(asks(&plain, 0), 15);
    assert_eq!(asks(&plain, 1800), 90);
    assert_eq!(asks(&plain, 36_000), 505);
    let gated = Record {
        release: Some(Release {
            approval: Some(asking(&[ApprovalBefore::Flip])),
            ..fixtures::release("r1")
        }),
        ..Record::default()
    };
    assert_eq!(asks(&gated, 36_000), 1081);
    let decision = Decision {
        execution: "arn:f1".into(),
        by: None,
        reason: "sale".to_owned(),
        at: at(0),
    };
    let frozen = Record {
        freeze: Some(Freeze {
            decision,
            until: None,
            ended: None,
        }),
        ..Record::default()
    };
    assert_eq!((asks(&frozen, 0), asks(&frozen, DAY)), (60, 4320));
}
