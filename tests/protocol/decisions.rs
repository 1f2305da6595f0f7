//! The project's decisions as the model applies them: the real code, with one of them bent where there is a mutation.

use crate::clock::at;
use crate::mutation::Mutation;
use crate::names::id;
use crate::policy::Policy;
use crate::process::{Task, Who};
use crate::reasons;
use crate::world::World;
use chrono::TimeDelta;
use detect::claim::{Admission, HolderState, admission};
use record::{
    BeginContract, BeginFlip, Claim, Claimant, Contract, ContractTerms, EndFlip, Enqueued,
    FlipBackCause, Lease, Phase, QueuedRequest, Record, Release, Time,
};
use shared::{Share, WhenStopped};
use std::borrow::Cow;

/// The decisions, one of them broken where there is a mutation.
#[derive(Clone, Copy, Debug)]
pub struct Decisions {
    pub mutation: Option<Mutation>,
    pub when_stopped: WhenStopped,
    pub policy: Policy,
}

impl Decisions {
    pub fn broken(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    /// The record as it is, or as a mutation bends it: only that one costs a copy.
    pub fn as_bent<'a>(
        &self,
        record: &'a Record,
        bend: impl FnOnce(&mut Record),
    ) -> Cow<'a, Record> {
        if self.mutation.is_none() {
            return Cow::Borrowed(record);
        }
        let mut record = record.clone();
        bend(&mut record);
        Cow::Owned(record)
    }

    /// As flip's handler computes it: the function's deadline, and the margin.
    pub fn until(&self, began: u8) -> Time {
        let margin = if self.broken(Mutation::LeaseWithoutMargin) {
            0
        } else {
            Lease::MARGIN_SECONDS
        };
        at(began + 1) + TimeDelta::seconds(margin)
    }

    pub fn enqueue(&self, record: &Record, request: &QueuedRequest) -> Enqueued {
        if self.broken(Mutation::OlderPushClaims) {
            let newest = Some(request.clone());
            return Enqueued::Newest(Record {
                newest,
                ..record.clone()
            });
        }
        let record = self.as_bent(record, |it| self.forget_ends(it));
        record.enqueue(request)
    }

    pub fn admission(
        &self,
        record: &Record,
        request: &QueuedRequest,
        holder: Option<HolderState>,
        now: u8,
    ) -> Admission {
        let dead = self.broken(Mutation::HolderTakenForDead);
        let too_early = self.broken(Mutation::TakeOverTooEarly);
        let holder = holder.map(|state| match state {
            HolderState::Running if !dead => state,
            HolderState::Ended(_) if !too_early => state,
            HolderState::Running | HolderState::Ended(_) => HolderState::Ended(None),
        });
        let record = self.as_bent(record, |it| {
            self.forget_ends(it);
            self.forget_lease(it);
            self.thaw(it, Mutation::ClaimDespiteFreeze);
        });
        admission(&record, request, holder.as_ref(), at(now))
    }

    fn forget_ends(&self, record: &mut Record) {
        if self.broken(Mutation::ForgetBadEnds) {
            record.ends.clear();
        }
    }

    pub fn claim(&self, record: &Record, claimant: Claimant<'_>, now: u8) -> Claim {
        let record = self.as_bent(record, |it| {
            self.forget_lease(it);
            self.thaw(it, Mutation::ClaimDespiteFreeze);
        });
        let read_version = if self.broken(Mutation::ClaimAfterStaleRead) {
            record.version
        } else {
            claimant.read_version
        };
        let claimant = Claimant {
            read_version,
            ..claimant
        };
        record.claim(&claimant, at(now))
    }

    fn forget_lease(&self, record: &mut Record) {
        if self.broken(Mutation::ClaimDespiteLease) {
            record.lease = None;
        }
    }

    pub fn begin_flip_back(&self, who: Who, task: Task, world: &World, began: u8) -> BeginFlip {
        let record = self.as_bent(&world.record.0, |it| self.bend_flip_back(it, task));
        let (cause, until) = (self.cause(task, world), self.until(began));
        let (owner, now) = (who.owner(), at(world.now));
        let reason = reasons::of_flip_back(world, who, task);
        let mut begun = record.begin_flip_back(&owner, &cause, reason, now, until);
        if let BeginFlip::NothingToFlipBack { closed, .. } = &mut begun
            && self.broken(Mutation::LeaveUnflippedOpen)
        {
            *closed = None;
        }
        if let BeginFlip::Begun { record, .. } = &mut begun {
            self.freeze_with(record);
        }
        self.leased(begun)
    }

    fn bend_flip_back(&self, record: &mut Record, task: Task) {
        if self.broken(Mutation::FlipBackDuringFlip)
            && record.release.as_ref().map(|it| it.phase) == Some(Phase::Flipping)
        {
            record.lease = None;
        }
        if self.broken(Mutation::FlipBackAfterContract) {
            record.contract = None;
        }
        if self.broken(Mutation::FlipBackAfterNextClaim)
            && let (Task::FlipBack(requested), Some(release)) = (task, record.release.as_mut())
        {
            forget_next_claim(release, requested);
        }
        self.forget_freeze(record);
    }

    /// Begins a contract step on the record as it is now.
    pub fn begin_contract(&self, record: &Record, contract: &Contract) -> BeginContract {
        let mut record = record.clone();
        self.thaw(&mut record, Mutation::ContractDespiteFreeze);
        if self.broken(Mutation::ContractDespiteFlipBack) {
            record.lease = None;
            record.holder = None;
            if let Some(release) = record.release.as_mut()
                && release.phase == Phase::RollingBack
            {
                release.phase = Phase::Stable;
            }
        }
        let terms = ContractTerms {
            read_version: record.version,
            ..ContractTerms::default()
        };
        record.begin_contract(contract, &terms)
    }

    fn cause(&self, task: Task, world: &World) -> FlipBackCause {
        let index = match task {
            Task::Flip(release, ..) | Task::FlipBack(release) => {
                return FlipBackCause::Release(id(release).clone());
            }
            Task::EndStopped(stopped) => {
                return self.stopped_cause(&world.record.0, stopped.execution);
            }
            Task::Alarm(index) => index,
        };
        let delivery = &world.deliveries[index];
        let changed_at = if self.broken(Mutation::AlarmOfThePast) {
            at(u8::MAX)
        } else {
            at(delivery.changed_at)
        };
        let blind = self.broken(Mutation::AlarmOfIdle);
        FlipBackCause::Alarm {
            changed_at,
            environment: delivery.environment.filter(|_| !blind),
        }
    }

    pub fn leased(&self, mut begun: BeginFlip) -> BeginFlip {
        if let BeginFlip::Begun { record, .. } = &mut begun
            && self.broken(Mutation::RetryDropsLease)
            && let Some(lease) = record.lease.as_mut()
        {
            lease.retried = false;
        }
        begun
    }

    pub fn end_flip(&self, record: &Record, who: Who, release: usize, share: Share) -> EndFlip {
        let id = id(release);
        let record = self.as_bent(record, |record| {
            if self.broken(Mutation::EndFlipBlindly)
                && let Some(release) = record.release.as_mut()
            {
                release.phase = Phase::Flipping;
                release.id = id.clone();
                release.share = Some(share);
            }
        });
        record.end_flip(&who.owner(), id, share)
    }
}

/// The release as it would be had the next one not claimed: the one that is asked about, in the environment that the next
/// one leaves.
fn forget_next_claim(release: &mut Release, requested: usize) {
    if release.id != *id(requested) {
        release.id = id(requested).clone();
        (release.from, release.to) = (release.to, release.from);
        release.phase = Phase::Watching;
    }
}
