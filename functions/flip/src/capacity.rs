//! How many healthy targets traffic needs where it goes, and how many there are. Pure.

use record::{Phase, Record};
use serde::Serialize;
use shared::Share;
use shared::targets::{TargetHealth, healthy_count};

/// The healthy targets without which no rule is written, of how many that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// All that are wanted: for a flip that begins.
    All {
        wanted: usize,
        /// Those of the previous environment, for what it keeps of the traffic; 0 where it keeps nothing.
        previous: usize,
    },
    /// One: for a flip back, and for a flip that has begun, since its rules may disagree.
    OneOf(usize),
}

impl Need {
    /// What a flip to `share` needs that begins: its part of as many as were deployed for all of the traffic, or as active
    /// wants for all of it where that is fewer.
    ///
    /// What active wants by now is for what it has: once `before`, the share of an earlier step, is gone from it,
    /// autoscaling may take tasks away.
    pub fn of_new_flip(
        deployed: i32,
        active_wants: i32,
        before: Option<Share>,
        share: Share,
    ) -> Need {
        let kept = 100 - before.map_or(0, percent).min(99);
        let (share, active_wants) = (percent(share), tasks(active_wants));
        let for_all = tasks(deployed).min(part(active_wants, 100, kept));
        Need::All {
            wanted: part(for_all, share, 100).max(1),
            previous: match 100 - share {
                0 => 0,
                rest => part(active_wants, rest, kept).max(1),
            },
        }
    }

    /// What a flip back needs, and a flip that has begun.
    pub fn one_of(wanted: i32) -> Need {
        Need::OneOf(tasks(wanted).max(1))
    }

    /// How many the environment wants that gets the traffic.
    pub fn wanted(self) -> usize {
        match self {
            Need::All { wanted, .. } | Need::OneOf(wanted) => wanted,
        }
    }

    /// How many the other one wants; none where it need not be asked.
    pub fn wanted_of_previous(self) -> Option<usize> {
        match self {
            Need::All { previous, .. } => Some(previous).filter(|wanted| *wanted > 0),
            Need::OneOf(_) => None,
        }
    }
}

fn percent(share: Share) -> usize {
    share.percent().into()
}

fn tasks(count: i32) -> usize {
    usize::try_from(count).unwrap_or_default()
}

/// `share` of `whole` parts of so many tasks, rounded up.
fn part(tasks: usize, share: usize, whole: usize) -> usize {
    (tasks * share).div_ceil(whole)
}

/// Whether the flip of the recorded release to its next share has not begun: so far no rule has that share.
pub fn is_new_flip(record: &Record) -> bool {
    let release = record.release.as_ref();
    release.is_some_and(|release| matches!(release.phase, Phase::Deploying | Phase::Watching))
}

/// The targets of an environment, as they were before a rule was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Capacity {
    pub healthy: usize,
    /// Without those on their way out.
    pub registered: usize,
    /// For a flip what it needed at its beginning, for a flip back what the release found there.
    pub wanted: usize,
}

impl Capacity {
    pub fn of(targets: &[TargetHealth], wanted: usize) -> Capacity {
        Capacity {
            healthy: healthy_count(targets),
            registered: targets.iter().filter(|it| !it.is_draining()).count(),
            wanted,
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

/// The targets of both environments, as far as a write needs them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Targets {
    /// Of the environment that gets the traffic, or a larger share of it.
    pub receiving: Capacity,
    /// Of the previous one, where it keeps the rest.
    pub previous: Option<Capacity>,
}

#[cfg(test)]
#[path = "capacity_tests.rs"]
mod tests;
