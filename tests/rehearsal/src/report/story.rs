//! What the page tells of one scenario: plain data, from which everything else is drawn.

use super::outcome::Check;
use crate::follow::Span;
use crate::traffic::Answer;
use chrono::{DateTime, Utc};

/// One scenario, from its first request to its last.
#[derive(Clone, Default)]
pub(super) struct Story {
    pub scenario: String,
    /// What happens in it, in one sentence; empty where nobody said.
    pub about: String,
    pub passed: bool,
    pub checks: Vec<Check>,
    /// Figures in words, such as `push to end 20.3 s`.
    pub measured: Vec<String>,
    /// In the order in which they began.
    pub executions: Vec<Execution>,
    /// Every answer that a customer got, or did not get, in order.
    pub answers: Vec<Answer>,
}

/// An execution of the state machine.
#[derive(Clone)]
pub(super) struct Execution {
    /// What began it, such as `a push of v1.1.0`.
    pub way: String,
    pub began: DateTime<Utc>,
    pub ended: DateTime<Utc>,
    pub succeeded: bool,
    /// The error it ended with, or the result.
    pub end: String,
    /// Why it failed; empty where it did not.
    pub cause: String,
    pub visits: Vec<Visit>,
    pub spans: Vec<Span>,
    pub looks: Vec<Look>,
    pub people: Vec<Said>,
    pub moves: Vec<Move>,
}

/// A state, from its entry until the next one's.
#[derive(Clone)]
pub(super) struct Visit {
    pub state: String,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// One look of the watch, and what the verdict was.
#[derive(Clone)]
pub(super) struct Look {
    pub at: DateTime<Utc>,
    pub verdict: String,
    pub reason: String,
    /// Its numbers, each with its name.
    pub numbers: Vec<(&'static str, String)>,
}

/// What people have said, from here on: what the release waits for, or why it ends.
#[derive(Clone)]
pub(super) struct Said {
    pub at: DateTime<Utc>,
    pub text: String,
}

/// The rules begin to forward otherwise.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Move {
    pub at: DateTime<Utc>,
    pub to: Share,
}

/// What the rules forward by then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Share {
    /// So many per cent to the new environment.
    New(u64),
    /// All to the previous one again.
    Back,
}

impl Story {
    /// Answers, and how many of them are failures.
    pub fn served(&self) -> (u64, u64) {
        let failed = self.answers.iter().filter(|it| it.failed());
        (self.answers.len() as u64, failed.count() as u64)
    }
}
