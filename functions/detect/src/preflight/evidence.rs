//! What every check may read, and what it finds.

use super::checks::{Check, Severity};
use crate::look::{EnvironmentObservation, Fact, ImagePolicy, PushTimes, Snapshot};
use crate::request::OwnRepository;
use migrations::Report;
use record::{Record, Time};
use serde::Serialize;
use shared::routing::Routing;
use shared::{Digest, Environment, listed, sentence};

pub(crate) struct Evidence<'a> {
    pub snapshot: &'a Snapshot,
    pub routing: &'a Routing,
    /// The container that is released.
    pub container: &'a str,
    /// The repository whose images are released.
    pub repository: &'a OwnRepository,
    /// Which images are let in.
    pub images: &'a ImagePolicy,
    /// Of the images that run, and of a new one.
    pub push_times: &'a Fact<PushTimes>,
    pub record: &'a Record,
    /// What the linter says of the request's SQL.
    pub sql: &'a Report,
    /// What is to be said of the lengths of the plan's steps.
    pub short_steps: Option<&'a str>,
    /// When the execution started that asks.
    pub since: Time,
    pub now: Time,
}

impl Evidence<'_> {
    pub(super) fn environment(&self, environment: Environment) -> &EnvironmentObservation {
        self.snapshot.environments.get(environment)
    }

    pub(crate) fn pushed_at(&self, digest: &Digest) -> Option<Time> {
        *self.push_times.as_ref().ok()?.get(digest)?
    }
}

/// One thing that was found, or could not be looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The name of its check: what the parameter RefuseOnWarnings lists.
    pub name: &'static str,
    pub severity: Severity,
    pub found: String,
    pub matters: &'static str,
    pub remedy: &'static str,
}

/// The findings for a person: one text for each check and remedy, so that it says once what to do, with the check's name.
pub(crate) fn describe<'a>(
    findings: impl IntoIterator<Item = &'a Finding>,
) -> Vec<(&'static str, String)> {
    let mut checks: Vec<(&Finding, Vec<&str>)> = Vec::new();
    for finding in findings {
        // What was found may be a quotation with a full stop of its own.
        let found = finding.found.trim_end().trim_end_matches('.');
        let is_alike = |it: &Finding| (it.name, it.remedy) == (finding.name, finding.remedy);
        match checks.iter_mut().find(|(it, _)| is_alike(it)) {
            Some((_, all)) => all.push(found),
            None => checks.push((finding, vec![found])),
        }
    }
    let texts = checks.into_iter().map(|(check, found)| {
        let found = sentence(&listed(found, "; "));
        let (matters, remedy) = (check.matters, check.remedy);
        (
            check.name,
            format!("{}: {found} {matters} {remedy}", check.name),
        )
    });
    texts.collect()
}

impl Check {
    /// A finding with the severity of this check.
    pub(super) fn finding(&self, found: String) -> Finding {
        Finding {
            name: self.name,
            severity: self.severity,
            // Whatever it quotes, it is on one line and bounded.
            found: listed([found], ""),
            matters: self.matters,
            remedy: self.remedy,
        }
    }

    /// A finding that refuses, whatever the severity of this check.
    pub(super) fn refusal(&self, found: String) -> Finding {
        Finding {
            severity: Severity::Refusal,
            ..self.finding(found)
        }
    }

    /// A finding that warns, whatever the severity of this check.
    pub(super) fn warning(&self, found: String) -> Finding {
        Finding {
            severity: Severity::Warning,
            ..self.finding(found)
        }
    }

    pub(super) fn unknown(&self, reason: &str) -> Finding {
        Finding {
            severity: Severity::Unknown,
            ..self.finding(format!("could not be looked up: {reason}"))
        }
    }
}
