//! Whose turn it is: the newest request, once no release is in progress and nothing of an earlier one is at work.

use chrono::TimeDelta;
use shared::record::{Arrival, Lease, Phase, Record, Request, Time};

/// How long a function that deploys may live, in seconds: its timeout in `template.yaml`.
pub const DEPLOY_SECONDS: i64 = 30;

/// What the record says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may go on; `gone` is a holder whose execution has ended without giving the record back.
    Mine {
        gone: Option<String>,
    },
    /// It waits, and for how long where that is known.
    Wait {
        reason: String,
        until: Option<Time>,
    },
    Skip(String),
}

/// The execution that holds the record, when it is not the request's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    Running,
    /// It was aborted, or timed out: when, unless that is long forgotten.
    Ended(Option<Time>),
}

/// Decides the turn; `holder` is none where nobody else holds the record.
pub fn turn(record: &Record, request: &Request, holder: Option<&Holder>, now: Time) -> Turn {
    // An earlier try of this very task has claimed: whatever arrived since then waits for this release.
    if record.holder.as_ref() == Some(&request.execution) {
        return Turn::Mine { gone: None };
    }
    match record.arrive(request) {
        Arrival::Superseded { by } => {
            return Turn::Skip(format!(
                "superseded by a newer request, made at {} ({})",
                by.made_at, by.execution
            ));
        }
        Arrival::Duplicate { of } => {
            return Turn::Skip(format!(
                "this push was delivered before, to {}",
                of.execution
            ));
        }
        Arrival::Newest(_) | Arrival::Known => {}
    }
    let gone = record.holder_other_than(&request.execution);
    match holder {
        Some(Holder::Running) => {
            return Turn::Wait {
                reason: format!("{} holds the record", about(record)),
                until: None,
            };
        }
        Some(Holder::Ended(Some(at))) if let Some(wait) = still_deploying(record, *at, now) => {
            return wait;
        }
        Some(Holder::Ended(_)) | None => {}
    }
    if let Some(lease) = record.live_writer(now) {
        return Turn::Wait {
            reason: format!(
                "{} may still be writing to the rule, until {}",
                lease.by, lease.until
            ),
            until: Some(lease.until),
        };
    }
    Turn::Mine {
        gone: gone.map(str::to_owned),
    }
}

/// An execution that was aborted leaves its last task at work: an update of the idle service on its way could
/// reach a side that has become active since.
fn still_deploying(record: &Record, ended: Time, now: Time) -> Option<Turn> {
    let deploying = record.release.as_ref()?.phase == Phase::Deploying;
    let until = ended + TimeDelta::seconds(DEPLOY_SECONDS + Lease::MARGIN_SECONDS);
    (deploying && until > now).then(|| Turn::Wait {
        reason: format!(
            "{} was aborted, and its last task may be at work until {until}",
            about(record)
        ),
        until: Some(until),
    })
}

/// The release in progress, for a person.
fn about(record: &Record) -> String {
    let holder = record.holder.as_deref().unwrap_or_default();
    match &record.release {
        Some(release) => format!("release {} ({}) of {holder}", release.id, release.phase),
        None => holder.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use shared::Environment;
    use shared::record::Release;

    fn at(seconds: i64) -> Time {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a valid time")
    }

    fn request(execution: &str, seconds: i64) -> Request {
        let (execution, pushed_digest) =
            (execution.to_owned(), Some(format!("sha256:{execution}")));
        Request {
            made_at: at(seconds),
            started_at: at(seconds),
            execution,
            pushed_digest,
        }
    }

    fn held_by(holder: &str) -> Record {
        Record {
            holder: Some(holder.to_owned()),
            newest: Some(request("old", 0)),
            ..Record::default()
        }
    }

    #[test]
    fn the_first_request_has_its_turn() {
        assert_eq!(
            turn(&Record::default(), &request("me", 0), None, at(1)),
            Turn::Mine { gone: None }
        );
    }

    #[test]
    fn a_running_holder_is_waited_for_and_a_gone_one_is_taken_over() {
        let waits = turn(
            &held_by("old"),
            &request("me", 1),
            Some(&Holder::Running),
            at(2),
        );
        assert!(
            matches!(&waits, Turn::Wait { reason, .. } if reason.contains("old holds the record")),
            "{waits:?}"
        );
        let gone = turn(
            &held_by("old"),
            &request("me", 1),
            Some(&Holder::Ended(None)),
            at(2),
        );
        assert_eq!(
            gone,
            Turn::Mine {
                gone: Some("old".to_owned())
            }
        );
    }

    #[test]
    fn the_last_task_of_an_aborted_deployment_is_waited_for() {
        let release = Release {
            id: "old".to_owned(),
            phase: Phase::Deploying,
            claimed_at: at(0),
            from: Environment::Blue,
            to: Environment::Green,
            from_digest: None,
            to_digest: "sha256:old".to_owned(),
            from_desired: 2,
            flipped_at: None,
            reason: None,
        };
        let record = Record {
            release: Some(release),
            ..held_by("old")
        };
        let ended = Holder::Ended(Some(at(10)));
        let turn_at = |now| turn(&record, &request("me", 1), Some(&ended), at(now));
        assert!(
            matches!(turn_at(44), Turn::Wait { until: Some(until), .. } if until == at(45)),
            "{:?}",
            turn_at(44)
        );
        assert!(matches!(turn_at(45), Turn::Mine { gone: Some(_) }));
    }

    #[test]
    fn a_writer_who_may_be_alive_is_waited_for() {
        let lease = Lease {
            by: "old".to_owned(),
            until: at(9),
            retried: false,
        };
        let record = Record {
            writer: Some(lease),
            ..held_by("old")
        };
        assert!(matches!(
            turn(
                &record,
                &request("me", 1),
                Some(&Holder::Ended(None)),
                at(8)
            ),
            Turn::Wait { until: Some(_), .. }
        ));
        assert!(matches!(
            turn(
                &record,
                &request("me", 1),
                Some(&Holder::Ended(None)),
                at(9)
            ),
            Turn::Mine { .. }
        ));
    }

    #[test]
    fn a_holder_whose_answer_was_lost_goes_on_whatever_arrived_since() {
        let record = Record {
            newest: Some(request("newer", 5)),
            ..held_by("me")
        };
        assert_eq!(
            turn(&record, &request("me", 4), None, at(6)),
            Turn::Mine { gone: None }
        );
    }

    #[test]
    fn an_older_and_a_repeated_request_end_without_a_release() {
        let record = Record {
            newest: Some(request("newer", 5)),
            ..Record::default()
        };
        let older = turn(&record, &request("me", 4), None, at(6));
        assert!(
            matches!(&older, Turn::Skip(reason) if reason.starts_with("superseded")),
            "{older:?}"
        );
        let again = Request {
            execution: "me".to_owned(),
            ..request("newer", 5)
        };
        assert!(matches!(turn(&record, &again, None, at(6)), Turn::Skip(_)));
    }
}
