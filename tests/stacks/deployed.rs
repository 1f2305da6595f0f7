//! What is deployed, and the flip: `images` are the containers of a task, `flips` is about the targets at the flip.

mod flips;
mod images;

use crate::case::Case;

pub fn cases() -> Vec<Case> {
    [images::cases(), flips::cases()]
        .into_iter()
        .flatten()
        .collect()
}
