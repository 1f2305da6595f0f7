//! What an account's functions called, and where in it the fault strikes.

use super::call::RecordedCall;
use super::fault::{Fault, Kind};
use super::place::places;
use tokio::sync::watch;

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

    /// Keeps a call, and gives the fault that strikes it.
    pub fn record(&mut self, recorded: RecordedCall) -> Option<Kind> {
        let by = recorded.by();
        self.calls.push(recorded);
        let Fault { target, kind } = self.fault.as_ref()?;
        let RecordedCall { id, call, .. } = self.calls.last()?;
        let like_target = by == target.function && call.operation == target.operation;
        let reached = || self.hit.is_none() && places(&self.calls).last() == Some(target);
        if kind.strikes_all() && like_target || reached() {
            self.hit = Some(id.clone());
        }
        // A machine that tries its task again gets no further either.
        let held = *kind == Kind::Held && self.hit.is_some() && !*self.gate.borrow();
        if self.hit.as_ref() != Some(id) && !(held && like_target) {
            return None;
        }
        self.late += usize::from(matches!(kind, Kind::LateEffect | Kind::Held));
        Some(*kind)
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
