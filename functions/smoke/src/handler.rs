//! smoke's way through HTTP: every check on every target, each result listed.

use crate::answer::Answer;
use crate::base::{bases, first};
use crate::client::CheckClient;
use crate::fill::for_image;
use crate::reach::Loopback;
use crate::run::run_all;
use crate::sample::Sample;
use crate::secret::{SecretSource, Values};
use crate::spec::{self, Check, Spec};
use crate::task::Task;
use aws_config::SdkConfig;
use serde_json::Value;
use shared::config::Settings;
use shared::runtime::read_input;
use shared::{Error, PerEnvironment, first_targets};
use std::time::Duration;
use tracing::info;

/// All attempts have ended by then, before the function's own timeout of 120 s (`template.yaml`): an environment that
/// hangs is an answer, not an error. Nor is one with more targets than that is enough for: a sample is asked then.
pub const TIME_LIMIT: Duration = Duration::from_secs(100);

/// The function with its configuration.
pub struct Smoke {
    pub spec: Spec,
    pub base_urls: PerEnvironment<Option<String>>,
    /// All attempts have ended by then: [`TIME_LIMIT`], except in tests.
    pub time_limit: Duration,
    pub loopback: Loopback,
    /// None where the spec refers to no secret.
    pub secret: Option<SecretSource>,
}

impl Smoke {
    /// `aws` is asked for a configuration only where the spec refers to a secret.
    ///
    /// # Errors
    /// `InvalidConfiguration` where the spec cannot be used.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
        aws: impl FnOnce() -> SdkConfig,
    ) -> Result<Smoke, Error> {
        let spec = spec::read(settings.optional("SMOKE_SPEC").as_deref())?;
        Ok(Smoke {
            secret: SecretSource::read(settings, &spec, aws)?,
            spec,
            base_urls: PerEnvironment {
                blue: settings.optional("BLUE_BASE_URL"),
                green: settings.optional("GREEN_BASE_URL"),
            },
            time_limit: TIME_LIMIT,
            loopback: Loopback::read(settings),
        })
    }

    /// Runs the checks of a task. A check that fails, whatever the reason, is a result and no error.
    ///
    /// # Errors
    /// `InvalidInput` where the payload is no task; `InvalidConfiguration` where no HTTP client can be made; and where the
    /// spec refers to a secret that cannot be had, what [`SecretSource`] says.
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        let task: Task = read_input(payload)?;
        let plan = &task.plan;
        let base_url = self.base_urls.get(plan.to).as_deref();
        // One for each release: a connection that slept with the function may be dead when it wakes.
        let client = CheckClient::new(base_url.is_none(), self.loopback).map_err(|error| {
            Error::InvalidConfiguration(format!("the HTTP client could not be made: {error}"))
        })?;
        let values = self.values().await?;
        let checks = self.spec.checks.iter();
        let checks: Vec<_> = checks
            .map(|check| for_image(check, &plan.image, &values))
            .collect();
        let sample = self.sample(task.within_seconds.map(Duration::from_secs));
        let targets = first_targets(task.targets.iter().cloned());
        let mut bases = bases(base_url, plan, &targets);
        let first = first(task.poll, bases.len());
        bases.rotate_left(first);
        let bases = sample.order(bases);
        let results = run_all(&client, &bases, &checks, sample, &values.mask()).await;
        let results = sample.asked(results, checks.len());
        let answer = Answer::of(plan, results, checks.len());
        let answer = match base_url {
            Some(_) => answer,
            None => answer.of_many(task.registered(), bases.len(), sample.limit),
        };
        let (reason, results) = (&answer.reason, &answer.results);
        info!(release = %plan.release, passed = answer.passed, ?results, "{reason}");
        Ok(answer)
    }

    async fn values(&self) -> Result<Values, Error> {
        match &self.secret {
            Some(secret) => secret.fetch().await,
            None => Ok(Values::default()),
        }
    }

    /// All targets are asked before a flip, as far as the function's time is enough. A probe takes what its slowest check
    /// needs, and a quarter of that to begin in; the next one asks others.
    fn sample(&self, within: Option<Duration>) -> Sample {
        let Some(within) = within else {
            return Sample::of(&self.spec.checks, self.time_limit);
        };
        let slowest = self.spec.checks.iter().map(Check::timeout).max();
        let needed = slowest.unwrap_or_default() * 5 / 4;
        Sample::all(within.max(needed).min(self.time_limit))
    }
}
