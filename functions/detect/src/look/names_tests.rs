//! The tests of `names.rs`.

use super::*;
use aws_sdk_ecs::types::LogConfiguration;

fn logging(options: &[(&str, &str)]) -> ContainerDefinition {
    let logs = LogConfiguration::builder().log_driver(LogDriver::Awslogs);
    let options = options
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let logs = logs
        .set_options(Some(options.collect()))
        .build()
        .expect("logs");
    ContainerDefinition::builder()
        .log_configuration(logs)
        .build()
}

#[test]
fn a_log_group_that_ecs_makes_itself_need_not_be_there() {
    let names = |options: &[(&str, &str)]| -> Vec<_> {
        let groups = log_groups(&[logging(options)], "eu-west-1");
        groups
            .into_iter()
            .map(|it| (it.name, it.other_region.is_some()))
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
        assert_eq!(secret("DB", &from), Secret::Managed(arn.to_owned()));
    }
    let parameter = "arn:aws:ssm:eu-west-1:1:parameter/db";
    assert_eq!(secret("DB", parameter), Secret::Other(parameter.to_owned()));
}

#[test]
fn what_is_no_arn_of_a_secret_is_named_by_its_variable() {
    for from in ["s3cret", "arn:aws:s3:::s3cret", ""] {
        assert_eq!(secret("DB", from), Secret::Other("secret DB".to_owned()));
    }
}
