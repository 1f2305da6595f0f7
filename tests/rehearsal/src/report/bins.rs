//! The answers of customers, counted by who gave them, in equal parts of the time.

use super::axis::Axis;
use crate::traffic::Answer;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Lengths of a part in seconds, the first that leaves no more than `BINS`.
const LENGTHS: [f64; 8] = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0];
const BINS: f64 = 120.0;

/// Who answered: a version and its environment. The load balancer, or nobody, has neither: `-`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Who {
    pub environment: String,
    pub version: String,
}

/// Answers of one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub answered: u64,
    pub failed: u64,
}

/// A part of the time.
#[derive(Clone, Debug, Default)]
pub(super) struct Bin {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    pub counts: BTreeMap<Who, Count>,
}

impl Who {
    pub fn of(answer: &Answer) -> Who {
        Who {
            environment: answer.environment.clone(),
            version: answer.version.clone(),
        }
    }

    pub fn is_version(&self) -> bool {
        self.version != "-"
    }

    pub fn name(&self) -> String {
        match self.is_version() {
            true => format!("{} in {}", self.version, self.environment),
            false => "no version".to_owned(),
        }
    }
}

impl Bin {
    pub fn answered(&self) -> u64 {
        self.counts.values().map(|it| it.answered).sum()
    }

    pub fn failed(&self) -> u64 {
        self.counts.values().map(|it| it.failed).sum()
    }

    /// Answers of an environment, failures as well: they are its share too.
    pub fn of_environment(&self, environment: &str) -> u64 {
        let of = self
            .counts
            .iter()
            .filter(|(who, _)| who.environment == environment);
        of.map(|(_, count)| count.answered + count.failed).sum()
    }

    pub fn seconds(&self) -> f64 {
        (self.to - self.from).as_seconds_f64()
    }
}

/// Counts every answer once. The last part may be shorter.
pub(super) fn bins(answers: &[Answer], axis: &Axis) -> Vec<Bin> {
    let fits = |length: &&f64| axis.length() / **length <= BINS;
    let length = LENGTHS.iter().find(fits).copied();
    let length = length.unwrap_or(axis.length() / BINS);
    let count = (axis.length() / length).ceil().max(1.0) as usize;
    let [begin, end] = axis.ends();
    let begin = axis.seconds(begin);
    let edge = |number: usize| axis.at(begin + length * number as f64).min(end);
    let mut bins: Vec<Bin> = (0..count)
        .map(|number| Bin {
            from: edge(number),
            to: edge(number + 1),
            ..Bin::default()
        })
        .collect();
    for answer in answers {
        let number = ((axis.seconds(answer.at) - begin) / length).max(0.0) as usize;
        let count = bins[number.min(count - 1)]
            .counts
            .entry(Who::of(answer))
            .or_default();
        match answer.failed() {
            true => count.failed += 1,
            false => count.answered += 1,
        }
    }
    bins
}

/// Everybody who answered, in the order of their first answers.
pub(super) fn everybody(answers: &[Answer]) -> Vec<Who> {
    let mut all: Vec<Who> = Vec::new();
    for answer in answers {
        let known = all
            .iter()
            .any(|who| who.version == answer.version && who.environment == answer.environment);
        if !known {
            all.push(Who::of(answer));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::{at, rolled_back};

    #[test]
    fn every_answer_is_counted_in_its_part() {
        let story = rolled_back();
        let bins = bins(&story.answers, &Axis::of(&story));
        let counted: u64 = bins.iter().map(|bin| bin.answered() + bin.failed()).sum();
        assert_eq!(counted, story.answers.len() as u64);
        for bin in &bins {
            let within = story
                .answers
                .iter()
                .filter(|it| bin.from <= it.at && it.at < bin.to);
            let last = u64::from(Some(bin.to) == story.answers.last().map(|it| it.at));
            assert_eq!(bin.answered() + bin.failed(), within.count() as u64 + last);
        }
    }

    #[test]
    fn a_failure_is_its_versions_and_part_of_its_share() {
        let story = rolled_back();
        let bins = bins(&story.answers, &Axis::of(&story));
        let failing = bins.iter().find(|bin| bin.failed() > 0).expect("failures");
        assert!(failing.from >= at(11_500));
        assert_eq!(
            failing.of_environment("green"),
            failing.answered() + failing.failed()
        );
        let who: Vec<_> = everybody(&story.answers).iter().map(Who::name).collect();
        assert_eq!(who, ["v1.0.0 in blue", "v1.1.0 in green"]);
    }
}
