//! Whether the live image and the wanted one are of one build: one is an index that holds the other.

use super::environments::Snapshot;
use super::manifest::manifest;
use super::observer::Observer;
use super::resolve::RequestedImage;
use shared::Digest;

/// What the wanted image's manifest says of it; none where only the live image's may say more.
pub(crate) fn same_build(snapshot: &Snapshot, wanted: &RequestedImage) -> Option<bool> {
    let Some(live) = live(snapshot) else {
        return Some(false);
    };
    let members = wanted.members();
    let says = wanted.image.digest == *live || !members.is_empty();
    says.then(|| members.contains(live))
}

/// Whether the live image is an index that holds the wanted one. What cannot be read says no.
pub(crate) async fn live_holds(observer: &Observer, snapshot: &Snapshot, wanted: &Digest) -> bool {
    let Some(live) = live(snapshot) else {
        return false;
    };
    let live = manifest(observer, live).await;
    live.is_ok_and(|live| live.members().contains(wanted))
}

fn live(snapshot: &Snapshot) -> Option<&Digest> {
    let active = snapshot.active.as_ref().ok()?;
    snapshot.environments.get(*active).digest()
}
