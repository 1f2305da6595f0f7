//! Runs every check on every base, many at once: each once first, then the failed ones again.
//!
//! An attempt begins only while there is time for all of it. So no attempt outlives the limit, and no slow reply is cut
//! short at the end; where the time is too short for all, good bases and those that hang are left out alike.

use crate::base::Base;
use crate::client::CheckClient;
use crate::comparison::Comparison;
use crate::decide::compare;
use crate::mask::Mask;
use crate::sample::{AT_ONCE, AT_ONCE_PER_BASE, PAUSE, Sample};
use crate::spec::Check;
use futures::stream::{self, StreamExt};
use shared::{CheckResult, excerpt};
use std::time::Instant;
use tokio::sync::Semaphore;

/// Every check on every base, and the time that there is for all of them.
struct Run<'a> {
    client: &'a CheckClient,
    pairs: Vec<(&'a Base, &'a Check)>,
    /// Pairs of each base.
    checks: usize,
    /// One for each base.
    permits: Vec<Semaphore>,
    began: Instant,
    sample: Sample,
    mask: &'a Mask,
}

/// The results in the order of the bases, then of the checks; all are there once the sample's limit is over.
pub(crate) async fn run_all(
    client: &CheckClient,
    bases: &[Base],
    checks: &[Check],
    sample: Sample,
    mask: &Mask,
) -> Vec<CheckResult> {
    let pairs = bases.iter().flat_map(|base| {
        let checks = checks.iter();
        checks.map(move |check| (base, check))
    });
    let run = Run {
        client,
        pairs: pairs.collect(),
        checks: checks.len(),
        permits: bases
            .iter()
            .map(|_| Semaphore::new(AT_ONCE_PER_BASE))
            .collect(),
        began: Instant::now(),
        sample,
        mask,
    };
    let mut results = run.before();
    for round in 1.. {
        let left = run.left(&results, round);
        if left.is_empty() {
            break;
        }
        if round > 1 {
            tokio::time::sleep(PAUSE).await;
        }
        for (at, result) in run.attempts(left).await {
            results[at] = result;
        }
    }
    results
}

impl Run<'_> {
    /// What the results are as long as no attempt is made.
    fn before(&self) -> Vec<CheckResult> {
        let late = format!("not asked within {} s", self.sample.limit.as_secs());
        let pairs = self.pairs.iter().map(|(base, check)| match &base.url {
            Ok(_) => CheckResult {
                asked: false,
                ..self.failed(base, check, &without_answer(check, &late))
            },
            Err(comparison) => self.failed(base, check, comparison),
        });
        pairs.collect()
    }

    /// The checks of this round: which have not passed, and may be made as often.
    fn left(&self, results: &[CheckResult], round: u32) -> Vec<usize> {
        let is_left = |at: &usize| {
            let (base, check) = self.pairs[*at];
            let may_pass = base.url.is_ok() && !results[*at].passed;
            may_pass && round <= check.attempts && self.has_time(*at)
        };
        (0..self.pairs.len()).filter(is_left).collect()
    }

    /// One attempt for each of the checks, as far as there is time.
    async fn attempts(&self, checks: Vec<usize>) -> Vec<(usize, CheckResult)> {
        let attempts = stream::iter(checks).map(|at| async move {
            let _permit = self.permits[at / self.checks].acquire().await.ok()?;
            let result = self.attempt(at).await?;
            Some((at, result))
        });
        let made = attempts.buffer_unordered(AT_ONCE);
        made.filter_map(std::future::ready).collect().await
    }

    async fn attempt(&self, at: usize) -> Option<CheckResult> {
        let (base, check) = self.pairs[at];
        let url = base.url.as_ref().ok().filter(|_| self.has_time(at))?;
        let reply = match self.client.send(url, check).await {
            Ok(reply) => reply,
            Err(found) => return Some(self.failed(base, check, &without_answer(check, &found))),
        };
        let compared = compare(&reply, &check.expect);
        let passed = compared.is_ok();
        let (Ok(comparison) | Err(comparison)) = compared;
        Some(CheckResult {
            passed,
            latency_ms: Some(reply.latency_ms),
            ..self.failed(base, check, &comparison)
        })
    }

    fn has_time(&self, at: usize) -> bool {
        let is_sure = at / self.checks < self.sample.sure;
        let Sample { limit, others, .. } = self.sample;
        let limit = if is_sure { limit } else { others };
        self.began.elapsed() + self.pairs[at].1.timeout() <= limit
    }

    /// A result that has not passed, and has no latency.
    fn failed(&self, base: &Base, check: &Check, comparison: &Comparison) -> CheckResult {
        let Comparison { expected, found } = comparison.shown(self.mask);
        CheckResult {
            check: excerpt(&check.name),
            target: base.name.clone(),
            passed: false,
            asked: true,
            expected,
            found,
            latency_ms: None,
        }
    }
}

fn without_answer(check: &Check, found: &str) -> Comparison {
    Comparison::new(&format!("status {}", check.expect.status), found)
}
