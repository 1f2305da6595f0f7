//! Where in an account's calls one call stands, so that the same call is found in the next run.

use super::call::RecordedCall;
use std::collections::{BTreeMap, BTreeSet};
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
        let (function, operation) = (&self.function, &self.operation);
        let (invocation, call) = (self.invocation + 1, self.call + 1);
        write!(f, "{function} {invocation} {operation} {call}")
    }
}

/// The place of every call; the SDK's further tries of a call are left out.
pub fn places(calls: &[RecordedCall]) -> Vec<Target> {
    let (mut ids, mut invocations) = (BTreeSet::new(), BTreeMap::<_, Vec<_>>::new());
    let mut targets = Vec::new();
    for recorded in calls {
        if !ids.insert(&recorded.id) {
            continue;
        }
        let (call, invocation) = (&recorded.call, &recorded.invocation);
        let of_function = invocations.entry(&call.function).or_default();
        if !of_function.contains(&invocation) {
            of_function.push(invocation);
        }
        let mut target = Target {
            function: call.function.clone(),
            invocation: of_function
                .iter()
                .take_while(|other| **other != invocation)
                .count(),
            call: 0,
            operation: call.operation.clone(),
        };
        while targets.contains(&target) {
            target.call += 1;
        }
        targets.push(target);
    }
    targets
}
