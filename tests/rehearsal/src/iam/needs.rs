//! What IAM asks for when a function makes a call.

use crate::proxy::Seen;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;

/// One permission that a call needs, on one resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    /// The function's name in `template.yaml`.
    pub function: String,
    pub action: String,
    /// An ARN, or `*` where AWS scopes the action to no resource.
    pub resource: String,
    /// The condition keys that the call carries.
    pub context: BTreeMap<String, String>,
}

/// The parameters of a call, and where it was made.
struct Call<'a> {
    seen: &'a Seen,
    region: &'a str,
    body: Value,
}

/// Everything that a call needs; an operation that is not known here is an error.
pub fn needs(seen: &Seen, region: &str) -> Result<Vec<Need>> {
    let body = match seen.service.as_str() {
        // The operation is all that counts of these.
        "monitoring" => Value::Null,
        "elasticloadbalancing" => form(&seen.body)?,
        _ => serde_json::from_slice(&seen.body)?,
    };
    let call = Call { seen, region, body };
    let operation = seen.operation.as_str();
    Ok(match (seen.service.as_str(), operation) {
        ("monitoring", _) => vec![call.need(&format!("cloudwatch:{operation}"), "*")],
        ("elasticloadbalancing", "ModifyRule") => vec![call.named("RuleArn")?],
        ("elasticloadbalancing", "ModifyListener") => vec![call.named("ListenerArn")?],
        ("elasticloadbalancing", _) | ("ecs", "DescribeTaskDefinition") => vec![call.plain("*")],
        ("states", "DescribeExecution") => vec![call.named("executionArn")?],
        ("ecr", "DescribeImages") => {
            vec![call.plain(&call.repository(&call.body["repositoryName"]))]
        }
        ("ecr", "DescribeRepositories") => call.each("repositoryNames", |it| call.repository(it)),
        ("dynamodb", "GetItem") => vec![call.plain(&call.table(&call.body["TableName"]))],
        ("dynamodb", "TransactWriteItems") => call.writes()?,
        ("ecs", "ListTasks") => vec![call.plain("*").with("ecs:cluster", &call.cluster())],
        ("ecs", "DescribeTasks") => call.each("tasks", text),
        ("ecs", "DescribeServices") => call.each("services", |it| call.service(it)),
        ("ecs", "UpdateService") => vec![call.plain(&call.service(&call.body["service"]))],
        ("ecs", "RegisterTaskDefinition") => call.registration(),
        (service, operation) => bail!(
            "{service} {operation} is not known here: add what IAM asks for it, and its facts"
        ),
    })
}

impl Call<'_> {
    fn need(&self, action: &str, resource: &str) -> Need {
        Need {
            function: self.seen.function.clone(),
            action: action.to_owned(),
            resource: resource.to_owned(),
            context: BTreeMap::new(),
        }
    }

    /// The action is named as the operation is.
    fn plain(&self, resource: &str) -> Need {
        let (service, operation) = (&self.seen.service, &self.seen.operation);
        self.need(&format!("{service}:{operation}"), resource)
    }

    /// The resource is the ARN in a parameter.
    fn named(&self, parameter: &str) -> Result<Need> {
        let arn = self.body[parameter].as_str();
        Ok(self.plain(arn.with_context(|| format!("no {parameter}"))?))
    }

    fn each(&self, list: &str, arn: impl Fn(&Value) -> String) -> Vec<Need> {
        let items = self.body[list].as_array().into_iter().flatten();
        items.map(|item| self.plain(&arn(item))).collect()
    }

    fn arn(&self, service: &str, resource: &str) -> String {
        let account = &self.seen.account;
        format!("arn:aws:{service}:{}:{account}:{resource}", self.region)
    }

    fn repository(&self, name: &Value) -> String {
        self.arn("ecr", &format!("repository/{}", text(name)))
    }

    fn table(&self, name: &Value) -> String {
        self.arn("dynamodb", &format!("table/{}", text(name)))
    }

    fn cluster(&self) -> String {
        self.arn("ecs", &format!("cluster/{}", text(&self.body["cluster"])))
    }

    fn service(&self, name: &Value) -> String {
        let cluster = text(&self.body["cluster"]);
        self.arn("ecs", &format!("service/{cluster}/{}", text(name)))
    }

    /// A transaction needs what its parts would need alone.
    fn writes(&self) -> Result<Vec<Need>> {
        let items = self.body["TransactItems"].as_array().context("no items")?;
        let need = |item: &Value| {
            let Some(put) = item.get("Put") else {
                bail!("only puts are known here, found {item}");
            };
            Ok(self.need("dynamodb:PutItem", &self.table(&put["TableName"])))
        };
        items.iter().map(need).collect()
    }

    /// A registration passes its roles on, and tags what it registers.
    fn registration(&self) -> Vec<Need> {
        let family = text(&self.body["family"]);
        let definition = self.arn("ecs", &format!("task-definition/{family}:*"));
        let mut needs = vec![self.plain(&definition)];
        for role in ["taskRoleArn", "executionRoleArn"] {
            if let Some(arn) = self.body[role].as_str() {
                let pass = self.need("iam:PassRole", arn);
                needs.push(pass.with("iam:PassedToService", "ecs-tasks.amazonaws.com"));
            }
        }
        if self.body["tags"]
            .as_array()
            .is_some_and(|tags| !tags.is_empty())
        {
            let tag = self.need("ecs:TagResource", &definition);
            needs.push(tag.with("ecs:CreateAction", "RegisterTaskDefinition"));
        }
        needs
    }
}

impl Need {
    fn with(mut self, key: &str, value: &str) -> Need {
        self.context.insert(key.to_owned(), value.to_owned());
        self
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The fields of a form; the last one of a name counts.
fn form(body: &[u8]) -> Result<Value> {
    let url = reqwest::Url::parse(&format!("http://form/?{}", std::str::from_utf8(body)?))?;
    let pairs = url.query_pairs();
    Ok(pairs
        .map(|(name, value)| (name.into_owned(), Value::from(value.into_owned())))
        .collect())
}
