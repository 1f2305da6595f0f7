//! From what a report holds to what the page tells.

use super::numbers;
use super::outcome::{Report, Told};
use super::story::{Execution, Look, Move, Said, Share, Story, Visit};
use crate::follow::{End, Entry};
use aws_sdk_sfn::types::ExecutionStatus;

/// The state behind a flip back that was done.
const FLIPPED_BACK: &str = "Record rollback";

impl Story {
    pub(super) fn of(report: &Report) -> Story {
        Story {
            scenario: report.scenario.clone(),
            about: report.about.clone(),
            passed: report.passed,
            checks: report.checks.clone(),
            measured: report.measured.clone(),
            executions: report.told.iter().map(execution).collect(),
            answers: report.answers.clone(),
        }
    }
}

fn execution(told: &Told) -> Execution {
    let end = &told.end;
    let result = end.output["result"].as_str().unwrap_or(end.status.as_str());
    Execution {
        way: told.way.clone(),
        began: end.began,
        ended: end.ended,
        succeeded: end.status == ExecutionStatus::Succeeded,
        end: if end.error.is_empty() {
            result
        } else {
            &end.error
        }
        .to_owned(),
        cause: end.cause.clone(),
        visits: visits(end),
        spans: end.spans(),
        looks: end.entries.iter().filter_map(look).collect(),
        people: people(end),
        moves: end.entries.iter().filter_map(moved).collect(),
    }
}

/// A state lasts until the next one is entered.
fn visits(end: &End) -> Vec<Visit> {
    let next = end
        .entries
        .iter()
        .skip(1)
        .map(|it| it.at)
        .chain([end.ended]);
    let visits = end.entries.iter().zip(next).map(|(entry, to)| Visit {
        state: entry.state.clone(),
        from: entry.at,
        to,
    });
    visits.collect()
}

fn look(entry: &Entry) -> Option<Look> {
    let (verdict, reason) = entry.verdict.as_deref()?.split_once(": ")?;
    Some(Look {
        at: entry.at,
        verdict: verdict.to_owned(),
        reason: reason.to_owned(),
        numbers: entry.look.as_ref().map(numbers::of).unwrap_or_default(),
    })
}

/// What people said, where it is something else than at the look before.
fn people(end: &End) -> Vec<Said> {
    let mut said: Vec<Said> = end.entries.iter().filter_map(of_people).collect();
    said.dedup_by(|next, before| next.text == before.text);
    said
}

fn of_people(entry: &Entry) -> Option<Said> {
    let text = entry.people.clone()?;
    Some(Said { at: entry.at, text })
}

fn moved(entry: &Entry) -> Option<Move> {
    let back = (entry.state == FLIPPED_BACK).then_some(Share::Back);
    let to = entry.share.map(Share::New).or(back)?;
    Some(Move { at: entry.at, to })
}
