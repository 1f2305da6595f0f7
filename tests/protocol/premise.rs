//! Where the rules send traffic, and what flip knows of a release before it looks at them.

use crate::write::Direction;
use flip::capacity::is_new_flip;
use record::{Record, Release};
use shared::{Environment, Share, Traffic};

/// Where each rule sends traffic; none is a target group that is neither environment's.
pub type Rules = Vec<Option<Traffic>>;

/// The splits that a release may have made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Own {
    pub to: Environment,
    pub shares: [Option<Share>; 2],
    /// The record has the forwards that it found.
    pub known: bool,
}

impl Own {
    pub fn of(release: &Release) -> Own {
        let splits = release.splits();
        Own {
            to: splits.to,
            shares: splits.shares,
            known: !splits.originals.is_empty(),
        }
    }

    /// The release takes its first share of the traffic, and is about to split the rules.
    pub fn is_first_of(&self, traffic: Traffic) -> bool {
        !self.known && !traffic.share.is_all()
    }
}

/// What flip knows of a release from its question to the record, before it reads targets and rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Premise {
    pub own: Own,
    /// No rule has moved for this share yet.
    pub begins: bool,
    /// The share that the release had until then.
    pub before: Option<Share>,
}

impl Premise {
    pub fn new(record: &Record, begun: &Release, direction: Direction) -> Premise {
        Premise {
            own: Own::of(begun),
            begins: direction == Direction::Forward && is_new_flip(record),
            before: record.release.as_ref().and_then(|it| it.share),
        }
    }
}
