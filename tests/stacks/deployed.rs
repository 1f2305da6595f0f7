//! What is deployed, and the flip: `images` are the containers of a task, `unknown` is about what the SDK does not know of
//! them, `flips` is about the targets at the flip, `shares` about the rules, `stopped` about executions that end too early.

mod flips;
mod images;
mod shares;
mod stopped;
mod unknown;

use crate::case::Case;

pub fn cases() -> Vec<Case> {
    [
        images::cases(),
        unknown::cases(),
        flips::cases(),
        shares::cases(),
        stopped::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
