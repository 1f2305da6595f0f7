//! What ECR says of the scan of one image, as the policy counts it.

use super::policy::ScanSeverity;
use std::collections::BTreeMap;

/// What ECR says of the scan of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scan {
    /// As ECR writes it. None: ECR knows of no scan, or does not name its status.
    pub status: Option<String>,
    /// What ECR says of the status.
    pub description: Option<String>,
    pub findings: Option<Findings>,
    /// ECR answered that there is no scan of this image.
    pub is_absent: bool,
}

/// What a scan has found, as the policy counts it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// It says when it was completed.
    pub is_completed: bool,
    pub counts: BTreeMap<ScanSeverity, u32>,
    /// Enhanced scanning lists the findings, and with them whether each has a fix.
    pub tells_fixes: bool,
    /// There are findings that were not read.
    pub has_more: bool,
    /// It has neither counts nor a list. Either of them may be empty, and then says that nothing was found.
    pub is_silent: bool,
}

impl Scan {
    pub(super) fn absent() -> Scan {
        Scan {
            is_absent: true,
            ..Scan::default()
        }
    }
}
