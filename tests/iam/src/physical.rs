//! How resources are named once they are deployed.

use crate::arn::Place;
use anyhow::{Result, bail};

/// What `Ref` gives of a resource of this type with this physical id.
pub fn reference(place: Place<'_>, kind: &str, id: String) -> String {
    match kind {
        // The physical id of a machine is its ARN already.
        "AWS::Serverless::StateMachine" if !id.starts_with("arn:") => {
            place.arn("states", &format!("stateMachine:{id}"))
        }
        // The same holds for a topic.
        "AWS::SNS::Topic" if !id.starts_with("arn:") => place.arn("sns", &id),
        "AWS::SQS::Queue" if !id.contains("://") => {
            let Place { region, account } = place;
            format!("https://sqs.{region}.amazonaws.com/{account}/{id}")
        }
        _ => id,
    }
}

/// What `Fn::GetAtt` gives of a resource of this type with this physical id.
///
/// # Errors
/// The attribute is not understood here.
pub fn attribute(place: Place<'_>, kind: &str, id: &str, attribute: &str) -> Result<String> {
    // A queue's physical id is its URL, which ends with its name.
    let name = id.rsplit('/').next().unwrap_or_default();
    Ok(match (kind, attribute) {
        ("AWS::DynamoDB::Table", "Arn") => place.arn("dynamodb", &format!("table/{id}")),
        ("AWS::Events::ApiDestination", "Arn") => {
            place.arn("events", &format!("api-destination/{id}"))
        }
        ("AWS::Events::Rule", "Arn") => place.arn("events", &format!("rule/{id}")),
        ("AWS::IAM::Role", "Arn") => {
            format!("arn:{}:iam::{}:role/{id}", place.partition(), place.account)
        }
        ("AWS::Logs::LogGroup", "Arn") => place.arn("logs", &format!("log-group:{id}:*")),
        ("AWS::SQS::Queue", "Arn") => place.arn("sqs", name),
        ("AWS::SQS::Queue", "QueueName") => name.to_owned(),
        ("AWS::Serverless::Function", "Arn") => place.arn("lambda", &format!("function:{id}")),
        (kind, _) => bail!("{attribute} of {id} ({kind}) is not understood here"),
    })
}
