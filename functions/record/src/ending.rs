//! What a change of the record ends: a release, or the flip back of one that has ended before. Pure.

use crate::finish::Outcome;
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use serde::Serialize;
use shared::emf::Metric;

/// A release that a change has ended, or that is flipped back after its end: an item of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ending {
    pub release: Release,
    /// It had ended before, so this is an item beside that of its end.
    pub later: bool,
    /// How it is counted; none where it was counted before, is not over yet, was replaced by a newer request, or is a sync.
    pub end: Option<ReleaseEnd>,
}

/// How a release ends for those who count releases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ReleaseEnd {
    Released,
    /// Before it had traffic.
    Failed,
    RolledBack,
    /// After it had ended otherwise.
    RolledBackLater,
    /// With traffic, neither stable nor flipped back.
    NotFlippedBack,
}

impl Ending {
    /// What the change from `before` to `after` ends; none where it ends nothing.
    pub fn of(before: &Record, after: &Record) -> Option<Ending> {
        let old = before.release.as_ref()?;
        match &after.release {
            Some(new) if new.id == old.id => Ending::of_release(before, after, old, new),
            _ => Ending::left_behind(before, old),
        }
    }

    fn of_release(before: &Record, after: &Record, old: &Release, new: &Release) -> Option<Ending> {
        let later = before.holder.is_none();
        let changes = new.phase != old.phase;
        let ends = changes && new.phase.is_terminal();
        let begins_later = changes && later && new.phase == Phase::RollingBack;
        let freed = after.holder.is_none() && before.is_held_for_release();
        let end = if ends {
            new.phase.end(later).filter(|_| !after.is_replaced(new))
        } else if freed {
            // Its execution also records the end of what it has closed itself: the reason may say more now.
            (!new.phase.is_terminal()).then_some(ReleaseEnd::NotFlippedBack)
        } else if begins_later {
            None
        } else {
            return None;
        };
        Some(Ending {
            release: new.clone(),
            later,
            end: end.filter(|_| !new.sync),
        })
    }

    /// The release of an execution that has ended without an end of it: another request takes the record over.
    fn left_behind(before: &Record, old: &Release) -> Option<Ending> {
        if !before.is_held_for_release() || old.phase.is_terminal() {
            return None;
        }
        let mut release = old.clone();
        release.phase = old.phase.after(Outcome::Failed);
        let reason = || {
            "its execution ended without an end of it, and another request took the record over"
                .to_owned()
        };
        release.reason.get_or_insert_with(reason);
        let end = if release.phase == Phase::Failed {
            ReleaseEnd::Failed
        } else {
            ReleaseEnd::NotFlippedBack
        };
        Some(Ending {
            later: false,
            end: (!old.sync && !before.is_replaced(old)).then_some(end),
            release,
        })
    }
}

impl Record {
    /// Whether a newer request has replaced the release at its gate: it did not fail, as little as one that was superseded
    /// before it began.
    fn is_replaced(&self, release: &Release) -> bool {
        let own = self.gate.as_ref().filter(|gate| gate.release == release.id);
        let outcome = own.and_then(|gate| gate.outcome.as_ref());
        outcome.is_some_and(|outcome| outcome.replaced_by.is_some())
    }
}

impl Phase {
    fn end(self, later: bool) -> Option<ReleaseEnd> {
        match self {
            Phase::Stable => Some(ReleaseEnd::Released),
            Phase::Failed => Some(ReleaseEnd::Failed),
            Phase::RolledBack if later => Some(ReleaseEnd::RolledBackLater),
            Phase::RolledBack => Some(ReleaseEnd::RolledBack),
            Phase::Deploying
            | Phase::Flipping
            | Phase::Watching
            | Phase::RollingBack
            | Phase::Synced => None,
        }
    }
}

impl ReleaseEnd {
    pub fn metric(self) -> Metric {
        match self {
            ReleaseEnd::Released => Metric::Released,
            ReleaseEnd::Failed => Metric::Failed,
            ReleaseEnd::RolledBack => Metric::RolledBack,
            ReleaseEnd::RolledBackLater => Metric::RolledBackLater,
            ReleaseEnd::NotFlippedBack => Metric::NotFlippedBack,
        }
    }
}

#[cfg(test)]
#[path = "ending_tests.rs"]
mod tests;
