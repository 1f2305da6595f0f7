//! What IAM asks for when a function makes a call.

use crate::Call;
use crate::facts::Fact;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::collections::BTreeMap;

/// Condition keys with their values.
pub type Keys = BTreeMap<String, String>;

/// One permission, needed on each of the resources.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// `ecs:UpdateService`
    pub action: String,
    /// ARNs; `*` where AWS scopes the action to no resource.
    pub resources: Vec<String>,
    /// The condition keys that AWS puts with the request.
    pub context: Keys,
}

impl Need {
    pub fn new(action: &str, resources: impl IntoIterator<Item = String>) -> Need {
        Need {
            action: action.to_owned(),
            resources: resources.into_iter().collect(),
            context: Keys::new(),
        }
    }

    /// The same with one more condition key.
    pub fn with(mut self, key: &str, value: &str) -> Need {
        self.context.insert(key.to_owned(), value.to_owned());
        self
    }
}

/// Everything that a call needs.
///
/// # Errors
/// The call is not known here: nobody has said yet what it needs.
pub fn needs(call: &Call) -> Result<Vec<Need>> {
    let needs = match (call.service.as_str(), call.operation.as_str()) {
        ("dynamodb", "TransactWriteItems") => call.transaction()?,
        ("ecs", "RegisterTaskDefinition") => call.registration()?,
        ("monitoring", operation @ ("DescribeAlarms" | "GetMetricData")) => {
            vec![Need::new(&format!("cloudwatch:{operation}"), any())]
        }
        _ => vec![call.plain()?],
    };
    match needs.iter().find(|need| Fact::of(&need.action).is_none()) {
        None => Ok(needs),
        Some(need) => bail!(
            "{} is not in tests/iam/src/facts.rs: add its resource types",
            need.action
        ),
    }
}

fn any() -> [String; 1] {
    ["*".to_owned()]
}

impl Call {
    /// The action has the operation's name, as with most calls.
    fn plain(&self) -> Result<Need> {
        let (service, operation) = (self.service.as_str(), self.operation.as_str());
        let need = |resources| Need::new(&format!("{service}:{operation}"), resources);
        let one = |resource| need(vec![resource]);
        Ok(match (service, operation) {
            ("dynamodb", "GetItem" | "Query") => one(self.table(&self.parameters)?),
            ("ecr", _) => need(self.repositories()?),
            ("ecs", "DescribeTaskDefinition") => need(any().into()),
            ("ecs", "ListTasks") => need(any().into()).with("ecs:cluster", &self.cluster()),
            ("ecs", "DescribeServices") => {
                need(self.in_cluster("service", "services")?).with("ecs:cluster", &self.cluster())
            }
            ("ecs", "DescribeTasks") => {
                need(self.in_cluster("task", "tasks")?).with("ecs:cluster", &self.cluster())
            }
            ("ecs", "StopTask") => {
                need(self.in_cluster("task", "task")?).with("ecs:cluster", &self.cluster())
            }
            ("ecs", "UpdateService") => self.update()?,
            ("application-autoscaling", "DescribeScalableTargets")
            | ("logs", "DescribeLogGroups") => need(any().into()),
            ("logs", "GetLogEvents") => {
                let (group, stream) = (self.text("logGroupName")?, self.text("logStreamName")?);
                one(self.arn(
                    "logs",
                    "log-group:",
                    &format!("{group}:log-stream:{stream}"),
                ))
            }
            ("secretsmanager", "DescribeSecret" | "GetSecretValue") => one(self.text("SecretId")?),
            ("elasticloadbalancing", "ModifyRule") => one(self.text("RuleArn")?),
            ("elasticloadbalancing", "ModifyListener") => one(self.text("ListenerArn")?),
            (
                "elasticloadbalancing",
                "DescribeRules"
                | "DescribeListeners"
                | "DescribeTargetGroupAttributes"
                | "DescribeTargetGroups"
                | "DescribeTargetHealth",
            ) => need(any().into()),
            ("states", "DescribeExecution" | "StopExecution") => one(self.text("executionArn")?),
            _ => bail!(
                "{service} {operation} is not known here: add what it needs to tests/iam/src/needs.rs, with the \
                 resource type from the Service Authorization Reference, and the action to facts.rs"
            ),
        })
    }

    /// A new revision passes no role: its registration did. These parts of an update would pass one.
    fn update(&self) -> Result<Need> {
        for part in [
            "loadBalancers",
            "volumeConfigurations",
            "vpcLatticeConfigurations",
        ] {
            let given = &self.parameters[part];
            ensure!(
                given.is_null(),
                "UpdateService with {part} may pass a role: add iam:PassRole"
            );
        }
        let need = Need::new("ecs:UpdateService", self.in_cluster("service", "service")?);
        Ok(need.with("ecs:cluster", &self.cluster()))
    }

    /// A transaction needs what its parts would need alone.
    fn transaction(&self) -> Result<Vec<Need>> {
        let items = self.parameters["TransactItems"].as_array();
        let need = |item: &Value| {
            let part = item.as_object().and_then(|it| it.iter().next());
            let (kind, of) = part.context("a transaction's item is empty")?;
            let action = match kind.as_str() {
                "Put" => "dynamodb:PutItem",
                "ConditionCheck" => "dynamodb:ConditionCheckItem",
                other => bail!("a transaction's {other} is not known here: add its action"),
            };
            Ok(Need::new(action, [self.table(of)?]))
        };
        items
            .context("no TransactItems")?
            .iter()
            .map(need)
            .collect()
    }

    /// A registration passes its roles to ECS, and tags what it registers; the revision's number comes after it.
    fn registration(&self) -> Result<Vec<Need>> {
        let family = format!("{}:*", self.text("family")?);
        let revisions = || [self.arn("ecs", "task-definition/", &family)];
        let mut needs = vec![Need::new("ecs:RegisterTaskDefinition", revisions())];
        for role in ["taskRoleArn", "executionRoleArn"] {
            if let Some(arn) = self.parameters[role].as_str() {
                let role = if arn.starts_with("arn:") {
                    arn.to_owned()
                } else {
                    let (partition, account) = (self.place().partition(), &self.account);
                    format!("arn:{partition}:iam::{account}:role/{arn}")
                };
                let pass = Need::new("iam:PassRole", [role]);
                needs.push(pass.with("iam:PassedToService", "ecs-tasks.amazonaws.com"));
            }
        }
        if self.parameters["tags"]
            .as_array()
            .is_some_and(|it| !it.is_empty())
        {
            let tag = Need::new("ecs:TagResource", revisions());
            needs.push(tag.with("ecs:CreateAction", "RegisterTaskDefinition"));
        }
        Ok(needs)
    }
}

#[cfg(test)]
mod tests;
