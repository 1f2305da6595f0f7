//! What starts a release: `artifacts` are the kinds of things that people push, `builds` the pushes that belong to one
//! build, `let_in` what a stack may keep out, `tags` the choice by name, `names` the ways to name an image, `things` what
//! a request names, `revisions` those of one's own, `shares` how it shifts traffic, `meets` the release in progress that
//! it meets, `people` what people say of one, and of all.

mod artifacts;
mod builds;
mod let_in;
mod live;
mod meets;
mod names;
mod people;
mod revisions;
mod shares;
mod tags;
mod things;

use crate::case::Case;
use serde_json::json;

pub fn cases() -> Vec<Case> {
    let base = vec![
        Case::new("base", "a stack that is right releases a tag")
            .asks(json!({"tag": "v1.1.0"}))
            .releases(),
        Case::new("base", "a stack that is right releases a push")
            .pushes("v1.1.0", "sha256:110…")
            .releases(),
        Case::new("base", "the live image is nothing to release")
            .asks(json!({"tag": "v1.0.0"}))
            .skips()
            .saying(&["live in blue already"]),
    ];
    [
        base,
        artifacts::cases(),
        builds::cases(),
        let_in::cases(),
        live::cases(),
        tags::cases(),
        names::cases(),
        shares::cases(),
        meets::cases(),
        people::cases(),
        revisions::cases(),
        things::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
