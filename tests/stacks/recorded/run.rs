//! What is recorded of a task.

use std::collections::BTreeMap;

/// A task as it was when AWS answered everything.
#[derive(Clone, Debug)]
pub struct Run {
    pub calls: Vec<Call>,
    pub end: End,
}

#[derive(Clone, Debug)]
pub struct Call {
    pub operation: String,
    /// 1 for a call that waits for no other, 2 for one that waits for the answer to such a call, and so on.
    pub round: u32,
    /// What becomes of the task where the account turns this call away. None where AWS documents no rate for it.
    pub throttled: Option<Throttled>,
}

#[derive(Clone, Debug)]
pub struct Throttled {
    /// How often the SDK tries the call.
    pub tries: u32,
    pub end: End,
}

/// How a task ends.
#[derive(Clone, Debug)]
pub enum End {
    /// With the word in its answer by which the state machine chooses; empty if it has none. Where a look could not read
    /// what its verdict needs, the answer is `unread`.
    Answer { word: String, unread: bool },
    /// With an error of this name.
    Error(String),
}

impl Run {
    /// How many answers one after the other it waits for.
    pub fn rounds(&self) -> u32 {
        let rounds = self.calls.iter().map(|call| call.round);
        rounds.max().unwrap_or_default()
    }
}

/// The tasks of a release, by their names.
#[derive(Debug, Default)]
pub struct Recording(pub BTreeMap<String, Run>);

impl Recording {
    pub fn of(&self, task: &str) -> &Run {
        let run = self.0.get(task);
        run.unwrap_or_else(|| panic!("{task} is not recorded"))
    }
}
