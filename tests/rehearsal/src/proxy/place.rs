//! Where in an account's calls one call stands, so that the same call is found in the next run.

use super::call::{EVENT, RecordedCall};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A call by its place: the `call`-th of its operation in the `invocation`-th of a function, both from 0. A function
/// may make calls of several operations at the same time, in any order. When an event comes depends on the machine, so
/// what it invokes counts as a function of its own, such as `Flip by event`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    pub function: String,
    pub invocation: usize,
    pub call: usize,
    pub operation: String,
}

impl Target {
    /// Whether an event invoked the function, whenever it came.
    pub fn is_by_event(&self) -> bool {
        self.function.ends_with(EVENT)
    }
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
        let (by, invocation) = (recorded.by(), &recorded.invocation);
        let of_function = invocations.entry(by.clone()).or_default();
        if !of_function.contains(&invocation) {
            of_function.push(invocation);
        }
        let mut target = Target {
            function: by,
            invocation: of_function
                .iter()
                .take_while(|other| **other != invocation)
                .count(),
            call: 0,
            operation: recorded.call.operation.clone(),
        };
        while targets.contains(&target) {
            target.call += 1;
        }
        targets.push(target);
    }
    targets
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam::Call;
    use serde_json::Value;

    fn call(id: &str, invocation: &str) -> RecordedCall {
        RecordedCall {
            invocation: invocation.to_owned(),
            id: id.to_owned(),
            call: Call {
                function: "Flip".to_owned(),
                service: "dynamodb".to_owned(),
                operation: "GetItem".to_owned(),
                region: "eu-west-1".to_owned(),
                account: "111122223333".to_owned(),
                parameters: Value::Null,
            },
        }
    }

    #[test]
    fn what_an_event_invokes_is_counted_apart() {
        let by_event = "Root=1-2;Sampled=1;Lineage=event";
        let calls = [
            call("a", by_event),
            call("b", "Root=1-3;Sampled=1"),
            call("b", "Root=1-3;Sampled=1"),
            call("c", "Root=1-4;Sampled=1"),
        ];
        let found: Vec<_> = places(&calls).iter().map(Target::to_string).collect();
        let expect = [
            "Flip by event 1 GetItem 1",
            "Flip 1 GetItem 1",
            "Flip 2 GetItem 1",
        ];
        assert_eq!(found, expect);
        let by_event = places(&calls).iter().filter(|it| it.is_by_event()).count();
        assert_eq!(by_event, 1);
    }
}
