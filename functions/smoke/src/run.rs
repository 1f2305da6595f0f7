//! Runs every check on every base, a few at once.

use crate::base::Base;
use crate::client::CheckClient;
use crate::comparison::Comparison;
use crate::decide::compare;
use crate::spec::Check;
use futures::stream::{self, StreamExt};
use shared::CheckResult;
use std::time::{Duration, Instant};

/// Checks under way at once: quick for many targets, gentle to each.
const AT_ONCE: usize = 8;

/// Between two attempts of a check.
const PAUSE: Duration = Duration::from_millis(200);

/// The results in the order of the bases, then of the checks; no attempt begins later than `limit` from now.
pub(crate) async fn run_all(
    client: &CheckClient,
    bases: &[Base],
    checks: &[Check],
    limit: Duration,
) -> Vec<CheckResult> {
    let began = Instant::now();
    let runs = bases.iter().flat_map(|base| {
        let checks = checks.iter();
        checks.map(move |check| run_check(client, base, check, began, limit))
    });
    stream::iter(runs).buffered(AT_ONCE).collect().await
}

/// Makes the check's attempts until one passes; the result is that of the last one.
async fn run_check(
    client: &CheckClient,
    base: &Base,
    check: &Check,
    began: Instant,
    limit: Duration,
) -> CheckResult {
    let url = match &base.url {
        Ok(url) => url,
        Err(comparison) => return failed(base, check, comparison.clone()),
    };
    let late = format!("not asked: {} s were over", limit.as_secs());
    let mut result = CheckResult {
        asked: false,
        ..failed(base, check, without_answer(check, &late))
    };
    for attempt in 1..=check.attempts {
        if began.elapsed() >= limit {
            break;
        }
        result = run_attempt(client, url, base, check).await;
        if result.passed || attempt == check.attempts {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    result
}

async fn run_attempt(client: &CheckClient, url: &str, base: &Base, check: &Check) -> CheckResult {
    let reply = match client.send(url, check).await {
        Ok(reply) => reply,
        Err(found) => return failed(base, check, without_answer(check, &found)),
    };
    let compared = compare(&reply, &check.expect);
    let passed = compared.is_ok();
    let (Ok(comparison) | Err(comparison)) = compared;
    CheckResult {
        passed,
        latency_ms: Some(reply.latency_ms),
        ..failed(base, check, comparison)
    }
}

/// A result that has not passed, and has no latency.
fn failed(base: &Base, check: &Check, comparison: Comparison) -> CheckResult {
    CheckResult {
        check: check.name.clone(),
        target: base.name.clone(),
        passed: false,
        asked: true,
        expected: comparison.expected,
        found: comparison.found,
        latency_ms: None,
    }
}

fn without_answer(check: &Check, found: &str) -> Comparison {
    Comparison::new(&format!("status {}", check.expect.status), found)
}
