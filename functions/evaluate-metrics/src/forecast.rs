//! What one step will find, at a usual traffic, and how long it would have to be.

use crate::policy::Policy;
use crate::power::{Design, POWER, at_least};
use crate::statistics::significance_level;
use crate::usual_traffic::UsualTraffic;
use crate::watch::{METRICS_DELAY_SECONDS, minutes_left_out};
use serde::Serialize;
use shared::{MOST_SECONDS_OF_STEPS, Share, Step};

/// What one step will find.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StepForecast {
    pub share: Share,
    pub seconds: u32,
    /// Requests of the new environment in the minutes that judge.
    pub requests: f64,
    /// The smallest fault that is found 9 times in 10, in per cent of the requests that fail more; none where not even a
    /// release is found that fails them all.
    pub smallest_fault_percent: Option<f64>,
    /// It has enough requests for a healthy verdict, 9 times in 10, and for a fault that hits all of them.
    pub judgeable: bool,
}

/// Forecasts the steps of one release.
pub(crate) struct Forecaster<'a> {
    pub(crate) usual: UsualTraffic,
    pub(crate) policy: &'a Policy,
    pub(crate) steps: &'a [Step],
}

impl Forecaster<'_> {
    pub(crate) fn step(&self, step: Step, number: usize) -> StepForecast {
        let requests = self.requests(step, number);
        let fault = self.design(step, requests).smallest_fault();
        StepForecast {
            share: step.share,
            seconds: step.seconds,
            requests: requests.round(),
            smallest_fault_percent: fault.map(|fault| two_digits(fault * 100.0)),
            judgeable: self.is_judgeable(step, number),
        }
    }

    /// There are enough requests 9 times in 10, and a release that fails all of them is found.
    fn is_judgeable(&self, step: Step, number: usize) -> bool {
        let requests = self.requests(step, number);
        at_least(self.policy.min_requests, requests) >= POWER
            && self.design(step, requests).finds_an_outage()
    }

    /// Those of the new environment in the minutes that judge.
    fn requests(&self, step: Step, number: usize) -> f64 {
        let share = f64::from(step.share.percent()) / 100.0;
        self.usual.requests_per_minute / 60.0 * judging_seconds(step, number) as f64 * share
    }

    /// The comparison at the step's end.
    fn design(&self, step: Step, requests: f64) -> Design {
        let share = f64::from(step.share.percent());
        let previous = if step.share.is_all() {
            self.usual.requests
        } else {
            requests * (100.0 - share) / share
        };
        let minutes = (i64::from(step.seconds) - METRICS_DELAY_SECONDS) / 60;
        let minutes = usize::try_from(minutes).unwrap_or(0);
        Design {
            new: requests,
            previous,
            error_rate: self.usual.error_rate,
            dispersion: self.usual.dispersion,
            significance_level: significance_level(minutes, self.steps.len()),
            max_excess: Some(self.policy.max_target_5xx),
        }
    }

    /// Why a step cannot be judged, and how long it would have to be.
    pub(crate) fn explain(&self, step: Step, number: usize, forecast: &StepForecast) -> String {
        let (share, seconds) = (step.share, step.seconds);
        let judging = judging_seconds(step, number);
        let (rate, requests) = (self.usual.requests_per_minute, forecast.requests);
        let finds = match forecast.smallest_fault_percent {
            Some(fault) => format!("the smallest fault found 9 times in 10 is +{fault} %"),
            None => "not even a release that fails every request would be found 9 times in 10"
                .to_owned(),
        };
        let longest = self.longest(number);
        let remedy = match self.length_that_would_do(step, number) {
            Some(seconds) => format!("{seconds} s would do"),
            None => format!(
                "no length would do up to the {longest} s that it may have: take a larger share, or AllAtOnce"
            ),
        };
        let min = self.policy.min_requests;
        format!(
            "the step {share} for {seconds} s is too short: of the usual {rate:.1} requests a minute the new environment \
             gets {requests} in the {judging} s that judge, where MinRequests is {min}; {finds}; {remedy}"
        )
    }

    /// What the other steps and the graces leave for a step, in seconds.
    fn longest(&self, number: usize) -> u32 {
        let grace = self.policy.inconclusive_grace_seconds;
        let others = self
            .steps
            .iter()
            .enumerate()
            .filter(|(it, _)| *it != number);
        let others: i64 = others.map(|(_, it)| i64::from(it.seconds) + grace).sum();
        u32::try_from(i64::from(MOST_SECONDS_OF_STEPS) - grace - others).unwrap_or(0)
    }

    /// The least number of whole minutes in which the step can be judged, in seconds.
    fn length_that_would_do(&self, step: Step, number: usize) -> Option<u32> {
        let first = step.seconds.div_ceil(60) * 60;
        let lengths = (first..=self.longest(number)).step_by(60);
        let longer = |seconds| Step { seconds, ..step };
        lengths
            .into_iter()
            .find(|seconds| self.is_judgeable(longer(*seconds), number))
    }
}

/// Seconds of a step whose requests judge it. CloudWatch is late, and some minutes at the beginning are left out; where
/// the new environment gets all of the traffic, half of the last minute is not over, on average.
fn judging_seconds(step: Step, number: usize) -> i64 {
    let lost = if step.share.is_all() {
        30
    } else {
        METRICS_DELAY_SECONDS + minutes_left_out(step, number) * 60
    };
    (i64::from(step.seconds) - lost).max(0)
}

fn two_digits(value: f64) -> f64 {
    let scale = 10f64.powf(value.log10().floor() - 1.0);
    let rounded = (value / scale).round() * scale;
    (rounded * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::two_digits;

    #[test]
    fn a_fault_has_two_digits() {
        let found = [12.345, 0.04567, 99.9, 0.3].map(two_digits);
        assert_eq!(found, [12.0, 0.046, 100.0, 0.3]);
    }
}
