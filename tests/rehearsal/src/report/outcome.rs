//! What a scenario came to: what should have been, what was measured, and whether it fits.

use crate::follow::End;
use crate::stage::FIRST;
use crate::traffic::{Answer, Counts};
use chrono::{DateTime, Utc};

/// The end of one scenario.
pub struct Report {
    pub(super) scenario: String,
    /// What happens in it, in one sentence.
    pub(crate) about: String,
    pub(super) passed: bool,
    pub(super) checks: Vec<Check>,
    /// Times and figures, in words.
    pub(super) measured: Vec<String>,
    /// Every execution of the story, in the order in which they began.
    pub(super) told: Vec<Told>,
    /// What customers saw in the end.
    pub(super) customers: Option<Counts>,
    /// Every answer that they got, in order.
    pub(crate) answers: Vec<Answer>,
}

/// What was expected, whether it was so, and what was found.
#[derive(Clone)]
pub(crate) struct Check {
    pub expected: String,
    pub fits: bool,
    pub found: String,
}

/// An execution, with what started it: `a push of v1.1.0`.
pub(crate) struct Told {
    pub way: String,
    pub end: End,
}

impl Report {
    pub(crate) fn new(scenario: String) -> Report {
        Report {
            scenario,
            about: String::new(),
            passed: true,
            checks: Vec::new(),
            measured: Vec::new(),
            told: Vec::new(),
            customers: None,
            answers: Vec::new(),
        }
    }

    /// An execution ended, which `way` had started.
    pub(crate) fn tell(&mut self, way: &str, end: &End) {
        self.told.push(Told {
            way: way.to_owned(),
            end: end.clone(),
        });
        self.told.sort_by_key(|told| told.end.began);
    }

    /// What was expected, whether it was so, and what was found, which a person reads only where it was not so.
    pub(crate) fn check(&mut self, expected: &str, fits: bool, found: &str) {
        self.passed &= fits;
        self.checks.push(Check {
            expected: expected.to_owned(),
            fits,
            found: found.to_owned(),
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

    /// What customers saw until the end.
    pub(crate) fn served(&mut self, counts: &Counts) {
        self.customers = Some(counts.clone());
    }

    /// The requests of customers, as they were counted.
    pub fn requests(&self) -> u64 {
        self.customers.as_ref().map_or(0, Counts::served)
    }

    /// Whether everything was as expected.
    pub fn passed(&self) -> bool {
        self.passed
    }
}

/// Seconds from `from` to `to`.
fn seconds(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).as_seconds_f64()
}
