//! What ECR's scan of an image says, held against the findings that a stack does not let in.
//!
//! `policy` is what the stack wants, `look` reads the scan of one image (`answer`), `tally` adds its pages up, and `verdict` judges it.

mod answer;
mod look;
mod policy;
mod tally;
mod verdict;

pub use answer::{Findings, Scan};
pub use look::{Repository, look};
pub use policy::{ScanPolicy, ScanSeverity};
pub use verdict::{ScanVerdict, Unscanned, verdict};
