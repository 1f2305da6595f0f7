//! Who waits while a statement runs.

use crate::problem::Finding;
use crate::rule::Rule;

pub(super) fn blocks_all(found: &str) -> Finding {
    Finding::new(Rule::BlockAll, format!("{found}."))
}

pub(super) fn blocks_writes(found: &str) -> Finding {
    Finding::new(Rule::BlockWrites, format!("{found}."))
}
