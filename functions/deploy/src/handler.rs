//! deploy's way through AWS: register the revision, update the idle service, check the rollout.

use crate::decide::{Expected, Status, Update, primary, status, update};
use crate::rollout::{rollout, service};
use crate::task_definition::{is_registered, wanted};
use aws_sdk_ecs::types::{Tag, TaskDefinition, TaskDefinitionField};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::Target;
use shared::lambda::read_input;
use shared::{Error, Plan};
use tracing::info;

/// The function with its clients and configuration.
pub struct Deploy {
    pub ecs: aws_sdk_ecs::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub container: String,
}

#[derive(Deserialize)]
#[serde(
    tag = "action",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
enum Task {
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
}

/// The answer to each of the three tasks.
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
}

impl Deploy {
    pub async fn handle(&self, payload: Value) -> Result<Answer, Error> {
        let answer = match read_input(payload)? {
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
                checked(status(
                    &rollout(&self.ecs, &self.elb, &plan.idle).await?,
                    &expected,
                ))
            }
        };
        info!(?answer, "answered");
        Ok(answer)
    }

    async fn register(&self, plan: &Plan) -> Result<Answer, Error> {
        if let Some(own) = &plan.task_definition {
            return Ok(Answer::Registered {
                task_definition: own.clone(),
                registered: false,
            });
        }
        let (live, tags) = self.describe(&plan.active.task_definition).await?;
        let wanted = wanted(&live, &tags, &self.container, &plan.image.uri, plan.to)
            .map_err(Error::NotFound)?;
        // A family's name stands for its newest active revision.
        let (newest, newest_tags) = self.describe(live.family().unwrap_or_default()).await?;
        if is_registered(&newest, &newest_tags, &wanted) {
            return Ok(Answer::Registered {
                task_definition: arn(&newest)?,
                registered: false,
            });
        }
        let output = wanted.send_with(&self.ecs).await;
        let output = output.map_err(|e| Error::from_sdk("ecs:RegisterTaskDefinition", e))?;
        let registered = output
            .task_definition
            .unwrap_or_else(|| TaskDefinition::builder().build());
        Ok(Answer::Registered {
            task_definition: arn(&registered)?,
            registered: true,
        })
    }

    async fn describe(&self, name: &str) -> Result<(TaskDefinition, Vec<Tag>), Error> {
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
        let (idle, active) = (
            service(&self.ecs, &plan.idle).await?,
            service(&self.ecs, &plan.active).await?,
        );
        let desired = match update(&idle, &active, task_definition) {
            Update::Already {
                deployment,
                desired,
            } => {
                return Ok(Answer::Updated {
                    deployment,
                    desired,
                    updated: false,
                });
            }
            Update::Needed { desired } => desired,
        };
        // Forced, so that a revision whose last deployment failed is tried anew.
        let call = self
            .ecs
            .update_service()
            .cluster(&plan.idle.cluster)
            .service(&plan.idle.service);
        let call = call
            .task_definition(task_definition)
            .desired_count(desired)
            .force_new_deployment(true)
            .send();
        let output = call
            .await
            .map_err(|e| Error::from_sdk("ecs:UpdateService", e))?;
        let service = output.service.ok_or_else(|| {
            Error::UnexpectedAnswer(
                "ecs:UpdateService gave no service, expected the updated one".to_owned(),
            )
        })?;
        let ours = primary(service.deployments())
            .filter(|it| it.task_definition() == Some(task_definition));
        let deployment = ours.and_then(|it| it.id()).ok_or_else(|| {
            Error::UnexpectedAnswer(format!(
                "ecs:UpdateService gave no PRIMARY deployment of {task_definition}"
            ))
        })?;
        Ok(Answer::Updated {
            deployment: deployment.to_owned(),
            desired,
            updated: true,
        })
    }
}

fn arn(definition: &TaskDefinition) -> Result<String, Error> {
    definition
        .task_definition_arn()
        .map(str::to_owned)
        .ok_or_else(|| {
            Error::UnexpectedAnswer("ECS gave a task definition without an ARN".to_owned())
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
