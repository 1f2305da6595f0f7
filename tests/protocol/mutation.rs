//! The project's rules, and ways to break them: each mutation bends one rule around the real code, never in it.

use crate::balancer;
use crate::clock::at;
use crate::execution::IDS;
use crate::process::Errand;
use crate::world::World;
use chrono::TimeDelta;
use detect::turn::{Holder, Turn, turn};
use shared::Environment;
use shared::record::{
    Arrival, Begin, BeginContract, Cause, Claim, Contract, EndFlip, Lease, Phase, Record, Release,
    Request, Terms, Time,
};

/// One rule broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mutation {
    /// Detect and claim do not look whether a writer may be alive.
    ClaimDespiteWriter,
    /// Detect takes over without asking whether the holder still runs.
    HolderGoneUnasked,
    /// The claim does not look whether the record changed since the rules were looked at.
    ClaimAfterStaleLook,
    /// Flip does not look whether the record changed since it looked at the rules.
    FlipAfterStaleLook,
    /// The SDK sends a ModifyRule again whose answer was lost, and the process goes on with the second answer.
    ResendUnanswered,
    /// An older push is treated as the newest.
    OlderPushClaims,
    /// A flip back does not wait for the flip's lease.
    FlipBackDuringFlip,
    /// A write without an answer is taken for one that was turned away.
    GiveUpUnanswered,
    /// Traffic moves to the other side, whichever that is now.
    Toggle,
    /// An alarm counts however old it is.
    AlarmOfThePast,
    /// An alarm counts whichever side it watches.
    AlarmOfIdleSide,
    SkipHealth,
    SkipSmoke,
    /// A rule that forwards elsewhere is taken for the old side.
    MoveUnknownRule,
    /// The end of a release is written without looking whether the record changed.
    FinishWithoutLooking,
    /// The end of a flip is written whatever the record says by now.
    EndFlipBlindly,
    /// A retry gives back the lease that covers the first try's write as well.
    RetryDropsLease,
    /// The lease ends with the function, while its last write may be on its way.
    LeaseWithoutMargin,
    /// A flip back goes on although the next release has claimed.
    FlipBackAfterNextClaim,
    /// Whoever knows the release may flip it.
    FlipWithoutHolding,
    /// A flip back does not ask whether a contract step has begun.
    FlipBackAfterContract,
    /// A contract step begins although traffic may be on its way back.
    ContractDespiteFlipBack,
}

/// The rules as the model applies them.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub mutation: Option<Mutation>,
}

impl Rules {
    fn broken(&self, mutation: Mutation) -> bool {
        self.mutation == Some(mutation)
    }

    pub fn trusts_any_look(&self) -> bool {
        self.broken(Mutation::FlipAfterStaleLook)
    }

    /// As flip's handler computes it: the function's deadline, and the margin.
    fn until(&self, began: u8) -> Time {
        let margin = if self.broken(Mutation::LeaseWithoutMargin) {
            0
        } else {
            Lease::MARGIN_SECONDS
        };
        at(began + 1) + TimeDelta::seconds(margin)
    }

    pub fn arrive(&self, record: &Record, request: &Request) -> Arrival {
        if self.broken(Mutation::OlderPushClaims) {
            let newest = Some(request.clone());
            return Arrival::Newest(Record {
                newest,
                ..record.clone()
            });
        }
        record.arrive(request)
    }

    pub fn turn(&self, record: &Record, request: &Request, runs: bool, now: u8) -> Turn {
        let runs = runs && !self.broken(Mutation::HolderGoneUnasked);
        let holder = record.holder_other_than(&request.execution);
        // A deployment is one step here, so nothing of it is left when its execution has ended.
        let state = if runs {
            Holder::Running
        } else {
            Holder::Ended(None)
        };
        let holder = holder.map(|_| &state);
        turn(&self.without_writer(record), request, holder, at(now))
    }

    pub fn claim(
        &self,
        record: &Record,
        me: &str,
        release: &Release,
        gone: Option<&str>,
        seen: u64,
        now: u8,
    ) -> Claim {
        let record = self.without_writer(record);
        let seen = if self.broken(Mutation::ClaimAfterStaleLook) {
            record.version
        } else {
            seen
        };
        record.claim(me, release, gone, seen, at(now))
    }

