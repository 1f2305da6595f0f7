//! One input of one kind, tried: the tests replay and vary inputs here, and the fuzzer searches for new ones.
//!
//! Whatever the bytes are, nothing panics, a refusal is a short message, and what is accepted has the properties that
//! later steps rely on. A property that does not hold is a panic, so that a fuzzer finds it as well.

mod answers;
mod events;
mod pages;
mod refusal;

pub use events::{now, read_alarm};

/// Where an input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What an execution is started with: ECR's event, or an operator's input.
    Request,
    /// What flip is invoked with.
    Alarm,
    /// What the state machine gives to each function.
    Task,
    /// `SMOKE_SPEC`
    Spec,
    /// A line with a check's expectations, then the body of the answer.
    Reply,
    /// A base URL.
    Url,
    /// A byte that chooses a call, another for the status, then AWS's answer.
    Answer,
}

/// What became of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted,
    Refused,
}

impl Kind {
    pub const ALL: [Kind; 7] = [
        Kind::Request,
        Kind::Alarm,
        Kind::Task,
        Kind::Spec,
        Kind::Reply,
        Kind::Url,
        Kind::Answer,
    ];

    /// The name of its fuzz target and of its folder in the corpus.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Request => "request",
            Kind::Alarm => "alarm",
            Kind::Task => "task",
            Kind::Spec => "spec",
            Kind::Reply => "reply",
            Kind::Url => "url",
            Kind::Answer => "answer",
        }
    }
}

/// Tries one input. Bytes that the Lambda runtime would not even pass on are refused here.
pub fn try_input(kind: Kind, bytes: &[u8]) -> Outcome {
    let json = || serde_json::from_slice(bytes).ok();
    let text = || std::str::from_utf8(bytes).ok();
    let accepted = match kind {
        Kind::Request => json().is_some_and(|input| events::request(&input)),
        Kind::Alarm => json().is_some_and(|input| events::alarm(&input)),
        Kind::Task => json().is_some_and(|input| events::task(&input)),
        Kind::Spec => text().is_some_and(pages::spec),
        Kind::Reply => pages::reply(bytes),
        Kind::Url => text().is_some_and(pages::url),
        Kind::Answer => answers::answer(bytes),
    };
    if accepted {
        Outcome::Accepted
    } else {
        Outcome::Refused
    }
}
