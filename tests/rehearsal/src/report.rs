//! How a scenario ended: what should have been, what was measured, and whether it fits.

use crate::follow::End;
use crate::stage::FIRST;
use crate::traffic::Counts;
use chrono::{DateTime, Utc};

/// The end of one scenario.
pub struct Report {
    scenario: String,
    passed: bool,
    checks: Vec<String>,
    measured: Vec<String>,
}

impl Report {
    pub(crate) fn new(scenario: String) -> Report {
        Report {
            scenario,
            passed: true,
            checks: Vec::new(),
            measured: Vec::new(),
        }
    }

    /// What was expected, whether it was so, and what was found, which a person reads only where it was not so.
    pub(crate) fn check(&mut self, expected: &str, fits: bool, found: &str) {
        self.passed &= fits;
        self.checks.push(match fits {
            true => format!("  ok     {expected}"),
            false => format!("  FAILED {expected}; found: {found}"),
        });
    }

    /// A time that a person wants to know, and that no machine is held to: a busy one takes longer.
    pub(crate) fn measured(&mut self, what: &str, seconds: f64) {
        self.measured.push(format!("{what} {seconds:.1} s"));
    }

    /// A figure that a person wants to know, with its name.
    pub(crate) fn figure(&mut self, text: String) {
        self.measured.push(text);
    }

    /// What customers saw. Only a version that breaks may fail them.
    pub(crate) fn failed_requests(&mut self, counts: &Counts, broken: Option<&str>) {
        let (failed, served) = (counts.failed, counts.served());
        let found = format!("{failed} of {served} requests failed: {:?}", counts.answers);
        match broken {
            Some(build) => {
                let expected = "only the broken version failed requests";
                self.check(expected, failed == counts.failed_by(build), &found);
            }
            None => self.check("not one request failed", failed == 0, &found),
        }
    }

    /// How long a release of `build` took, from its push.
    pub(crate) fn times(&mut self, pushed: DateTime<Utc>, end: &End, counts: &Counts, build: &str) {
        let measured = &mut self.measured;
        measured.push(format!("push to end {:.1} s", end.seconds));
        // From the first request that it failed to the last one that it answered.
        let fault = counts.first_failed.get(build).zip(counts.last.get(build));
        if let Some((first, last)) = fault {
            let took = seconds(*first, *last);
            measured.push(format!("fault to flip back {took:.1} s"));
        }
        // The first version answered before the push.
        if let Some(first) = counts.first.get(build).filter(|_| build != FIRST) {
            let took = seconds(pushed, *first);
            measured.push(format!("push to first new answer {took:.1} s"));
            let flipped = end.output["flip"]["flippedAt"].as_str();
            if let Some(flipped) = flipped.and_then(|at| at.parse().ok()) {
                let took = seconds(flipped, *first);
                measured.push(format!("flip to first new answer {took:.2} s"));
            }
        }
        if let Some(took) = end.output.pointer("/flip/durationMs") {
            measured.push(format!("flip call {took} ms"));
        }
    }

    pub(crate) fn served(&mut self, counts: &Counts) {
        let (served, failed) = (counts.served(), counts.failed);
        self.measured
            .push(format!("served {served}, failed {failed}"));
    }

    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.passed
    }

    /// The end as a person reads it.
    pub fn lines(&self) -> Vec<String> {
        let verdict = match self.passed {
            true => "ended as it should",
            false => "DID NOT END AS IT SHOULD",
        };
        let mut lines = self.checks.clone();
        lines.push(format!("  {}", self.measured.join("; ")));
        lines.push(format!("scenario {} {verdict}", self.scenario));
        lines
    }
}

/// Seconds from `from` to `to`.
fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).as_seconds_f64()
}
