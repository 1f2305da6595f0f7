//! How traffic is shifted, step by step.

use super::checks::SHORT_STEPS;
use super::evidence::{Evidence, Finding};

pub(super) fn findings(evidence: &Evidence<'_>) -> Option<Finding> {
    let found = evidence.short_steps?;
    Some(SHORT_STEPS.finding(found.to_owned()))
}
