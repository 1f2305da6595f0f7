//! The records that detect's tests begin with.

use chrono::Utc;
use record::{Phase, QueuedRequest, Record, Release, Time};
use shared::{Environment, OriginalForward, Share};

pub const ME: &str = "arn:aws:states:eu-west-1:1:execution:shop:me";

pub fn noon() -> Time {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

/// `ME` is the newest request.
pub fn newest() -> Record {
    let newest = QueuedRequest {
        made_at: noon(),
        started_at: noon(),
        execution: ME.into(),
        pushed_digest: None,
        pushed_members: Vec::new(),
    };
    Record {
        version: 1,
        newest: Some(newest),
        ..Record::default()
    }
}

pub fn held_by(holder: &str) -> Record {
    let release = Release {
        claimed_at: Utc::now(),
        ..fixtures::release(holder)
    };
    Record {
        holder: Some(holder.into()),
        release: Some(release),
        ..newest()
    }
}

/// The execution `old` holds the record, and watches its release at 10 % of the traffic.
pub fn watching_a_share() -> Record {
    let original = OriginalForward {
        rule: "rule".to_owned(),
        single: true,
        groups: None,
    };
    let release = held_by("old").release.map(|release| Release {
        phase: Phase::Watching,
        flipped_at: Some(noon()),
        share: Share::new(10),
        share_since: Some(noon()),
        original_forwards: vec![original],
        ..release
    });
    Record {
        release,
        ..held_by("old")
    }
}

/// The record after a stable release that made blue live.
pub fn stable() -> Record {
    let release = held_by("old").release.map(|release| Release {
        phase: Phase::Stable,
        from: Environment::Green,
        to: Environment::Blue,
        to_digest: "sha256:live".into(),
        from_digest: Some("sha256:live".into()),
        from_desired: 0,
        ..release
    });
    Record {
        release,
        ..newest()
    }
}
