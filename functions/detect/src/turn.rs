//! Whose turn it is: the newest request, once no release is in progress.

use shared::record::{Arrival, Record, Request, Time};

/// What the record says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may go on; `gone` is a holder whose execution has ended without giving the record back.
    Mine {
        gone: Option<String>,
    },
    Wait(String),
    Skip(String),
}

/// Decides the turn; `holder_runs` is asked only about a holder other than the request's execution.
pub fn turn(record: &Record, request: &Request, holder_runs: bool, now: Time) -> Turn {
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
    let holder = record.holder_other_than(&request.execution);
    if let Some(holder) = holder.filter(|_| holder_runs) {
        let release = record
            .release
            .as_ref()
            .map_or_else(String::new, |it| format!("{} is {}: ", it.id, it.phase));
        return Turn::Wait(format!("{release}{holder} holds the record"));
    }
    if let Some(lease) = record.live_writer(now) {
        return Turn::Wait(format!(
            "{} may still be writing to the rule, until {}",
            lease.by, lease.until
        ));
    }
    Turn::Mine {
        gone: holder.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use shared::record::Lease;

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
            turn(&Record::default(), &request("me", 0), false, at(1)),
            Turn::Mine { gone: None }
        );
    }

    #[test]
    fn a_running_holder_is_waited_for_and_a_gone_one_is_taken_over() {
        let waits = turn(&held_by("old"), &request("me", 1), true, at(2));
        assert!(
            matches!(&waits, Turn::Wait(reason) if reason.contains("old holds the record")),
            "{waits:?}"
        );
        let gone = turn(&held_by("old"), &request("me", 1), false, at(2));
        assert_eq!(
            gone,
            Turn::Mine {
                gone: Some("old".to_owned())
            }
        );
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
            turn(&record, &request("me", 1), false, at(8)),
            Turn::Wait(_)
        ));
        assert!(matches!(
            turn(&record, &request("me", 1), false, at(9)),
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
            turn(&record, &request("me", 4), false, at(6)),
            Turn::Mine { gone: None }
        );
    }

    #[test]
    fn an_older_and_a_repeated_request_end_without_a_release() {
        let record = Record {
            newest: Some(request("newer", 5)),
            ..Record::default()
        };
        let older = turn(&record, &request("me", 4), false, at(6));
        assert!(
            matches!(&older, Turn::Skip(reason) if reason.starts_with("superseded")),
            "{older:?}"
        );
        let again = Request {
            execution: "me".to_owned(),
            ..request("newer", 5)
        };
        assert!(matches!(turn(&record, &again, false, at(6)), Turn::Skip(_)));
    }
}