    fn without_writer(&self, record: &Record) -> Record {
        let mut record = record.clone();
        if self.broken(Mutation::ClaimDespiteWriter) {
            record.writer = None;
        }
        record
    }

    pub fn begin_flip(&self, record: &Record, me: &str, id: &str, now: u8, began: u8) -> Begin {
        let mut record = record.clone();
        if self.broken(Mutation::FlipWithoutHolding) {
            record.holder = Some(me.to_owned());
            if let Some(release) = record.release.as_mut() {
                release.id = id.to_owned();
            }
        }
        self.leased(record.begin_flip(me, id, at(now), self.until(began)))
    }

    pub fn begin_flip_back(
        &self,
        record: &Record,
        me: &str,
        errand: Errand,
        world: &World,
        began: u8,
    ) -> Begin {
        let mut record = record.clone();
        if self.broken(Mutation::FlipBackDuringFlip)
            && record.release.as_ref().map(|it| it.phase) == Some(Phase::Flipping)
        {
            record.writer = None;
        }
        if self.broken(Mutation::FlipBackAfterContract) {
            record.contract = None;
        }
        if self.broken(Mutation::FlipBackAfterNextClaim) {
            forget_next_claim(&mut record, errand);
        }
        let cause = self.cause(errand, world);
        let until = self.until(began);
        self.leased(record.begin_flip_back(me, &cause, "because", at(world.now), until))
    }

    /// Begins a contract step on the record as it is now.
    pub fn begin_contract(&self, record: &Record, contract: &Contract) -> BeginContract {
        let mut record = record.clone();
        if self.broken(Mutation::ContractDespiteFlipBack) {
            record.writer = None;
            record.holder = None;
            if let Some(release) = record.release.as_mut()
                && release.phase == Phase::RollingBack
            {
                release.phase = Phase::Stable;
            }
        }
        let terms = Terms {
            seen: record.version,
            ..Terms::default()
        };
        record.begin_contract(contract, &terms)
    }

    fn cause(&self, errand: Errand, world: &World) -> Cause {
        let index = match errand {
            Errand::Flip(release) | Errand::FlipBack(release) => {
                return Cause::Release(IDS[release].to_owned());
            }
            Errand::Alarm(index) => index,
        };
        let delivery = &world.deliveries[index];
        let changed_at = if self.broken(Mutation::AlarmOfThePast) {
            at(u8::MAX)
        } else {
            at(delivery.changed_at)
        };
        let blind = self.broken(Mutation::AlarmOfIdleSide);
        Cause::Alarm {
            changed_at,
            environment: delivery.environment.filter(|_| !blind),
        }
    }

    fn leased(&self, mut begun: Begin) -> Begin {
        if let Begin::Go { record, .. } = &mut begun
            && self.broken(Mutation::RetryDropsLease)
            && let Some(lease) = record.writer.as_mut()
        {
            lease.retried = false;
        }
        begun
    }

    pub fn end_flip(&self, record: &Record, me: &str, id: &str) -> EndFlip {
        let mut record = record.clone();
        if self.broken(Mutation::EndFlipBlindly)
            && let Some(release) = record.release.as_mut()
        {
            release.phase = Phase::Flipping;
            release.id = id.to_owned();
        }
        record.end_flip(me, id)
    }

    pub fn movement(
        &self,
        rules: &[Option<Environment>],
        to: Environment,
        healthy: bool,
    ) -> Option<Vec<usize>> {
        let mut rules = rules.to_vec();
        if self.broken(Mutation::MoveUnknownRule) {
            for rule in &mut rules {
                rule.get_or_insert(to.other());
            }
        }
        let healthy = healthy || self.broken(Mutation::SkipHealth);
        balancer::change(&rules, to, healthy)
    }
}

/// The record as it would be had the next release not claimed it: of the release that is asked about, on the
/// side that the next one leaves.
fn forget_next_claim(record: &mut Record, errand: Errand) {
    let (Errand::FlipBack(asked), Some(release)) = (errand, record.release.as_mut()) else {
        return;
    };
    if release.id != IDS[asked] {
        release.id = IDS[asked].to_owned();
        (release.from, release.to) = (release.to, release.from);
        release.phase = Phase::Watching;
    }
}
