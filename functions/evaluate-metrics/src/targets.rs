//! The targets of the new environment: how many were asked, how many of those fail, and when that is too many.

use serde::Serialize;
use shared::listed;

/// An environment in which this fraction of the asked targets fails is unhealthy; fewer may be bad luck of one machine.
const UNHEALTHY_FRACTION: (usize, usize) = (1, 3);

/// Of fewer targets than these one alone is that fraction, so that a second poll must find the same.
const FEW: usize = 4;

/// Failures that a reason quotes.
const QUOTED: usize = 3;

/// The targets of the new environment, without those that start or drain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetSummary {
    pub registered: usize,
    pub healthy: usize,
    /// Those that the probe asked, or that the load balancer calls unhealthy. All of them where the probe asked none:
    /// then only the load balancer did.
    pub asked: usize,
    /// Those of them that are unhealthy to the load balancer, or fail the probe.
    pub failing: usize,
    /// Those of the failing ones that are unhealthy to the load balancer, which has asked all that are registered.
    pub unhealthy: usize,
    /// One text for each of the first ten that fail; smoke's answer in the history names all that fail the probe.
    pub failures: Vec<String>,
    /// What fails at the environment's base URL, which stands for all of its targets.
    pub environment: Option<String>,
    /// Whether the probe made at least one check.
    pub probed: bool,
}

impl TargetSummary {
    /// Too many targets fail, or the environment as a whole.
    pub(crate) fn is_failing(&self) -> bool {
        self.environment.is_some() || self.is_failing_fraction()
    }

    /// The same, and one poll is enough to be sure of it.
    pub(crate) fn is_failing_for_sure(&self) -> bool {
        self.asked >= FEW && self.is_failing_fraction()
    }

    /// The load balancer alone says that too many fail.
    pub(crate) fn is_failing_by_load_balancer(&self) -> bool {
        let (numerator, denominator) = UNHEALTHY_FRACTION;
        self.unhealthy > 0 && self.unhealthy * denominator >= self.registered * numerator
    }

    /// Of those that are healthy to the load balancer the probe has asked a sample, which stands for all of them.
    fn is_failing_fraction(&self) -> bool {
        let (numerator, denominator) = UNHEALTHY_FRACTION;
        let sample = (self.asked - self.unhealthy).max(1);
        let others = self.registered - self.unhealthy;
        let failing = self.unhealthy * sample + (self.failing - self.unhealthy) * others;
        self.failing > 0 && failing * denominator >= self.registered * sample * numerator
    }

    /// Registered, and not asked.
    pub(crate) fn unasked(&self) -> usize {
        self.registered.saturating_sub(self.asked)
    }

    /// What fails, in words and figures; none where nothing does.
    pub(crate) fn describe(&self) -> Option<String> {
        if let Some(failure) = &self.environment {
            return Some(format!("the environment fails: {failure}"));
        }
        let unasked = match self.unasked() {
            0 => String::new(),
            unasked => format!(", {unasked} not asked"),
        };
        let quoted = &self.failures[..self.failures.len().min(QUOTED)];
        let description = || {
            format!(
                "failing targets {} of {} asked ({} registered{unasked}): {}",
                self.failing,
                self.asked,
                self.registered,
                listed(quoted, "; ")
            )
        };
        (self.failing > 0).then(description)
    }
}
