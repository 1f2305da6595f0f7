//! How a scenario ended: what should have been, what was measured, and whether it fits.

use crate::follow::End;
use crate::stage::FIRST;
use crate::traffic::Counts;
use chrono::{DateTime, Utc};

/// An alarm's flip back must reach customers within this, in seconds.
const ALARM_LIMIT: f64 = 2.0;

/// The end of one scenario.
pub struct Report {
    scenario: String,
    checks: Vec<Check>,
    measured: Vec<String>,
}

struct Check {
    expected: String,
    fits: bool,
    found: String,
}

impl Report {
    pub(crate) fn new(scenario: String) -> Report {
        Report {
            scenario,
            checks: Vec::new(),
            measured: Vec::new(),
        }
    }

    /// What was expected, whether it was so, and what was found.
    pub(crate) fn check(&mut self, expected: &str, fits: bool, found: &str) {
        self.checks.push(Check {
            expected: expected.to_owned(),
            fits,
            found: found.to_owned(),
        });
    }

    fn measure(&mut self, what: &str, value: &str) {
        self.measured.push(format!("{what} {value}"));
    }

    /// `seconds` from the alarm to the first answer of the previous version.
    pub(crate) fn flipped_back_by_alarm(&mut self, seconds: f64) {
        let found = format!("{seconds:.2} s");
        self.measure("alarm to flip back", &found);
        let expected = format!("the alarm alone flips back within {ALARM_LIMIT} s");
        self.check(&expected, seconds <= ALARM_LIMIT, &found);
    }

    /// From the first request that `build` failed to the last one that it answered.
    pub(crate) fn flipped_back(&mut self, counts: &Counts, build: &str, limit_seconds: f64) {
        let fault = counts.first_failed.get(build).zip(counts.last.get(build));
        let took = fault.map_or(f64::INFINITY, |(first, last)| seconds(*first, *last));
        let found = format!("{took:.1} s");
        self.measure("fault to flip back", &found);
        let expected =
            format!("traffic is back within {limit_seconds:.0} s of the first failed request");
        self.check(&expected, took <= limit_seconds, &found);
    }

    /// What customers saw. Only a version that breaks under traffic may fail them.
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
        self.measure("push to end", &format!("{:.1} s", end.seconds));
        // The first version answered before the push.
        let first = counts.first.get(build).filter(|_| build != FIRST);
        if let Some(first) = first {
            let took = seconds(pushed, *first);
            self.measure("push to first new answer", &format!("{took:.1} s"));
        }
        let flipped = end.output["flip"]["flippedAt"].as_str();
        let flipped = flipped.and_then(|at| at.parse().ok());
        if let (Some(first), Some(flipped)) = (first, flipped) {
            let took = seconds(flipped, *first);
            self.measure("flip to first new answer", &format!("{took:.2} s"));
        }
        if let Some(took) = end.output.pointer("/flip/durationMs") {
            self.measure("flip call", &format!("{took} ms"));
        }
    }

    pub(crate) fn served(&mut self, counts: &Counts) {
        let served = format!("{}, failed {}", counts.served(), counts.failed);
        self.measure("served", &served);
    }

    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.fits)
    }

    /// The end as a person reads it, with what was found only where it is not what was expected.
    pub fn lines(&self) -> Vec<String> {
        let check = |check: &Check| match check.fits {
            true => format!("  ok     {}", check.expected),
            false => format!("  FAILED {}; found: {}", check.expected, check.found),
        };
        let mut lines: Vec<_> = self.checks.iter().map(check).collect();
        lines.push(format!("  {}", self.measured.join("; ")));
        let verdict = if self.passed() {
            "ended as it should"
        } else {
            "DID NOT END AS IT SHOULD"
        };
        lines.push(format!("scenario {} {verdict}", self.scenario));
        lines
    }
}

/// Seconds from `from` to `to`.
fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).as_seconds_f64()
}
