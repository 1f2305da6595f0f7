//! deploy's way through AWS: register the revision, update the idle service, check the rollout; `migration` and `plan`
//! do what their names say.

use crate::decide::{Expected, Status, Update, primary, status, update};
use crate::plan::{Revision, Tasks};
use crate::rollout::{rollout, service};
use crate::task_definition::{is_registered, wanted};
use aws_sdk_ecs::types::{Tag, TaskDefinition, TaskDefinitionField};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::lambda::{Reason, read_task};
use shared::{Error, Migration, Plan, Side, Target};
use tracing::info;

/// The function with its clients and configuration.
pub struct Deploy {
    pub ecs: aws_sdk_ecs::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub container: String,
}

/// A task of the state machine; `read_task` takes the variant from its `action`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Task {
    Register {
        plan: Box<Plan>,
    },
    Update {
        plan: Box<Plan>,
        task_definition: String,
    },
    Check {
        plan: Box<Plan>,
        task_definition: String,
        deployment: String,
        desired: i32,
    },
    /// What became of the migration that Step Functions has run.
    Migration {
        migration: Migration,
        task_definition: String,
        error: Option<Reason>,
    },
    Plan {
        plan: Box<Plan>,
    },
}

/// The answer to each of the tasks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum Answer {
    Registered {
        task_definition: String,
        /// False: an earlier try, or the team, had registered it.
        registered: bool,
    },
    Updated {
        /// The id of our deployment.
        deployment: String,
        desired: i32,
        /// False: an earlier try had updated the service.
        updated: bool,
    },
    Checked {
        /// `steady`, `waiting` or `failed`
        status: &'static str,
        reason: String,
        /// Where the new tasks listen.
        targets: Vec<Target>,
    },
    Migrated {
        passed: bool,
        reason: String,
        /// The last lines that it wrote.
        log: Vec<String>,
    },
    Planned {
        task_definition: Revision,
        desired: Tasks,
    },
}

impl Deploy {
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        let answer = match read_task(payload)? {
            Task::Register { plan } => self.register(&plan).await?,
            Task::Update {
                plan,
                task_definition,
            } => self.update(&plan, &task_definition).await?,
            Task::Check {
                plan,
                task_definition,
                deployment,
                desired,
            } => {
                let expected = Expected {
                    deployment: &deployment,
                    task_definition: &task_definition,
                    container: &self.container,
                    digest: &plan.image.digest,
                    desired,
                };
                let found = rollout(&self.ecs, &self.elb, &plan.idle).await?;
                checked(status(&found, &expected))
            }
            Task::Migration {
                migration,
                task_definition,
                error,
            } => {
                self.migration(&migration, &task_definition, error.as_ref())
                    .await?
            }
            Task::Plan { plan } => self.plan(&plan).await?,
        };
        info!(?answer, "answered");
        Ok(answer)
    }

    async fn register(&self, plan: &Plan) -> Result<Answer, Error> {
        let is_there = |task_definition| Answer::Registered {
            task_definition,
            registered: false,
        };
        if let Some(own) = &plan.task_definition {
            return Ok(is_there(own.clone()));
        }
        let (live, tags) = self.describe(&plan.active.task_definition).await?;
        let wanted = wanted(&live, &tags, &self.container, &plan.image.uri, plan.to)
            .map_err(Error::NotFound)?;
        // A family's name stands for its newest active revision.
        let (newest, newest_tags) = self.describe(live.family().unwrap_or_default()).await?;
        if is_registered(&newest, &newest_tags, &wanted) {
            return Ok(is_there(arn(Some(&newest))?));
        }
        let output = wanted.send_with(&self.ecs).await;
        let output = output.map_err(|e| Error::from_sdk("ecs:RegisterTaskDefinition", e))?;
        Ok(Answer::Registered {
            task_definition: arn(output.task_definition())?,
            registered: true,
        })
    }

    /// A revision with its tags, by its ARN or its family's name.
    pub async fn describe(&self, name: &str) -> Result<(TaskDefinition, Vec<Tag>), Error> {
        let call = self
            .ecs
            .describe_task_definition()
            .task_definition(name)
            .include(TaskDefinitionField::Tags);
        let output = call
            .send()
            .await
            .map_err(|e| Error::from_sdk("ecs:DescribeTaskDefinition", e))?;
        let definition = output.task_definition.ok_or_else(|| {
            Error::UnexpectedAnswer(format!(
                "ecs:DescribeTaskDefinition gave no task definition for {name}"
            ))
        })?;
        Ok((definition, output.tags.unwrap_or_default()))
    }

    async fn update(&self, plan: &Plan, task_definition: &str) -> Result<Answer, Error> {
        let idle = service(&self.ecs, &plan.idle).await?;
        let active = service(&self.ecs, &plan.active).await?;
        match update(&idle, &active, task_definition) {
            Update::Already {
                deployment,
                desired,
            } => Ok(Answer::Updated {
                deployment,
                desired,
                updated: false,
            }),
            Update::Needed { desired } => Ok(Answer::Updated {
                deployment: self.start(&plan.idle, task_definition, desired).await?,
                desired,
                updated: true,
            }),
        }
    }

    /// Starts the deployment and gives its id. Nothing else of the service changes.
    async fn start(&self, idle: &Side, revision: &str, desired: i32) -> Result<String, Error> {
        let service = self.ecs.update_service().cluster(&idle.cluster);
        let call = service
            .service(&idle.service)
            .task_definition(revision)
            .desired_count(desired)
            // Forced, so that a revision whose last deployment failed is tried anew.
            .force_new_deployment(true);
        let output = call.send().await;
        let output = output.map_err(|e| Error::from_sdk("ecs:UpdateService", e))?;
        let deployments = output.service().map(|it| it.deployments());
        primary(deployments.unwrap_or_default())
            .filter(|it| it.task_definition() == Some(revision))
            .and_then(|it| it.id().map(str::to_owned))
            .ok_or_else(|| {
                Error::UnexpectedAnswer(format!(
                    "ecs:UpdateService gave no PRIMARY deployment of {revision}. Did someone else update {}?",
                    idle.service
                ))
            })
    }
}

fn arn(definition: Option<&TaskDefinition>) -> Result<String, Error> {
    definition
        .and_then(|it| it.task_definition_arn())
        .map(str::to_owned)
        .ok_or_else(|| {
            Error::UnexpectedAnswer("ECS gave no task definition with an ARN".to_owned())
        })
}

fn checked(status: Status) -> Answer {
    match status {
        Status::Steady(targets) => {
            let reason = format!("{} tasks run the image and are healthy", targets.len());
            Answer::Checked {
                status: "steady",
                reason,
                targets,
            }
        }
        Status::Waiting(reason) => Answer::Checked {
            status: "waiting",
            reason,
            targets: Vec::new(),
        },
        Status::Failed(reason) => Answer::Checked {
            status: "failed",
            reason,
            targets: Vec::new(),
        },
    }
}
