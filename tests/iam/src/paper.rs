//! A deployment that exists on paper only.

use crate::{Deployed, Values};
use serde_json::Value;

/// Values of the parameters, of every one that is optional too: one rule and one listener, so that both kinds are judged.
const PARAMETERS: [(&str, &str); 30] = [
    (
        "ListenerRuleArns",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee,\
         arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/50dc6c495c0c9188/0467ef3c8400ae65",
    ),
    (
        "IdleRuleArns",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/1f5a1c9a3c8e7d60,\
         arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/50dc6c495c0c9188/7c1d2e3f4a5b6978",
    ),
    (
        "LoadBalancerArn",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188",
    ),
    (
        "BlueTargetGroupArn",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/blue/6d0ecf831eec9f09",
    ),
    (
        "GreenTargetGroupArn",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/green/73e2d6bc24d8a067",
    ),
    (
        "BlueServiceArn",
        "arn:aws:ecs:eu-west-1:111122223333:service/shop-blue/api",
    ),
    (
        "GreenServiceArn",
        "arn:aws:ecs:eu-west-1:111122223333:service/shop-green/api",
    ),
    ("ContainerName", "api"),
    ("RepositoryName", "team/api"),
    ("RegistryId", "777788889999"),
    (
        "TaskRoleArns",
        "arn:aws:iam::111122223333:role/api-task,arn:aws:iam::111122223333:role/api-execution",
    ),
    ("SmokeSubnetIds", "subnet-1,subnet-2"),
    (
        "SecretArns",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
    ),
    ("TaskLogGroupName", "/ecs/api"),
    ("CommandsFrom", "request"),
    ("ContractCommand", r#"["bin/migrate", "contract"]"#),
    ("ScanSeverity", "HIGH"),
    (
        "SigningProfileArn",
        "arn:aws:signer:eu-west-1:111122223333:/signing-profiles/releases",
    ),
    (
        "VerifierFunctionArn",
        "arn:aws:lambda:eu-west-1:111122223333:function:verifier",
    ),
    (
        "SmokeSecretArn",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:smoke-AbCdEf",
    ),
    ("FlipConcurrency", "5"),
    (
        "KmsKeyArn",
        "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    ),
    (
        "PermissionsBoundaryArn",
        "arn:aws:iam::111122223333:policy/boundary",
    ),
    ("RolePath", "/releases/"),
    ("DeletionProtection", "on"),
    ("LogRetentionDays", "0"),
    ("DriftSchedule", "rate(1 day)"),
    ("RollbackAlarmNames", "checkout errors,team:slow"),
    ("ChatAbout", "ends"),
    ("WebhookUrl", "https://hooks.example.com/shop"),
];

impl Deployed {
    /// A deployment on paper, for proofs that need no stack: everything optional is used.
    pub fn on_paper(template: Value) -> Deployed {
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Deployed {
            template,
            name: "shop".to_owned(),
            region: "eu-west-1".to_owned(),
            account: "111122223333".to_owned(),
            parameters: PARAMETERS.map(own).into(),
            ids: Values::new(),
        }
    }
}
