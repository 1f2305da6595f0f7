//! The names that a revision gives to things that must exist before its tasks can start.

use aws_sdk_ecs::types::{LogDriver, TaskDefinition};
use std::collections::BTreeSet;

/// A log group, and why it is not looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogGroup {
    pub name: String,
    pub elsewhere: Option<String>,
}

/// The CloudWatch log groups that ECS expects to be there; one that it makes itself is none of them.
pub fn log_groups(definition: &TaskDefinition, region: &str) -> BTreeSet<LogGroup> {
    let containers = definition.container_definitions().iter();
    let logs = containers.filter_map(|it| it.log_configuration());
    let awslogs = logs.filter(|it| *it.log_driver() == LogDriver::Awslogs);
    let groups = awslogs.filter_map(|it| {
        let option = |name: &str| it.options().and_then(|options| options.get(name));
        let made = option("awslogs-create-group").is_some_and(|it| it == "true");
        let elsewhere = option("awslogs-region").filter(|it| *it != region);
        let name = option("awslogs-group").filter(|_| !made)?.clone();
        let elsewhere = elsewhere.map(|it| format!("it is in Region {it}"));
        Some(LogGroup { name, elsewhere })
    });
    groups.collect()
}

/// Where a secret of a container comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secret {
    /// The ARN of a secret in Secrets Manager, without the key, stage and version that may follow it.
    Managed(String),
    /// A parameter of Systems Manager, or a secret by its name alone.
    Other(String),
}

/// Every secret that the containers and their log drivers read, each once.
pub fn secrets(definition: &TaskDefinition) -> BTreeSet<Secret> {
    let containers = definition.container_definitions().iter();
    let all = containers.flat_map(|it| {
        let of_logs = it.log_configuration().map(|logs| logs.secret_options());
        it.secrets().iter().chain(of_logs.into_iter().flatten())
    });
    all.map(|it| secret(it.value_from())).collect()
}

fn secret(from: &str) -> Secret {
    let parts: Vec<&str> = from.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "secretsmanager", _, _, "secret", _, ..] => {
            Secret::Managed(parts[..7].join(":"))
        }
        _ => Secret::Other(from.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_ecs::types::{ContainerDefinition, LogConfiguration};

    fn logging(options: &[(&str, &str)]) -> TaskDefinition {
        let logs = LogConfiguration::builder().log_driver(LogDriver::Awslogs);
        let options = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let logs = logs
            .set_options(Some(options.collect()))
            .build()
            .expect("logs");
        let container = ContainerDefinition::builder()
            .log_configuration(logs)
            .build();
        TaskDefinition::builder()
            .container_definitions(container)
            .build()
    }

    #[test]
    fn a_log_group_that_ecs_makes_itself_need_not_be_there() {
        let names = |options: &[(&str, &str)]| -> Vec<_> {
            let groups = log_groups(&logging(options), "eu-west-1");
            groups
                .into_iter()
                .map(|it| (it.name, it.elsewhere.is_some()))
                .collect()
        };
        assert_eq!(names(&[("awslogs-group", "g")]), [("g".to_owned(), false)]);
        assert!(names(&[("awslogs-group", "g"), ("awslogs-create-group", "true")]).is_empty());
        let other = [("awslogs-group", "g"), ("awslogs-region", "us-east-1")];
        assert_eq!(names(&other), [("g".to_owned(), true)]);
    }

    #[test]
    fn a_secret_is_named_without_its_key_and_version() {
        let arn = "arn:aws:secretsmanager:eu-west-1:1:secret:db-AbCdEf";
        for from in [arn.to_owned(), format!("{arn}:password::")] {
            assert_eq!(secret(&from), Secret::Managed(arn.to_owned()));
        }
        let parameter = "arn:aws:ssm:eu-west-1:1:parameter/db";
        assert_eq!(secret(parameter), Secret::Other(parameter.to_owned()));
    }
}
