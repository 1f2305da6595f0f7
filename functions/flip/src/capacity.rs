//! How many healthy targets traffic needs where it goes, and how many there are. Pure.

use record::{Phase, Record};
use serde::Serialize;
use shared::targets::{TargetHealth, healthy_count};

/// The healthy targets without which no rule is written, of how many that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// All that are wanted: for a flip that begins.
    All(usize),
    /// One: for a flip back, and for a flip that has begun, since its rules may disagree.
    OneOf(usize),
}

impl Need {
    /// What a flip needs that begins: as many as were deployed for it, or as active wants by now where that is fewer.
    pub fn of_new_flip(deployed: i32, active_wants: i32) -> Need {
        Need::All(at_least_one(deployed.min(active_wants)))
    }

    /// What a flip back needs, and a flip that has begun.
    pub fn one_of(wanted: i32) -> Need {
        Need::OneOf(at_least_one(wanted))
    }

    fn wanted(self) -> usize {
        match self {
            Need::All(wanted) | Need::OneOf(wanted) => wanted,
        }
    }
}

fn at_least_one(tasks: i32) -> usize {
    usize::try_from(tasks).unwrap_or_default().max(1)
}

/// Whether the flip of the recorded release has not begun: so far it has moved no rule.
pub fn is_new_flip(record: &Record) -> bool {
    let release = record.release.as_ref();
    release.is_some_and(|release| release.phase == Phase::Deploying)
}

/// The targets of the environment that gets the traffic, as they were before a rule was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Capacity {
    pub healthy: usize,
    /// Without those on their way out.
    pub registered: usize,
    /// For a flip what it needed at its beginning, for a flip back what the release found there.
    pub wanted: usize,
}

impl Capacity {
    pub fn of(targets: &[TargetHealth], need: Need) -> Capacity {
        Capacity {
            healthy: healthy_count(targets),
            registered: targets.iter().filter(|it| !it.is_draining()).count(),
            wanted: need.wanted(),
        }
    }

    /// The figures in words, where fewer are healthy than wanted.
    pub(crate) fn shortage(&self) -> Option<String> {
        let Capacity {
            healthy, wanted, ..
        } = self;
        (healthy < wanted).then(|| format!("{healthy} of {wanted} targets healthy"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fixtures::target_health;

    #[test]
    fn a_new_flip_needs_what_was_deployed_or_what_active_wants_by_now_if_that_is_fewer() {
        let check = |deployed, active_wants, expect| {
            assert_eq!(Need::of_new_flip(deployed, active_wants), Need::All(expect));
        };
        check(10, 10, 10);
        // Active was scaled in since: what it needs now is enough for its traffic.
        check(10, 3, 3);
        check(10, 30, 10);
        // Somebody has scaled active to none, and traffic needs somewhere to go.
        check(10, 0, 1);
        check(0, 0, 1);
    }

    #[test]
    fn a_flip_is_new_until_its_lease_was_taken() {
        let check = |phase, expect| {
            let release = record::Release {
                phase,
                ..fixtures::release("r1")
            };
            let record = Record {
                release: Some(release),
                ..Record::default()
            };
            assert_eq!(is_new_flip(&record), expect, "{phase}");
        };
        check(Phase::Deploying, true);
        check(Phase::Flipping, false);
        check(Phase::Watching, false);
        assert!(!is_new_flip(&Record::default()));
    }

    #[test]
    fn only_healthy_targets_count_and_a_shortage_has_its_figures() {
        let states = ["healthy", "initial", "unhealthy", "unused", "draining"];
        let targets = states.map(|state| target_health("10.0.0.1", state));
        let capacity = Capacity::of(&targets, Need::one_of(3));
        let expect = Capacity {
            healthy: 1,
            registered: 4,
            wanted: 3,
        };
        assert_eq!(capacity, expect);
        assert_eq!(
            capacity.shortage().as_deref(),
            Some("1 of 3 targets healthy")
        );
        assert_eq!(Capacity::of(&targets, Need::one_of(1)).shortage(), None);
    }
}
