//! What an account's functions called, and where in it the fault strikes.

use super::{Fault, Kind, Seen};
use std::fmt;
use tokio::sync::watch;

/// A call by its place: the `call`-th of its operation in the `invocation`-th of a function, both from 0. A function may
/// make calls of several operations at the same time, in any order.
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

/// What to do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    Forward,
    Fault(Kind),
}

/// The calls of one account since its recording began.
#[derive(Default)]
pub struct Tape {
    calls: Vec<Seen>,
    fault: Option<Fault>,
    /// The call that was hit; the SDK's further tries of it are hit as well.
    hit: Option<String>,
    /// Effects that are still to come.
    late: usize,
    /// Opened when held calls may go on.
    gate: watch::Sender<bool>,
}

impl Tape {
    pub fn new(fault: Option<Fault>) -> Tape {
        Tape {
            fault,
            ..Tape::default()
        }
    }

    pub fn calls(&self) -> Vec<Seen> {
        self.calls.clone()
    }

    pub fn struck(&self) -> bool {
        self.hit.is_some()
    }

    pub fn pending(&self) -> usize {
        self.late
    }

    /// A late effect is there now.
    pub fn landed(&mut self) {
        self.late = self.late.saturating_sub(1);
    }

    pub fn note(&mut self, seen: Seen) -> Treatment {
        self.calls.push(seen);
        let (Some(fault), Some(seen)) = (&self.fault, self.calls.last()) else {
            return Treatment::Forward;
        };
        let asked = (&seen.asked.function, &seen.asked.operation);
        let stands =
            fault.kind.stands() && asked == (&fault.target.function, &fault.target.operation);
        let reached = || self.hit.is_none() && places(&self.calls).last() == Some(&fault.target);
        if stands || reached() {
            self.hit = Some(seen.call.clone());
        }
        if self.hit.as_ref() != Some(&seen.call) {
            return Treatment::Forward;
        }
        self.late += usize::from(matches!(fault.kind, Kind::LateEffect | Kind::Held));
        Treatment::Fault(fault.kind)
    }

    pub fn open_gate(&self) {
        self.gate.send_replace(true);
    }

    /// Ends when the gate is open.
    pub fn gate(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut gate = self.gate.subscribe();
        async move {
            // A tape that is gone holds nobody.
            gate.wait_for(|open| *open).await.ok();
        }
    }
}

/// The place of every call; the SDK's further tries of a call are left out.
pub fn places(calls: &[Seen]) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut invocations: Vec<(&str, &str)> = Vec::new();
    let mut seen_calls: Vec<(&str, (usize, &str))> = Vec::new();
    for seen in calls {
        if seen_calls.iter().any(|(call, _)| *call == seen.call) {
            continue;
        }
        let key = (seen.asked.function.as_str(), seen.invocation.as_str());
        if !invocations.contains(&key) {
            invocations.push(key);
        }
        let of_function = invocations.iter().filter(|it| it.0 == key.0);
        let invocation = of_function.take_while(|it| **it != key).count();
        let place = invocations
            .iter()
            .position(|it| *it == key)
            .unwrap_or_default();
        let of = (place, seen.asked.operation.as_str());
        let call = seen_calls.iter().filter(|(_, it)| *it == of).count();
        seen_calls.push((&seen.call, of));
        targets.push(Target {
            function: seen.asked.function.clone(),
            invocation,
            call,
            operation: seen.asked.operation.clone(),
        });
    }
    targets
}
