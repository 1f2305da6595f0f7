//! A story for tests: v1.1.0 gets a tenth of the traffic and then all of it, fails every fourth request from the 12th
//! second on, and is flipped back.

use super::outcome::Check;
use super::story::{Execution, Look, Move, Said, Share, Story, Visit};
use crate::follow::{Phase, Span};
use crate::traffic::Answer;
use chrono::{DateTime, TimeDelta, Utc};

/// Answers a second.
const RATE: i64 = 40;

/// A moment of it, in milliseconds since the push.
pub(super) fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_790_000_000_000).unwrap_or_default()
        + TimeDelta::milliseconds(millis)
}

pub(super) fn rolled_back() -> Story {
    Story {
        scenario: "canary-breaks".to_owned(),
        about: "a version that fails orders gets a tenth of the traffic & is flipped back"
            .to_owned(),
        passed: false,
        checks: vec![
            check("not one <request> failed", false),
            check("v1.0.0 answers at the end", true),
        ],
        measured: vec![
            "push to end 20.0 s".to_owned(),
            "flip call 45 ms".to_owned(),
            "at 10 %: 12 of 1,204 requests failed".to_owned(),
        ],
        executions: vec![execution()],
        answers: answers(),
    }
}

fn check(expected: &str, fits: bool) -> Check {
    Check {
        expected: expected.to_owned(),
        fits,
        found: "12 of 1,204 requests failed".to_owned(),
    }
}

/// States with their phase, and when they end.
const STATES: [(&str, Phase, i64); 9] = [
    ("Detect environments", Phase::Detect, 600),
    ("Deploy to idle environment", Phase::Deploy, 4_200),
    ("Smoke test idle environment", Phase::Smoke, 5_100),
    ("Flip traffic", Phase::Flip, 5_500),
    ("Watch", Phase::Watch, 9_800),
    ("Flip traffic", Phase::Flip, 10_100),
    ("Watch", Phase::Watch, 17_000),
    ("Flip back", Phase::Back, 17_400),
    ("Record rollback", Phase::End, 20_000),
];

const LOOKS: [(i64, &str); 5] = [
    (7_500, "healthy"),
    (9_500, "healthy"),
    (12_500, "inconclusive"),
    (14_500, "inconclusive"),
    (16_900, "unhealthy"),
];

const MOVES: [(i64, Share); 3] = [
    (5_400, Share::New(10)),
    (10_050, Share::New(100)),
    (17_350, Share::Back),
];

fn execution() -> Execution {
    Execution {
        way: "a push of v1.1.0".to_owned(),
        began: at(0),
        ended: at(20_000),
        succeeded: false,
        end: "ReleaseRolledBack".to_owned(),
        cause: "target 5xx 14 in 312 requests".to_owned(),
        visits: visits().collect(),
        spans: visits().zip(STATES).map(span).collect(),
        looks: LOOKS.map(|(at, verdict)| look(at, verdict)).into(),
        people: vec![Said {
            at: at(7_500),
            text: "held by ada until 12:00: a look at <orders>".to_owned(),
        }],
        moves: MOVES.map(|(millis, to)| Move { at: at(millis), to }).into(),
    }
}

fn visits() -> impl Iterator<Item = Visit> {
    let begins = [0].into_iter().chain(STATES.map(|(_, _, end)| end));
    STATES
        .iter()
        .zip(begins)
        .map(|((state, _, to), from)| Visit {
            state: (*state).to_owned(),
            from: at(from),
            to: at(*to),
        })
}

fn span((visit, (_, phase, _)): (Visit, (&str, Phase, i64))) -> Span {
    let share = if visit.from < at(10_000) { 10 } else { 100 };
    Span {
        phase,
        from: visit.from,
        to: visit.to,
        share: (phase == Phase::Watch).then_some(share),
    }
}

fn look(millis: i64, verdict: &str) -> Look {
    Look {
        at: at(millis),
        verdict: verdict.to_owned(),
        reason: format!(
            "target 5xx 14 in 312 requests: 14.0 more than the 0.0 that the baseline explains, p = 1.0e-9 <= 5.0e-3 ({verdict})"
        ),
        numbers: vec![
            ("share", "10 %".to_owned()),
            ("requests", "312".to_owned()),
            ("target 5xx", "14".to_owned()),
        ],
    }
}

fn answers() -> Vec<Answer> {
    let numbers = -RATE..21 * RATE;
    numbers
        .map(|number| answer(number, number * 1000 / RATE))
        .collect()
}

fn answer(number: i64, millis: i64) -> Answer {
    let new = match millis {
        5_400..10_000 => number % 10 == 0,
        10_000..17_300 => true,
        _ => false,
    };
    let fails = new && millis > 12_000 && number % 4 == 0;
    let (version, environment) = if new {
        ("v1.1.0", "green")
    } else {
        ("v1.0.0", "blue")
    };
    Answer {
        at: at(millis),
        version: version.to_owned(),
        environment: environment.to_owned(),
        status: if fails { 500 } else { 200 },
    }
}
