//! How a story ended: what should have been, what was measured, and the verdict.

use crate::follow::End;
use crate::scenario::{Scenario, seconds};
use crate::traffic::Counts;
use chrono::{DateTime, Utc};
use clap::ValueEnum;

/// An alarm's flip back must reach customers within this, in seconds.
const ALARM_LIMIT: f64 = 2.0;

/// The end of one story.
pub struct Report {
    scenario: Scenario,
    pushed: DateTime<Utc>,
    /// What was expected, whether it was so, and what was found.
    checks: Vec<(String, bool, String)>,
    measured: Vec<String>,
}

impl Report {
    pub fn new(scenario: Scenario, pushed: DateTime<Utc>) -> Report {
        Report {
            scenario,
            pushed,
            checks: Vec::new(),
            measured: Vec::new(),
        }
    }

    pub fn check(&mut self, expected: &str, fits: bool, found: &str) {
        self.checks
            .push((expected.to_owned(), fits, found.to_owned()));
    }

    pub fn measure(&mut self, what: &str, value: &str) {
        self.measured.push(format!("{what} {value}"));
    }

    pub fn flipped_back_by_alarm(&mut self, seconds: f64) {
        self.measure("alarm to flip back", &format!("{seconds:.2} s"));
        let found = format!("{seconds:.2} s");
        self.check(
            &format!("the alarm alone flips back within {ALARM_LIMIT} s"),
            seconds <= ALARM_LIMIT,
            &found,
        );
    }

    /// From the first request that the build failed to the last one that it answered.
    pub fn flipped_back(&mut self, counts: &Counts, build: &str, limit: f64) {
        let fault = counts.first_failed.get(build).zip(counts.last.get(build));
        let took = fault.map_or(f64::INFINITY, |(first, last)| seconds(*first, *last));
        self.measure("fault to flip back", &format!("{took:.1} s"));
        self.check(
            &format!("traffic is back within {limit:.0} s of the first failed request"),
            took <= limit,
            &format!("{took:.1} s"),
        );
    }

    /// What customers saw. Only a version that breaks under traffic may fail them, and only it.
    pub fn traffic(&mut self, end: &End, counts: &Counts, build: &str) {
        let broken = self.scenario.breaks();
        let by_build = |(version, status): &(String, u16)| version == build && *status >= 500;
        let theirs: u64 = counts
            .answers
            .iter()
            .filter(|(key, _)| by_build(key))
            .map(|(_, count)| count)
            .sum();
        let found = format!(
            "{} of {} requests failed: {:?}",
            counts.failed,
            counts.served(),
            counts.answers
        );
        if broken {
            self.check(
                "only the broken version failed requests",
                counts.failed == theirs,
                &found,
            );
        } else {
            self.check("not one request failed", counts.failed == 0, &found);
        }
        self.measure("push to end", &format!("{:.1} s", end.seconds));
        if let Some(first) = counts
            .first
            .get(build)
            .filter(|_| self.scenario != Scenario::AlreadyLive)
        {
            self.measure(
                "push to first new answer",
                &format!("{:.1} s", seconds(self.pushed, *first)),
            );
            let flipped = end
                .output
                .pointer("/flip/flippedAt")
                .and_then(|at| at.as_str()?.parse().ok());
            if let Some(flipped) = flipped {
                self.measure(
                    "flip to first new answer",
                    &format!("{:.2} s", seconds(flipped, *first)),
                );
            }
        }
        if let Some(took) = end.output.pointer("/flip/durationMs") {
            self.measure("flip call", &format!("{took} ms"));
        }
        self.measure(
            "served",
            &format!("{}, failed {}", counts.served(), counts.failed),
        );
    }

    pub fn passed(&self) -> bool {
        self.checks.iter().all(|(_, fits, _)| *fits)
    }

    /// The end as a person reads it; what was found is told only where it is not what was expected.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (expected, fits, found) in &self.checks {
            let found = if *fits {
                String::new()
            } else {
                format!("; found: {found}")
            };
            lines.push(format!(
                "  {} {expected}{found}",
                if *fits { "ok    " } else { "FAILED" }
            ));
        }
        lines.push(format!("  {}", self.measured.join("; ")));
        let name = self
            .scenario
            .to_possible_value()
            .map_or_else(String::new, |value| value.get_name().to_owned());
        let verdict = if self.passed() {
            "ended as it should"
        } else {
            "DID NOT END AS IT SHOULD"
        };
        lines.push(format!("scenario {name} {verdict}"));
        lines
    }
}
