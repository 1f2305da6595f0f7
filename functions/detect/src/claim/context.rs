//! Everything that detect works with, built once in `main`.

use super::migration::MigrationPolicy;
use crate::decisions::DecisionPolicy;
use crate::look::{Clients, ImagePolicy, Observer, service_names};
use crate::preflight::PreflightPolicy;
use crate::request::{TagPolicy, TrafficPolicy};
use aws_config::SdkConfig;
use record::Store;
use shared::alarms::AlarmPolicy;
use shared::config::Settings;
use shared::routing::Routing;
use shared::{Error, WhenStopped};

/// The clients and the configuration.
pub struct Context {
    pub(crate) store: Store,
    pub(crate) sfn: aws_sdk_sfn::Client,
    pub(crate) observer: Observer,
    pub(crate) preflight: PreflightPolicy,
    pub(crate) migrations: MigrationPolicy,
    pub(crate) tags: TagPolicy,
    pub(crate) traffic: TrafficPolicy,
    /// What becomes of a release that its execution has left.
    pub(crate) when_stopped: WhenStopped,
    /// What waits for people, and what they may do.
    pub(crate) decisions: DecisionPolicy,
}

impl Context {
    /// Reads the function's variables, which `main` lists.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing or wrong.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
        aws: &SdkConfig,
    ) -> Result<Context, Error> {
        let store = Store::new(
            aws_sdk_dynamodb::Client::new(aws),
            settings.required("RECORD_TABLE")?,
            settings.required("SERVICE")?,
        );
        let Clients { ecs, elb } = Clients::once_if_turned_away(aws);
        Ok(Context {
            store: store.keeping_history(settings.parsed("HISTORY_DAYS", "a number of days")?),
            sfn: aws_sdk_sfn::Client::new(aws),
            observer: Observer {
                autoscaling: aws_sdk_applicationautoscaling::Client::new(aws),
                cloudwatch: aws_sdk_cloudwatch::Client::new(aws),
                ecr: aws_sdk_ecr::Client::new(aws),
                ecs,
                elb,
                usual: Clients::usual(aws),
                logs: aws_sdk_cloudwatchlogs::Client::new(aws),
                secrets: aws_sdk_secretsmanager::Client::new(aws),
                alarms: AlarmPolicy::read(settings)?,
                container: settings.required("CONTAINER_NAME")?,
                images: ImagePolicy::read(settings)?,
                registry: settings.required("REGISTRY_ID")?,
                repository: settings.required("REPOSITORY_NAME")?,
                rollback_alarms: settings.list_or_none("ROLLBACK_ALARM_NAMES")?,
                routing: Routing::read(settings)?,
                secret_arns: settings.list_or_none("SECRET_ARNS")?,
                services: service_names(settings)?,
            },
            preflight: PreflightPolicy::read(settings)?,
            migrations: MigrationPolicy::read(settings)?,
            tags: TagPolicy::read(settings)?,
            traffic: TrafficPolicy::read(settings)?,
            when_stopped: settings.named("WHEN_STOPPED", "flip-back or leave")?,
            decisions: DecisionPolicy::read(settings)?,
        })
    }
}
