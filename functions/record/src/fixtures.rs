//! What the tests of the record share.

pub mod people;

use crate::claim::{Claim, Claimant};
use crate::end_flip::EndFlip;
use crate::flip::{BeginFlip, Flip};
use crate::phase::Phase;
use crate::queued::QueuedRequest;
use crate::record::{Lease, Record};
use crate::release::{PassedSmoke, Release};
use crate::schema::{Contract, Expand};
use chrono::DateTime;
use shared::{Environment, ExecutionArn, LeaseOwner, OriginalForward, ReleaseId, Share, Time};

/// The revision of [`proven`], as a task names it.
pub const NEW: Option<&str> = Some("new");

pub fn execution(name: &str) -> ExecutionArn {
    ExecutionArn::from(name)
}

pub fn id(name: &str) -> ReleaseId {
    ReleaseId::from(name)
}

pub fn owner(name: &str) -> LeaseOwner {
    LeaseOwner::from(name)
}

/// `seconds` after the beginning of the tests' time.
pub fn at(seconds: i64) -> Time {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a valid time")
}

pub fn request(name: &str, made_at: i64) -> QueuedRequest {
    QueuedRequest {
        made_at: at(made_at),
        started_at: at(made_at),
        execution: execution(name),
        pushed_digest: Some(format!("sha256:{name}").into()),
        pushed_members: Vec::new(),
    }
}

pub fn release(name: &str) -> Release {
    Release {
        from_desired: 2,
        heeds: true,
        ..Release::new(id(name), Environment::Blue, "sha256:new".into(), at(0))
    }
}

impl Record {
    /// A record held by the execution `name`, whose release `name` is in `phase`.
    pub fn test(name: &str, phase: Phase) -> Record {
        let release = Release {
            phase,
            flipped_at: Some(at(10)),
            ..release(name)
        };
        Record {
            version: 7,
            newest: Some(request(name, 0)),
            holder: Some(execution(name)),
            release: Some(release),
            ..Record::default()
        }
    }

    pub fn leased_by(mut self, name: &str, until: i64) -> Record {
        self.lease = Some(Lease {
            owner: owner(name),
            until: at(until),
            retried: false,
        });
        self
    }
}

pub fn share(percent: u8) -> Share {
    Share::new(percent).expect("1 to 100")
}

/// Asks for all of the traffic for a release, with a lease of 20 s.
pub fn flip(
    record: &Record,
    by: &str,
    release: &str,
    revision: Option<&str>,
    now: i64,
) -> BeginFlip {
    let flip = Flip {
        execution: &execution(by),
        release: &id(release),
        revision,
        share: Share::ALL,
        original_forwards: &[],
    };
    record.begin_flip(&flip, at(now), at(now + 20))
}

/// Asks for a share of the traffic for release `me`, with a lease of 20 s, where the rules are as in [`forwards`].
pub fn shift(record: &Record, percent: u8, now: i64) -> BeginFlip {
    let flip = Flip {
        execution: &execution("me"),
        release: &id("me"),
        revision: NEW,
        share: share(percent),
        original_forwards: &forwards(&format!("rule-at-{now}")),
    };
    record.begin_flip(&flip, at(now), at(now + 20))
}

/// One rule that names its group as `TargetGroupArn`.
pub fn forwards(rule: &str) -> Vec<OriginalForward> {
    vec![OriginalForward {
        rule: rule.to_owned(),
        single: true,
        groups: None,
    }]
}

/// A record whose release `me` is watched at its first share, which it has had since 10 s.
pub fn watching_at(percent: u8) -> Record {
    ended(&begun(shift(&proven(), percent, 10)), percent)
}

/// The record after the flip to this share has ended.
pub fn ended(flipping: &Record, percent: u8) -> Record {
    let ended = flipping.end_flip(&owner("me"), &id("me"), share(percent));
    let EndFlip::Ended(watching) = ended else {
        panic!("the flip did not end: {ended:?}")
    };
    watching
}

/// The record of a flip or a flip back that began.
pub fn begun(outcome: BeginFlip) -> Record {
    let BeginFlip::Begun { record, .. } = outcome else {
        panic!("the flip did not begin: {outcome:?}")
    };
    record
}

/// A record whose release `me` has passed its smoke test with revision `new`, and not flipped yet.
pub fn proven() -> Record {
    let passed_smoke = Some(passed("me", "new"));
    let mut record = deploying();
    record.release = record.release.map(|release| Release {
        passed_smoke,
        ..release
    });
    record
}

/// The smoke test of a release and its execution, with this revision.
pub fn passed(execution: &str, revision: &str) -> PassedSmoke {
    PassedSmoke {
        execution: execution.into(),
        digest: "sha256:new".into(),
        task_definition: revision.to_owned(),
    }
}

/// A record whose release `me` has not passed its smoke test yet.
pub fn deploying() -> Record {
    Record {
        release: Some(release("me")),
        ..Record::test("me", Phase::Deploying)
    }
}

/// Claims for a release, by the execution of its name.
pub fn claim(
    record: &Record,
    release: &Release,
    dead_holder: Option<&str>,
    read_version: u64,
    now: i64,
) -> Claim {
    let dead_holder = dead_holder.map(execution);
    let claimant = Claimant {
        execution: &execution(release.id.as_str()),
        release,
        dead_holder: dead_holder.as_ref(),
        read_version,
        override_freeze: false,
    };
    record.claim(&claimant, at(now))
}

/// A proven expanding release.
pub fn expand(name: &str, stable_releases: u32) -> Expand {
    Expand {
        release: id(name),
        digest: format!("sha256:{name}").into(),
        pushed_at: at(0),
        stable_releases,
        proven: true,
    }
}

/// A record whose latest release `live` is stable, with one expanding release before it.
pub fn stable(count: u32) -> Record {
    Record {
        holder: None,
        expands: vec![expand("expanding", count)],
        ..Record::test("live", Phase::Stable)
    }
}

/// A record whose contract step `me` has begun after the release `live`.
pub fn contracting() -> Record {
    let contract = Contract::requested(&id("me"), &execution("me"), at(0), expand("expanding", 1));
    Record {
        holder: Some(execution("me")),
        contract: Some(contract),
        ..stable(1)
    }
}
