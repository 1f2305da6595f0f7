//! Passes each task of the state machine on to the file that does it.

use crate::answer::Answer;
use crate::check::check;
use crate::migration::check_migration;
use crate::preview::preview;
use crate::register::register;
use crate::rollout::Expected;
use crate::scale::scale;
use crate::scans::Scans;
use crate::task::Task;
use crate::update::update;
use aws_config::SdkConfig;
use chrono::Utc;
use serde_json::Value;
use shared::config::Settings;
use shared::runtime::read_task;
use shared::{Error, polling};
use tracing::info;

/// The function with its clients and configuration.
pub struct Deploy {
    pub ecs: aws_sdk_ecs::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    /// The container whose image is released.
    pub container: String,
    pub scans: Scans,
}

impl Deploy {
    /// Reads the function's variables, which `main` lists. Deployments poll, so what AWS turns away is not asked again at
    /// once.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one is missing or wrong.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
        sdk: &SdkConfig,
    ) -> Result<Deploy, Error> {
        Ok(Deploy {
            ecs: polling::ecs(sdk),
            elb: polling::elb(sdk),
            logs: aws_sdk_cloudwatchlogs::Client::new(sdk),
            container: settings.required("CONTAINER_NAME")?,
            scans: Scans::read(settings, sdk)?,
        })
    }

    /// Does a task. Doing it again gives the same answer, and writes nothing more.
    ///
    /// # Errors
    /// `InvalidInput` where the payload is no task; otherwise the name of the AWS call's failure.
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        let answer = match read_task(payload)? {
            Task::Register { plan } => register(&self.ecs, &plan, &self.container).await?,
            Task::Update {
                plan,
                task_definition,
            } => update(&self.ecs, &plan, &task_definition).await?,
            Task::Check {
                plan,
                task_definition,
                deployment,
                desired,
            } => {
                let expected = Expected {
                    deployment: &deployment,
                    task_definition: &task_definition,
                    digest: &plan.image.digest,
                    desired,
                };
                let (container, now) = (&self.container, Utc::now());
                let status = check(&self.ecs, &self.elb, &plan, container, &expected, now).await?;
                self.scans.decide(&plan, status, now).await?.into()
            }
            Task::Scale {
                plan,
                deployment,
                desired,
            } => scale(&self.ecs, &plan.idle, &deployment, desired).await?,
            Task::Migration {
                migration,
                task_definition,
                error,
            } => {
                let error = error.as_ref();
                check_migration(&self.ecs, &self.logs, &migration, &task_definition, error).await?
            }
            Task::Preview { plan } => preview(&self.ecs, &plan, &self.container).await?,
        };
        info!(?answer, "answered");
        Ok(answer)
    }
}
