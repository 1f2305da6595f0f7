//! Before a release: what will each of its steps be able to find, at the service's usual traffic and errors?
//!
//! A step below 100 % whose traffic could not judge it refuses the release, since a share only grows after a healthy
//! verdict; the reason names the length that would do. At 100 % the policies decide, so that such a step only warns.

use crate::forecast::{Forecaster, StepForecast};
use crate::policy::Policy;
use crate::snapshot::Metrics;
use crate::usual_traffic::UsualTraffic;
use crate::watch::steps;
use serde::Serialize;
use shared::{ReleasePlan, Step, Time, VerdictMode, listed};

/// Whether the steps of a release can be judged, and what they will find.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrafficCheck {
    pub judgeable: bool,
    pub reason: String,
    pub traffic: Forecast,
}

/// What the steps of a release will find.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    pub usual: UsualTraffic,
    /// From the first flip until the new environment gets all of the traffic.
    pub seconds_to_full_traffic: u32,
    pub steps: Vec<StepForecast>,
    pub warnings: Vec<String>,
}

/// Judges the steps of a plan by what the service has served until `now`.
pub fn check(metrics: &Metrics, plan: &ReleasePlan, now: Time, policy: &Policy) -> TrafficCheck {
    let steps = steps(plan);
    let forecaster = Forecaster {
        usual: UsualTraffic::of(metrics, plan, now, policy),
        policy,
        steps,
    };
    let numbered = || steps.iter().copied().enumerate();
    let forecasts = numbered().map(|(number, step)| forecaster.step(step, number));
    let forecasts: Vec<StepForecast> = forecasts.collect();
    let explain = |is_all: bool| -> Vec<String> {
        let unjudged = numbered().zip(&forecasts);
        let unjudged = unjudged
            .filter(|((_, step), forecast)| step.share.is_all() == is_all && !forecast.judgeable);
        let explain = |((number, step), forecast): ((usize, Step), &StepForecast)| {
            forecaster.explain(step, number, forecast)
        };
        unjudged.map(explain).collect()
    };
    let (refusals, mut warnings) = (explain(false), explain(true));
    let reason = if refusals.is_empty() {
        "the service's traffic can judge each step below 100 %".to_owned()
    } else {
        listed(&refusals, "; ")
    };
    let is_shadow = policy.mode == VerdictMode::Shadow;
    let judgeable = refusals.is_empty() || is_shadow;
    if is_shadow {
        warnings.splice(0..0, refusals);
    }
    let below_all = steps.iter().filter(|step| !step.share.is_all());
    TrafficCheck {
        judgeable,
        reason,
        traffic: Forecast {
            usual: forecaster.usual,
            seconds_to_full_traffic: below_all.map(|step| step.seconds).sum(),
            steps: forecasts,
            warnings,
        },
    }
}

#[cfg(test)]
#[path = "traffic_tests.rs"]
mod tests;
