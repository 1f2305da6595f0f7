//! Where in an account's calls one call stands, so that the same call is found in the next run.

use super::call::RecordedCall;
use std::fmt;

/// A call by its place: the `call`-th of its operation in the `invocation`-th of a function, both from 0. A function
/// may make calls of several operations at the same time, in any order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    pub function: String,
    pub invocation: usize,
    pub call: usize,
    pub operation: String,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (invocation, call) = (self.invocation + 1, self.call + 1);
        write!(
            f,
            "{} {invocation} {} {call}",
            self.function, self.operation
        )
    }
}

/// The place of every call; the SDK's further tries of a call are left out.
pub fn places(calls: &[RecordedCall]) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut invocations: Vec<(&str, &str)> = Vec::new();
    let mut placed: Vec<(&str, (usize, &str))> = Vec::new();
    for RecordedCall {
        invocation,
        id,
        call,
    } in calls
    {
        if placed.iter().any(|(known, _)| known == id) {
            continue;
        }
        let key = (call.function.as_str(), invocation.as_str());
        if !invocations.contains(&key) {
            invocations.push(key);
        }
        let of_function = invocations
            .iter()
            .filter(|(function, _)| *function == key.0);
        let number = of_function.take_while(|other| **other != key).count();
        let at = invocations.iter().position(|other| *other == key);
        let operation = (at.unwrap_or_default(), call.operation.as_str());
        let same = placed.iter().filter(|(_, other)| *other == operation);
        targets.push(Target {
            function: call.function.clone(),
            invocation: number,
            call: same.count(),
            operation: call.operation.clone(),
        });
        placed.push((id, operation));
    }
    targets
}
