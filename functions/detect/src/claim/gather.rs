//! Looks up what decides about a plan, beside the rules and the services: all at once.

use crate::look::{self, Fact, Facts, Observer, PushTimes, RequestedImage, Snapshot};
use shared::ReleasePlan;

pub(super) struct Gathered {
    /// Live and wanted are images of one build, as far as that can be read.
    pub same_build: bool,
    /// Of the images that run, and of the new one.
    pub push_times: Fact<PushTimes>,
    pub facts: Facts,
}

/// `same_build` is none where only the live image's manifest may say it.
pub(super) async fn gather(
    observer: &Observer,
    snapshot: &Snapshot,
    wanted: &RequestedImage,
    plan: &ReleasePlan,
    same_build: Option<bool>,
) -> Gathered {
    let same_build = is_one_build(observer, snapshot, plan, same_build);
    let push_times = look::push_times(observer, snapshot.digests(), wanted.push_times.clone());
    let facts = look::gather_facts(observer, snapshot, plan, wanted);
    // On the heap: so many lookups at once are too large for a thread's stack.
    let (same_build, push_times, facts) =
        futures::join!(Box::pin(same_build), Box::pin(push_times), Box::pin(facts));
    Gathered {
        same_build,
        push_times: push_times.map_err(Into::into),
        facts,
    }
}

/// Whether live and wanted are images of one build: as it is `known`, or as the live image's manifest says.
pub(super) async fn is_one_build(
    observer: &Observer,
    snapshot: &Snapshot,
    plan: &ReleasePlan,
    known: Option<bool>,
) -> bool {
    match known {
        Some(known) => known,
        // A revision of the team's may differ in more than its image.
        None if plan.task_definition.is_some() => false,
        None => look::live_holds(observer, snapshot, &plan.image.digest).await,
    }
}
