//! The decisions about an execution that was stopped.

use crate::clock::at;
use crate::decisions::Decisions;
use crate::fact::Fact;
use crate::mutation::Mutation;
use crate::names::{arn, index_of_arn};
use crate::process::{Stopped, Who};
use crate::reasons::of_stop;
use crate::world::World;
use detect::claim::to_flip_back;
use flip::stopped::{self, Remedy};
use record::{CloseStopped, FlipBackCause, Lease, Phase, Record};
use shared::executions::ExecutionState;
use shared::{ExecutionArn, WhenStopped};
use std::borrow::Cow;

impl Decisions {
    /// The holder of the record if it was stopped, and what becomes of its release.
    pub fn remedy(&self, world: &World) -> Option<(usize, Remedy)> {
        let record = &self.as_requested(&world.record.0);
        let holder = record.holder.as_ref()?;
        let execution = index_of_arn(holder);
        let runs = world.executions[execution].at.is_running();
        let state = if runs && !self.broken(Mutation::TakeRunningForStopped) {
            ExecutionState::Running
        } else {
            let (status, at) = (None, None);
            ExecutionState::Ended { status, at }
        };
        stopped::Stopped::read(record, holder, state).ok()?;
        match stopped::remedy(record, self.when_stopped) {
            Remedy::FlipBack if self.broken(Mutation::LeaveStopped) => {
                Some((execution, Remedy::Close("")))
            }
            Remedy::Close(_) if self.broken(Mutation::LeaveRecordHeld) => None,
            remedy => Some((execution, remedy)),
        }
    }

    /// The record without the request to stop its release, where nobody asks for it.
    fn as_requested<'a>(&self, record: &'a Record) -> Cow<'a, Record> {
        self.as_bent(record, |record| {
            if let Some(release) = record.release.as_mut()
                && self.broken(Mutation::LeaveRequestedStop)
            {
                release.stop = None;
            }
        })
    }

    /// Whether a look of this owner at the record would lead to something now.
    pub fn would_end(&self, world: &World, who: Who) -> bool {
        let Some((execution, remedy)) = self.remedy(world) else {
            return false;
        };
        let record = &world.record.0;
        let now = at(world.now);
        let phase = record.release.as_ref().map(|it| it.phase);
        match remedy {
            Remedy::FlipBack => {
                // A look that was refused has to wait for its own lease as well.
                let goes_on = phase == Some(Phase::RollingBack) && !world.has(Fact::RefusedStopped);
                let own = |lease: &Lease| goes_on && lease.owner == who.owner();
                record.live_lease(now).is_none_or(own)
            }
            Remedy::Close(_) => {
                let stopped = Stopped {
                    execution,
                    is_late: false,
                    settled: false,
                };
                let closed = self.close_stopped(world, stopped);
                matches!(closed, Some(CloseStopped::Closed(_)))
            }
        }
    }

    /// detect's answer to a request whose admission found this dead holder.
    pub fn ends_before_claim(&self, record: &Record, dead_holder: Option<&ExecutionArn>) -> bool {
        !self.broken(Mutation::TakeOverFlipped)
            && to_flip_back(&self.as_requested(record), dead_holder, self.when_stopped).is_some()
    }

    /// The release has moved traffic and not ended, where it should be flipped back before another begins.
    pub fn is_unended(&self, record: &Record) -> bool {
        let phase = record.release.as_ref().map(|it| it.phase);
        let moved = matches!(
            phase,
            Some(Phase::Flipping | Phase::Watching | Phase::RollingBack)
        );
        let requested = record.release.as_ref().is_some_and(|it| it.stop.is_some());
        moved && (requested || self.when_stopped == WhenStopped::FlipBack)
    }

    pub fn stopped_cause(&self, record: &Record, execution: usize) -> FlipBackCause {
        let holder = record.holder.clone();
        let holder = holder.filter(|_| self.broken(Mutation::EndAnyHolder));
        FlipBackCause::Stopped(holder.unwrap_or_else(|| arn(execution).clone()))
    }

    /// The end of its release; none where it has to be flipped back first.
    pub fn close_stopped(&self, world: &World, stopped: Stopped) -> Option<CloseStopped> {
        let record = &self.as_requested(&world.record.0);
        let holder = record.holder.as_ref();
        let holder = holder.filter(|_| self.broken(Mutation::CloseAnyHolder));
        let ended = world.ended_at(stopped.execution);
        let state = ExecutionState::Ended {
            status: None,
            at: ended.filter(|_| !self.broken(Mutation::CloseTooEarly)),
        };
        let execution = holder.unwrap_or(arn(stopped.execution));
        let read = stopped::Stopped::read(record, execution, state).ok()?;
        let blind = [Mutation::LeaveStopped, Mutation::CloseAfterStaleRead];
        let settled = stopped.settled || blind.into_iter().any(|it| self.broken(it));
        let reason = of_stop(world);
        read.close(record, self.when_stopped, settled, reason, at(world.now))
    }
}
