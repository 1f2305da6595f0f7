//! Where in an account's calls one call stands, so that the same call is found in the next run.

use super::call::{EVENT, RecordedCall};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// A call by its place: the `call`-th of its operation in the `invocation`-th of a function, both from 0. A function
/// may make calls of several operations at the same time, in any order. When an event comes depends on the machine, so
/// what it invokes counts as a function of its own, such as `Flip by event`. How often a release looks what people say
/// depends on it too, and how often it looks at a rollout that goes on: what does not come with every look counts among
/// the invocations that make such calls ([`counts_apart`]).
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

/// The operation that writes the record.
pub(crate) const WRITES_RECORD: &str = "TransactWriteItems";

/// Whether calls of an operation are counted in the invocations that make them, and not in all of their function: a write
/// of the record, and what a deployment calls, whose check asks the service alone until its rollout is steady.
fn counts_apart(function: &str, operation: &str) -> bool {
    operation == WRITES_RECORD || function == "Deploy"
}

/// The place of every call; the SDK's further tries of a call are left out.
pub fn places(calls: &[RecordedCall]) -> Vec<Target> {
    let (mut ids, mut invocations) = (BTreeSet::new(), BTreeMap::new());
    let mut targets = Vec::new();
    for recorded in calls {
        if !ids.insert(&recorded.id) {
            continue;
        }
        let (by, operation) = (recorded.by(), recorded.call.operation.clone());
        let trace = recorded.invocation.as_str();
        let mut invocation = nth(&mut invocations, (by.clone(), None), trace);
        if counts_apart(&by, &operation) {
            invocation = nth(
                &mut invocations,
                (by.clone(), Some(operation.clone())),
                trace,
            );
        }
        let mut target = Target {
            function: by,
            invocation,
            call: 0,
            operation,
        };
        while targets.contains(&target) {
            target.call += 1;
        }
        targets.push(target);
    }
    targets
}

/// The invocations of each function, and those of them that make calls of an operation, in order.
type Invocations<'a> = BTreeMap<(String, Option<String>), Vec<&'a str>>;

/// Which one of its kind an invocation is, from 0.
fn nth<'a>(
    all: &mut Invocations<'a>,
    kind: (String, Option<String>),
    invocation: &'a str,
) -> usize {
    let of_kind = all.entry(kind).or_default();
    let found = of_kind.iter().position(|other| *other == invocation);
    found.unwrap_or_else(|| {
        of_kind.push(invocation);
        of_kind.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam::Call;
    use serde_json::Value;

    fn call(id: &str, invocation: &str) -> RecordedCall {
        of(id, invocation, "GetItem")
    }

    fn of(id: &str, invocation: &str, operation: &str) -> RecordedCall {
        RecordedCall {
            invocation: invocation.to_owned(),
            id: id.to_owned(),
            call: Call {
                function: "Flip".to_owned(),
                service: "dynamodb".to_owned(),
                operation: operation.to_owned(),
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

    #[test]
    fn what_a_deployment_calls_once_is_found_however_often_it_looks() {
        let looks = |looks: usize| {
            let waits = (0..looks).map(|look| ("DescribeServices", format!("Root=1-{look}")));
            let steady = ("ListTasks", format!("Root=1-{}", looks - 1));
            let calls = waits.chain([steady]).enumerate();
            let calls = calls.map(|(id, (operation, trace))| {
                let mut made = of(&id.to_string(), &trace, operation);
                made.call.function = "Deploy".to_owned();
                made
            });
            places(&calls.collect::<Vec<_>>())
                .last()
                .map(Target::to_string)
        };
        let expect = Some("Deploy 1 ListTasks 1".to_owned());
        assert_eq!([looks(1), looks(4)], [expect.clone(), expect]);
    }

    #[test]
    fn a_write_of_the_record_counts_among_the_invocations_that_write_it() {
        let calls = [
            call("a", "Root=1-1"),
            call("b", "Root=1-2"),
            of("c", "Root=1-2", WRITES_RECORD),
            of("d", "Root=1-2", WRITES_RECORD),
            call("e", "Root=1-3"),
        ];
        let found: Vec<_> = places(&calls).iter().map(Target::to_string).collect();
        let expect = [
            "Flip 1 GetItem 1",
            "Flip 2 GetItem 1",
            "Flip 1 TransactWriteItems 1",
            "Flip 1 TransactWriteItems 2",
            "Flip 3 GetItem 1",
        ];
        assert_eq!(found, expect);
    }
}
