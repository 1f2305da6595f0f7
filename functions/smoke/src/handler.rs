//! smoke's way through HTTP: every check on every target, each result listed.

use crate::base::{Base, bases};
use crate::client::{Asker, ask};
use crate::decide::{Pair, compare};
use crate::fill::for_image;
use crate::reach::Loopback;
use crate::spec::{Check, Spec};
use crate::verdict::{CheckResult, listed, verdict};
use futures::StreamExt;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::lambda::read_input;
use shared::{Error, PerEnvironment, Plan, Target};
use std::time::{Duration, Instant};
use tracing::info;

/// Checks under way at once: quick for many targets, gentle to each.
const AT_ONCE: usize = 8;

/// Between two attempts of a check.
const PAUSE: Duration = Duration::from_millis(200);

/// No attempt begins later than this. With the longest timeout of an attempt, 10 s, the function ends before its own
/// timeout of 120 s (`template.yaml`): an environment that hangs is an answer, not an error.
pub const TIME_LIMIT: Duration = Duration::from_secs(100);

/// The function with its configuration.
pub struct Smoke {
    pub spec: Spec,
    pub base_urls: PerEnvironment<Option<String>>,
    pub time_limit: Duration,
    pub loopback: Loopback,
}

/// The task of the state machine.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub plan: Plan,
    pub targets: Vec<Target>,
    /// No attempt begins later than this; a probe during the watch must not hold up the verdict.
    pub within_seconds: Option<u64>,
}

/// Whether the environment may get traffic, with every result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    pub passed: bool,
    pub reason: String,
    pub results: Vec<CheckResult>,
}

impl Smoke {
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        let Task {
            plan,
            targets,
            within_seconds,
        } = read_input(payload)?;
        let limit = within_seconds.map_or(self.time_limit, Duration::from_secs);
        let limit = limit.min(self.time_limit);
        let base_url = self.base_urls.get(plan.to).as_deref();
        // One for each release: a connection that slept with the function may be dead when it wakes.
        let asker = Asker::new(base_url.is_none(), self.loopback).map_err(|error| {
            Error::InvalidConfiguration(format!("the HTTP client could not be made: {error}"))
        })?;
        let checks = self.spec.checks.iter();
        let checks: Vec<_> = checks.map(|check| for_image(check, &plan.image)).collect();
        let bases = bases(base_url, &plan, &targets);
        let results = run(&asker, &bases, &checks, limit).await;
        let (passed, reason) = verdict(&results);
        let results = listed(results);
        info!(release = %plan.release, passed, ?results, "{reason}");
        Ok(Answer {
            passed,
            reason,
            results,
        })
    }
}

/// Every check on every base; no attempt begins later than `limit`.
async fn run(asker: &Asker, bases: &[Base], checks: &[Check], limit: Duration) -> Vec<CheckResult> {
    let began = Instant::now();
    let pairs = bases
        .iter()
        .flat_map(|base| checks.iter().map(move |check| (base, check)));
    let runs = pairs.map(|(base, check)| async move {
        let outcome = match &base.url {
            Ok(url) => attempts(asker, url, check, began + limit).await,
            Err(found) => Some((None, Err(("an IP address".to_owned(), found.clone())))),
        };
        result(base, check, outcome, limit)
    });
    let runs = futures::stream::iter(runs).buffered(AT_ONCE);
    runs.collect().await
}

fn result(base: &Base, check: &Check, outcome: Option<Outcome>, limit: Duration) -> CheckResult {
    let asked = outcome.is_some();
    let (latency_ms, outcome) = outcome.unwrap_or_else(|| {
        let late = format!("not asked: {} s were over", limit.as_secs());
        (None, Err((expected(check), late)))
    });
    let passed = outcome.is_ok();
    let (expected, found) = outcome.unwrap_or_else(|differs| differs);
    CheckResult {
        check: check.name.clone(),
        target: base.name.clone(),
        passed,
        asked,
        expected,
        found,
        latency_ms,
    }
}

/// The latency of an answer, if there was one, and whether it fits.
type Outcome = (Option<u64>, Result<Pair, Pair>);

/// Asks until the answer fits, within the check's own bound; the last attempt's outcome, none without an attempt.
async fn attempts(asker: &Asker, url: &str, check: &Check, until: Instant) -> Option<Outcome> {
    let mut last = None;
    for attempt in 1..=check.attempts {
        if Instant::now() >= until {
            break;
        }
        let outcome = match ask(asker, url, check).await {
            Ok(reply) => (Some(reply.latency_ms), compare(&reply, &check.expect)),
            Err(found) => (None, Err((expected(check), found))),
        };
        let fits = outcome.1.is_ok();
        last = Some(outcome);
        if fits || attempt == check.attempts {
            break;
        }
        tokio::time::sleep(PAUSE).await;
    }
    last
}

fn expected(check: &Check) -> String {
    format!("status {}", check.expect.status)
}
