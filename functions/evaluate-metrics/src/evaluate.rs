//! The function with its clients, and how it reads CloudWatch for a plan.

use crate::metrics::{self, Dimensions, Window, dimension};
use crate::policy::{self, Policy};
use crate::snapshot::Metrics;
use crate::watch::baseline_from;
use aws_config::SdkConfig;
use chrono::Utc;
use shared::alarms::AlarmPolicy;
use shared::config::Settings;
use shared::routing::Routing;
use shared::{Error, ReleasePlan, Time, polling};

/// The function with its clients and configuration.
pub struct Evaluate {
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub routing: Routing,
    /// ARN of the load balancer.
    pub load_balancer: String,
    pub alarms: AlarmPolicy,
    pub policy: Policy,
}

impl Evaluate {
    /// The clients and the configuration of `main`. A look that AWS turns away looks again soon, so it does not ask once
    /// more: the account's rates are for the alarms, which come once.
    ///
    /// # Errors
    /// `InvalidConfiguration` where a variable is missing or not understood.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
        sdk: &SdkConfig,
    ) -> Result<Evaluate, Error> {
        Ok(Evaluate {
            cloudwatch: polling::cloudwatch(sdk),
            elb: polling::elb(sdk),
            routing: Routing::read(settings)?,
            load_balancer: settings.required("LOAD_BALANCER_ARN")?,
            alarms: AlarmPolicy::read(settings)?,
            policy: policy::read(settings)?,
        })
    }

    /// When the baseline begins.
    pub(crate) fn baseline(&self, plan: &ReleasePlan, flipped_at: Time) -> Time {
        baseline_from(flipped_at, self.policy.baseline_seconds, plan.active_since)
    }

    /// Everything from `from` until now.
    pub(crate) async fn metrics(
        &self,
        plan: &ReleasePlan,
        from: Time,
        flipped_at: Time,
    ) -> Result<Metrics, Error> {
        let dimensions = Dimensions {
            previous_target_group: dimension(&plan.active.target_group),
            new_target_group: dimension(&plan.idle.target_group),
            load_balancer: dimension(&self.load_balancer),
        };
        let window = Window {
            from,
            flipped_at,
            now: Utc::now(),
        };
        metrics::read(&self.cloudwatch, &dimensions, window).await
    }
}
