//! The parts of a release, as a person speaks of them.

use chrono::{DateTime, Utc};

/// A part of an execution. A release in steps has several flips and watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Detect,
    Migrate,
    Deploy,
    Smoke,
    /// The wait for a person, before the first flip.
    Gate,
    Flip,
    Watch,
    /// The flip back.
    Back,
    /// What is left to do once it is decided.
    End,
}

/// The states that begin a part. Each other state belongs to the part that was there.
const BEGIN: [(&str, Phase); 15] = [
    ("Begin", Phase::Detect),
    ("Detect environments", Phase::Detect),
    ("Run migration", Phase::Migrate),
    ("Register task definition", Phase::Deploy),
    ("Deploy to idle environment", Phase::Deploy),
    ("Smoke test idle environment", Phase::Smoke),
    ("Wait for approval", Phase::Gate),
    ("Check alarms", Phase::Flip),
    ("Flip traffic", Phase::Flip),
    ("Watch", Phase::Watch),
    ("Flip back", Phase::Back),
    ("Record release", Phase::End),
    ("Record rollback", Phase::End),
    ("Record failure", Phase::End),
    ("Record sync or contract", Phase::End),
];

impl Phase {
    /// The part that a state begins; none where it goes on with the one before.
    pub fn begun_by(state: &str) -> Option<Phase> {
        let begin = BEGIN.iter().find(|(begins, _)| *begins == state);
        begin.map(|(_, phase)| *phase)
    }

    pub fn name(self) -> &'static str {
        match self {
            Phase::Detect => "detect",
            Phase::Migrate => "migrate",
            Phase::Deploy => "deploy",
            Phase::Smoke => "smoke",
            Phase::Gate => "gate",
            Phase::Flip => "flip",
            Phase::Watch => "watch",
            Phase::Back => "back",
            Phase::End => "end",
        }
    }
}

/// A part from its beginning to its end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub phase: Phase,
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Per cent of the traffic that the new environment got in it.
    pub share: Option<u64>,
}

impl Span {
    /// How long it took, in seconds.
    pub fn seconds(&self) -> f64 {
        (self.to - self.from).as_seconds_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_begins_with_a_state_of_the_machine() {
        let machine = project::machine();
        for (state, _) in BEGIN {
            assert!(machine["States"][state].is_object(), "{state}");
        }
    }
}
