//! What a change of the record measures. All metrics of a release but those of its verdicts are made where the record changes:
//! a task that comes twice changes nothing, and measures nothing. Pure.

use crate::ending::{Ending, ReleaseEnd};
use crate::phase::Phase;
use crate::record::Record;
use crate::release::Release;
use serde::Serialize;
use shared::emf::Metric;
use shared::{Digest, Environment, ReleaseId, Share, Time, excerpt};

/// The measurements of the change from `before` to `after`, which ends `ending`, at `now`.
pub(crate) fn measured(
    before: &Record,
    after: &Record,
    ending: Option<&Ending>,
    now: Time,
) -> Vec<(Metric, f64)> {
    let end = ending.and_then(|it| it.end);
    let mut measured: Vec<_> = end.map(|it| (it.metric(), 1.0)).into_iter().collect();
    if let (Some(old), Some(new)) = (&before.release, &after.release)
        && old.id == new.id
        && old.phase != new.phase
    {
        let had_ended = before.holder.is_none();
        measured.extend(of_phases(old.phase, new, had_ended, now));
    }
    measured
}

/// What the way of a release from one phase into another measures.
fn of_phases(old: Phase, new: &Release, had_ended: bool, now: Time) -> Vec<(Metric, f64)> {
    let lasted = |metric, since| Some((metric, milliseconds(since?, now)));
    let seconds = |metric, since| Some((metric, milliseconds(since?, now) / 1_000.0));
    let measured = match (old, new.phase) {
        (Phase::Deploying, Phase::Flipping) => [Some((Metric::FlipBegun, 1.0)), None],
        (Phase::Flipping, Phase::Watching) => {
            let requested = new.requested_at.filter(|_| new.current_share().is_all());
            let lead = seconds(Metric::PushToTraffic, requested);
            [lasted(Metric::FlipTime, new.share_since), lead]
        }
        (_, Phase::RollingBack) => {
            let flipped = new.flipped_at.filter(|_| !had_ended);
            let begun = Some((Metric::FlipBackBegun, 1.0));
            [begun, seconds(Metric::TimeToDetect, flipped)]
        }
        (Phase::RollingBack, Phase::RolledBack) => {
            let began = new.flip_back_at;
            let bad = if had_ended { began } else { new.flipped_at };
            let restored = seconds(Metric::TimeToRestore, bad);
            [lasted(Metric::FlipBackTime, began), restored]
        }
        _ => [None, None],
    };
    measured.into_iter().flatten().collect()
}

/// 0 where the clocks of two processes differ by more than has passed.
fn milliseconds(since: Time, now: Time) -> f64 {
    (now - since).to_std().unwrap_or_default().as_secs_f64() * 1_000.0
}

/// What the log says beside the metrics: the release, and of one that has ended, how (`outcome`).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct About<'a> {
    release: &'a ReleaseId,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<ReleaseEnd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    digest: &'a Digest,
    from: Environment,
    to: Environment,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Share>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl<'a> About<'a> {
    /// The release that a change ends, or else the one that it changes.
    pub fn of(after: &'a Record, ending: Option<&'a Ending>) -> Option<About<'a>> {
        let ended = ending.map(|it| &it.release);
        let release = ended.or(after.release.as_ref())?;
        Some(About {
            release: &release.id,
            outcome: ending.and_then(|it| it.end),
            tag: release.tag.as_deref(),
            digest: &release.to_digest,
            from: release.from,
            to: release.to,
            share: release.flipped_at.map(|_| release.current_share()),
            reason: release.reason.as_deref().map(excerpt),
        })
    }
}

#[cfg(test)]
#[path = "measured_tests.rs"]
mod tests;
