//! Creates, describes and deletes CloudFormation stacks.

use crate::aws::Aws;
use crate::aws::cloudformation::{Answer, call};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A stack of the rehearsal is up in seconds; on a busy machine, with many others, it takes longer.
const TIMEOUT: Duration = Duration::from_secs(300);

/// From one look at a stack to the next.
const POLL: Duration = Duration::from_millis(100);

/// Parameters, or outputs, of a stack.
pub type Values = BTreeMap<String, String>;

/// Characters of an error of CloudFormation that are shown: it may repeat the whole template.
const SHOWN: usize = 2_000;

/// Creates a stack, waits for it, and gives its outputs.
///
/// # Errors
/// CloudFormation refuses the template, or the stack is not complete within 5 minutes.
pub async fn deploy(
    aws: &Aws,
    name: &str,
    template: &Value,
    parameters: &Values,
) -> Result<Values> {
    let template = template.to_string();
    create(aws, name, ("TemplateBody", &template), parameters).await
}

/// The same for a template in S3, by its URL: a call takes none of more than 51,200 bytes.
///
/// # Errors
/// As of [`deploy`].
pub async fn deploy_from(aws: &Aws, name: &str, url: &str, parameters: &Values) -> Result<Values> {
    create(aws, name, ("TemplateURL", url), parameters).await
}

async fn create(
    aws: &Aws,
    name: &str,
    (template, value): (&str, &str),
    parameters: &Values,
) -> Result<Values> {
    let mut fields = vec![
        ("StackName".to_owned(), name),
        (template.to_owned(), value),
        ("Capabilities.member.1".to_owned(), "CAPABILITY_IAM"),
        ("Capabilities.member.2".to_owned(), "CAPABILITY_AUTO_EXPAND"),
    ];
    for (number, (key, value)) in (1..).zip(parameters) {
        let parameter = format!("Parameters.member.{number}");
        fields.push((format!("{parameter}.ParameterKey"), key));
        fields.push((format!("{parameter}.ParameterValue"), value));
    }
    if let Err(error) = call(aws, "CreateStack", &fields).await {
        let error: String = format!("{error:#}").chars().take(SHOWN).collect();
        bail!("cannot create the stack {name}: {error}");
    }
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        let stack = describe(aws, name).await?;
        match stack.status.as_str() {
            "CREATE_COMPLETE" => return stack.outputs(),
            "CREATE_IN_PROGRESS" => tokio::time::sleep(POLL).await,
            status => bail!(
                "the stack {name} is {status}: {}",
                failures(aws, name).await?
            ),
        }
    }
    bail!("the stack {name} was not complete within {TIMEOUT:?}")
}

/// Deletes a stack and waits until it is gone.
///
/// # Errors
/// There is no such stack, or it is not deleted within 5 minutes.
pub async fn delete(aws: &Aws, name: &str) -> Result<()> {
    // Once deleted, a stack is found by its id only.
    let id = describe(aws, name).await?.id;
    call(aws, "DeleteStack", &[("StackName", &id)])
        .await
        .with_context(|| format!("cannot delete the stack {name}"))?;
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        match describe(aws, &id).await?.status.as_str() {
            "DELETE_COMPLETE" => return Ok(()),
            "DELETE_FAILED" => bail!(
                "the stack {name} is not deleted: {}",
                failures(aws, &id).await?
            ),
            _ => tokio::time::sleep(POLL).await,
        }
    }
    bail!("the stack {name} was not deleted within {TIMEOUT:?}")
}

/// The outputs of a stack.
///
/// # Errors
/// There is no such stack.
pub async fn outputs(aws: &Aws, name: &str) -> Result<Values> {
    describe(aws, name).await?.outputs()
}

/// The template with which a stack was deployed, as it was sent, its short tags in their long form.
///
/// # Errors
/// There is no such stack.
pub async fn template(aws: &Aws, name: &str) -> Result<Value> {
    let fields = [("StackName", name), ("TemplateStage", "Original")];
    let answer = call(aws, "GetTemplate", &fields).await?;
    project::template::parse(&answer.text("TemplateBody")?)
}

/// The physical ids of a stack's resources, by their names in the template.
///
/// # Errors
/// There is no such stack.
pub async fn resources(aws: &Aws, name: &str) -> Result<Values> {
    let answer = call(aws, "DescribeStackResources", &[("StackName", name)]).await?;
    let ids = ["LogicalResourceId", "PhysicalResourceId"];
    values(&answer, "StackResources", ids)
}

/// Two fields of every member of a list: the one that names it, and the other.
fn values(answer: &Answer, list: &str, fields: [&str; 2]) -> Result<Values> {
    let members = answer.members(list, fields)?;
    Ok(members.into_iter().map(Into::into).collect())
}

struct Stack {
    id: String,
    status: String,
    /// The whole answer, with the outputs.
    answer: Answer,
}

impl Stack {
    fn outputs(&self) -> Result<Values> {
        values(&self.answer, "Outputs", ["OutputKey", "OutputValue"])
    }
}

/// A stack by its name or its id.
async fn describe(aws: &Aws, name: &str) -> Result<Stack> {
    let answer = call(aws, "DescribeStacks", &[("StackName", name)]).await?;
    let stack = answer.members("Stacks", ["StackId", "StackStatus"])?.pop();
    let [id, status] = stack.with_context(|| format!("no stack {name}"))?;
    Ok(Stack { id, status, answer })
}

/// Why resources of a stack failed.
async fn failures(aws: &Aws, name: &str) -> Result<String> {
    let answer = call(aws, "DescribeStackEvents", &[("StackName", name)]).await?;
    let fields = [
        "LogicalResourceId",
        "ResourceStatus",
        "ResourceStatusReason",
    ];
    let events = answer.members("StackEvents", fields)?.into_iter();
    let failed = events.filter(|[_, status, _]| status.ends_with("FAILED"));
    let reasons = failed.map(|[id, _, reason]| format!("{id}: {reason}"));
    Ok(reasons.collect::<Vec<_>>().join("; "))
}
