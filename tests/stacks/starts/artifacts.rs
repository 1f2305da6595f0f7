//! A1: what is no container image is nothing to release, whoever asks; what ECR does not know goes on.

mod forms;
mod images;
mod nothing;

use crate::case::Case;

pub fn cases() -> Vec<Case> {
    let mut cases = nothing::cases();
    cases.extend(images::cases());
    cases
}
