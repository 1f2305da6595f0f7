//! How resources are named once they are deployed, and a deployment that exists on paper only.

use super::Deployed;
use crate::stack::Values;
use anyhow::{Context, Result, bail};
use serde_json::Value;

/// Values of the parameters without a default: one rule and one listener, so that both kinds are judged.
const PARAMETERS: [(&str, &str); 13] = [
    (
        "ListenerRuleArns",
        "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee,\
         arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/50dc6c495c0c9188/0467ef3c8400ae65",
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
    (
        "TaskRoleArns",
        "arn:aws:iam::111122223333:role/api-task,arn:aws:iam::111122223333:role/api-execution",
    ),
    ("SmokeSubnetIds", "subnet-1,subnet-2"),
    (
        "SecretArns",
        "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
    ),
    ("LogGroupName", "/ecs/api"),
    ("DriftSchedule", "rate(1 day)"),
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

    /// The physical id of a resource.
    fn id(&self, logical: &str) -> Result<String> {
        let resource = self.resource(logical)?;
        if let Some(id) = self.ids.get(logical) {
            return Ok(id.clone());
        }
        let named = ["Name", "LogGroupName"].map(|name| &resource["Properties"][name]);
        match named.into_iter().find(|it| !it.is_null()) {
            Some(name) => self.text(name),
            None => Ok(format!("{}-{logical}", self.name)),
        }
    }
}

/// What `Ref` of a resource gives.
pub fn reference(deployed: &Deployed, logical: &str) -> Result<String> {
    let id = deployed.id(logical)?;
    Ok(match kind(deployed, logical)? {
        // The physical id of a machine is its ARN already.
        "AWS::Serverless::StateMachine" if !id.starts_with("arn:") => deployed
            .place()
            .arn("states", &format!("stateMachine:{id}")),
        // The same holds for a topic.
        "AWS::SNS::Topic" if !id.starts_with("arn:") => deployed.place().arn("sns", &id),
        "AWS::SQS::Queue" if !id.contains("://") => {
            let (region, account) = (&deployed.region, &deployed.account);
            format!("https://sqs.{region}.amazonaws.com/{account}/{id}")
        }
        _ => id,
    })
}

/// What `Fn::GetAtt` of a resource gives.
pub fn attribute(deployed: &Deployed, logical: &str, attribute: &str) -> Result<String> {
    let (id, place) = (deployed.id(logical)?, deployed.place());
    // A queue's physical id is its URL, which ends with its name.
    let name = id.rsplit('/').next().unwrap_or_default();
    Ok(match (kind(deployed, logical)?, attribute) {
        ("AWS::DynamoDB::Table", "Arn") => place.arn("dynamodb", &format!("table/{id}")),
        ("AWS::Events::Rule", "Arn") => place.arn("events", &format!("rule/{id}")),
        ("AWS::IAM::Role", "Arn") => {
            format!("arn:{}:iam::{}:role/{id}", place.partition(), place.account)
        }
        ("AWS::Logs::LogGroup", "Arn") => place.arn("logs", &format!("log-group:{id}:*")),
        ("AWS::SQS::Queue", "Arn") => place.arn("sqs", name),
        ("AWS::SQS::Queue", "QueueName") => name.to_owned(),
        ("AWS::Serverless::Function", "Arn") => place.arn("lambda", &format!("function:{id}")),
        (kind, _) => bail!("{attribute} of {logical} ({kind}) is not understood here"),
    })
}

fn kind<'a>(deployed: &'a Deployed, logical: &str) -> Result<&'a str> {
    let kind = deployed.resource(logical)?["Type"].as_str();
    kind.with_context(|| format!("{logical} has no type"))
}
