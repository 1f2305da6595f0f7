//! The project's decisions as the model applies them: the real code, with one of them bent where there is a mutation.

use crate::clock::at;
use crate::mutation::Mutation;
use crate::names::id;
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

/// The decisions, one of them broken where there is a mutation.
#[derive(Clone, Copy, Debug)]
pub struct Decisions {
    pub mutation: Option<Mutation>,
    pub when_stopped: WhenStopped,
}

impl Decisions {
    pub fn broken(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
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
        self.without_ends(record).enqueue(request)
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
        let record = self.without_ends(&self.without_lease(record));
        admission(&record, request, holder.as_ref(), at(now))
    }

    fn without_ends(&self, record: &Record) -> Record {
        let mut record = record.clone();
        if self.broken(Mutation::ForgetBadEnds) {
            record.ends.clear();
        }
        record
    }

    pub fn claim(&self, record: &Record, claimant: Claimant<'_>, now: u8) -> Claim {
        let record = self.without_lease(record);
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

    fn without_lease(&self, record: &Record) -> Record {
        let mut record = record.clone();
        if self.broken(Mutation::ClaimDespiteLease) {
            record.lease = None;
        }
        record
    }

    pub fn begin_flip_back(&self, who: Who, task: Task, world: &World, began: u8) -> BeginFlip {
        let mut record = Record::clone(&world.record.0);
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
        let (cause, until) = (self.cause(task, world), self.until(began));
        let (owner, now) = (who.owner(), at(world.now));
        let reason = reasons::of_flip_back(world, who, task);
        let mut begun = record.begin_flip_back(&owner, &cause, reason, now, until);
        if let BeginFlip::NothingToFlipBack { closed, .. } = &mut begun
            && self.broken(Mutation::LeaveUnflippedOpen)
        {
            *closed = None;
        }
        self.leased(begun)
    }

    /// Begins a contract step on the record as it is now.
    pub fn begin_contract(&self, record: &Record, contract: &Contract) -> BeginContract {
        let mut record = record.clone();
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
        let mut record = record.clone();
        let id = id(release);
        if self.broken(Mutation::EndFlipBlindly)
            && let Some(release) = record.release.as_mut()
        {
            release.phase = Phase::Flipping;
            release.id = id.clone();
            release.share = Some(share);
        }
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
