//! smoke's way through HTTP: every check on every target, each result listed.

use crate::client::{ask, client};
use crate::decide::{CheckResult, compare, verdict};
use crate::spec::{Check, Spec};
use futures::StreamExt;
use reqwest::Client;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::lambda::read_input;
use shared::{Error, PerEnvironment, Plan, Target};
use std::net::IpAddr;
use std::time::Duration;
use tracing::info;

/// Checks under way at once: quick for many targets, gentle to each.
const AT_ONCE: usize = 8;

/// Between two attempts of a check.
const PAUSE: Duration = Duration::from_millis(200);

/// The function with its configuration.
pub struct Smoke {
    pub spec: Spec,
    pub base_urls: PerEnvironment<Option<String>>,
}

#[derive(Deserialize)]
struct Task {
    plan: Plan,
    targets: Vec<Target>,
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
        let task: Task = read_input(payload)?;
        let base_url = self.base_urls.get(task.plan.to).as_deref();
        let client = client(base_url.is_none()).map_err(|error| {
            Error::InvalidConfiguration(format!("the HTTP client could not be made: {error}"))
        })?;
        let checks: Vec<_> = self
            .spec
            .checks
            .iter()
            .map(|check| check.for_image(&task.plan.image))
            .collect();
        let bases = bases(base_url, &task);
        let pairs = bases
            .iter()
            .flat_map(|base| checks.iter().map(move |check| (base, check)));
        let runs = pairs.map(|(base, check)| run(&client, base, check));
        let results: Vec<_> = futures::stream::iter(runs)
            .buffered(AT_ONCE)
            .collect()
            .await;
        let (passed, reason) = verdict(&results);
        info!(release = %task.plan.release, passed, ?results, "{reason}");
        Ok(Answer {
            passed,
            reason,
            results,
        })
    }
}

/// Where the checks go, or what stands in the way for one target.
type Base = Result<String, (String, String)>;

fn bases(base_url: Option<&str>, task: &Task) -> Vec<Base> {
    if let Some(url) = base_url {
        return vec![Ok(url.trim_end_matches('/').to_owned())];
    }
    let scheme = if task.plan.idle.protocol == "HTTPS" {
        "https"
    } else {
        "http"
    };
    let base = |target: &Target| match target.id.parse() {
        Ok(IpAddr::V6(address)) => Ok(format!("{scheme}://[{address}]:{}", target.port)),
        Ok(IpAddr::V4(address)) => Ok(format!("{scheme}://{address}:{}", target.port)),
        Err(_) => {
            let environment = task.plan.to;
            let found = format!(
                "target {}: set the base URL of {environment} in the stack's parameters",
                target.id
            );
            Err((target.id.clone(), found))
        }
    };
    task.targets.iter().map(base).collect()
}

async fn run(client: &Client, base: &Base, check: &Check) -> CheckResult {
    let result =
        |target: &str, passed, (expected, found): (String, String), latency_ms| CheckResult {
            check: check.name.clone(),
            target: target.to_owned(),
            passed,
            expected,
            found,
            latency_ms,
        };
    let base = match base {
        Ok(base) => base,
        Err((id, found)) => {
            return result(id, false, ("an IP address".to_owned(), found.clone()), None);
        }
    };
    let mut attempt = 1;
    loop {
        let (latency_ms, outcome) = match ask(client, base, check).await {
            Ok(reply) => (Some(reply.latency_ms), compare(&reply, &check.expect)),
            Err(found) => (
                None,
                Err((format!("status {}", check.expect.status), found)),
            ),
        };
        match outcome {
            Ok(fits) => return result(base, true, fits, latency_ms),
            Err(differs) if attempt >= check.attempts => {
                return result(base, false, differs, latency_ms);
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
        attempt += 1;
    }
}
