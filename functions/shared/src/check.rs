//! One smoke check on one target: what smoke answers, and what the probe of the watch reads.

use serde::{Deserialize, Serialize};

/// The result of a check, with what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// The check's name in the smoke spec.
    pub check: String,
    /// `HOST:PORT`, or the environment's base URL.
    pub target: String,
    pub passed: bool,
    /// False: there was no time for an attempt. Such a check has not passed, and found nothing wrong.
    pub asked: bool,
    pub expected: String,
    pub found: String,
    /// From the request to the end of the body, in milliseconds; none where there was no answer.
    pub latency_ms: Option<u64>,
}

/// What the checks found at each place by its name, as results name it. The results of many targets are cut to what an
/// answer carries; this counts all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckedTargets {
    /// At least one check was made, and each that was made has passed.
    pub passing: Vec<String>,
    /// The last attempt of at least one check failed.
    pub failing: Vec<String>,
    /// How many more there are, for which the time was too short.
    pub unasked: usize,
}

impl CheckResult {
    pub fn describe(&self) -> String {
        let CheckResult {
            check,
            target,
            expected,
            found,
            ..
        } = self;
        format!("{check} on {target}: expected {expected}, found {found}")
    }
}
