//! What a release that moved traffic has left undone: whoever meets it begins with neither environment. Pure.

use crate::look::Snapshot;
use record::{Record, Release};
use shared::routing::{LiveRule, Routing};
use shared::{ExecutionArn, WhenStopped};

/// Why the release of a holder that has ended is to be flipped back before anything else begins; none: it has left
/// nothing to flip back, or the stack leaves traffic where it is and nobody has asked for the stop.
pub fn to_flip_back(
    record: &Record,
    dead_holder: Option<&ExecutionArn>,
    when_stopped: WhenStopped,
) -> Option<String> {
    let dead_holder = dead_holder?;
    let flips_back = |it: &&Release| when_stopped == WhenStopped::FlipBack || it.stop.is_some();
    let release = record.left_flipped_by(dead_holder).filter(flips_back)?;
    let release = describe_release(release);
    Some(format!(
        "{dead_holder} has ended without an end of {release}"
    ))
}

/// Lets the snapshot say what to do about a split that the record's release has made, and answers whether it is one.
pub(crate) fn explain_split(routing: &Routing, snapshot: &mut Snapshot, record: &Record) -> bool {
    let release = record.release.as_ref();
    let Some(release) = release.filter(|it| splits(it, routing, &snapshot.rules)) else {
        return false;
    };
    let before = if record.holder.is_some() {
        "Wait until that release has ended; if its execution was stopped, send"
    } else {
        "No execution watches it any more: send"
    };
    snapshot.active = Err(format!(
        "{} splits the traffic, so neither environment is active. {before} {{\"action\": \"rollback\"}}, which flips \
         all of it back to {}, and request this again.",
        describe_release(release),
        release.from
    )
    .into());
    true
}

/// Whether the rules are split, and every split of theirs is this release's. While its flip is on its way, some may have
/// the share before it, and some none.
fn splits(release: &Release, routing: &Routing, rules: &[LiveRule]) -> bool {
    let own = release.splits();
    let is_own = |rule: &LiveRule| routing.own_traffic(rule, &own).is_some();
    rules.iter().any(is_own)
        && rules
            .iter()
            .all(|rule| is_own(rule) || routing.environment_of(rule).is_ok())
}

/// A release, how far it is, and its share where that is not all of the traffic.
pub(crate) fn describe_release(release: &Release) -> String {
    let Release { id, phase, .. } = release;
    let share = release.current_share();
    if release.has_moved() && !share.is_all() {
        format!("release {id} ({phase} at {share})")
    } else {
        format!("release {id} ({phase})")
    }
}

#[cfg(test)]
#[path = "unfinished_tests.rs"]
mod tests;
