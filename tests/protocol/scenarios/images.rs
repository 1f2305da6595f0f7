//! Images that are signed, scanned and verified before they are let in, and a tag that moves meanwhile.

use super::setting::{NOTHING, Scenario, scenario};
use crate::world::Budget;
use shared::WhenStopped;

pub fn images() -> Scenario {
    let budget = Budget {
        tags: 1,
        losses: 1,
        ..NOTHING
    };
    let possible = &[
        "released",
        "waited for a signature",
        "waited for a scan, then released",
        "refused by its scan",
        "gave up on a scan",
        "refused by the verifier",
        "no answer of the verifier",
        "verified once more for another image",
        "verified after its claim",
        "another image than was claimed refused",
        // An earlier try may claim after a later one has refused.
        "a stopped release closed",
    ];
    let name = "a checked image, two tries at once, a tag that moves";
    scenario(name, "t", budget, possible)
        .with_checked_images()
        .with_overlap()
        .when_stopped(WhenStopped::FlipBack)
}

pub fn images_and_strays() -> Scenario {
    let budget = Budget {
        strays: 1,
        aborts: 1,
        ..NOTHING
    };
    let possible = &[
        "an untested flip refused",
        "released",
        "refused by its scan",
    ];
    let name = "a checked image, a stray task, an abort";
    scenario(name, "t", budget, possible).with_checked_images()
}

pub fn images_checked_since() -> Scenario {
    let budget = Budget {
        updates: 1,
        losses: 1,
        ..NOTHING
    };
    let possible = &[
        "released",
        "verified after its claim",
        "refused by the verifier",
    ];
    let name = "an image that is checked since an update, a lost answer";
    scenario(name, "t", budget, possible)
}
