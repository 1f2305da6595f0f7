//! What ECR's scan of an image says, held against the findings that a stack does not let in.
//!
//! `policy` is what the stack wants, `look` reads the scan of one image, and `verdict` is pure.

mod look;
mod policy;
mod verdict;

pub use look::{Findings, Repository, Scan, look};
pub use policy::{ScanPolicy, ScanSeverity};
pub use verdict::{ScanVerdict, Unscanned, verdict};
