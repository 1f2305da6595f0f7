//! What an account's functions called, and where in it the fault strikes.

use super::call::RecordedCall;
use super::fault::{Fault, Kind};
use super::place::places;
use tokio::sync::watch;

/// What to do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    Forward,
    Fault(Kind),
}

/// The calls of one account since its recording began.
#[derive(Default)]
pub struct Tape {
    calls: Vec<RecordedCall>,
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

    pub fn calls(&self) -> Vec<RecordedCall> {
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

    /// Keeps a call, and says what to do with it.
    pub fn record(&mut self, recorded: RecordedCall) -> Treatment {
        let id = recorded.id.clone();
        let operation = (
            recorded.call.function.clone(),
            recorded.call.operation.clone(),
        );
        self.calls.push(recorded);
        let Some(Fault { target, kind }) = &self.fault else {
            return Treatment::Forward;
        };
        let strikes_all =
            kind.strikes_all() && operation == (target.function.clone(), target.operation.clone());
        let reached = || self.hit.is_none() && places(&self.calls).last() == Some(target);
        if strikes_all || reached() {
            self.hit = Some(id.clone());
        }
        if self.hit != Some(id) {
            return Treatment::Forward;
        }
        self.late += usize::from(matches!(kind, Kind::LateEffect | Kind::Held));
        Treatment::Fault(*kind)
    }

    pub fn open_gate(&self) {
        self.gate.send_replace(true);
    }

    /// Ends when the gate is open.
    pub fn gate(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut gate = self.gate.subscribe();
        async move {
            // A tape that was dropped holds nobody.
            gate.wait_for(|open| *open).await.ok();
        }
    }
}
