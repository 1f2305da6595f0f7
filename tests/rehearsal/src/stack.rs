//! Deploys templates to CloudFormation, and packs `template.yaml` as `sam deploy` does.

use crate::aws::{Aws, REGION};
use anyhow::{Context, Result, bail};
use aws_sdk_cloudformation::types::{Capability, Parameter, Stack};
use aws_sdk_s3::types::CreateBucketConfiguration;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A stack of the rehearsal is up in seconds.
const TIMEOUT: Duration = Duration::from_secs(120);

/// Parameters, or outputs, of a stack.
pub type Values = BTreeMap<String, String>;

/// Creates a stack, waits for it, and gives its outputs.
pub async fn deploy(
    aws: &Aws,
    name: &str,
    template: &Value,
    parameters: &Values,
) -> Result<Values> {
    let parameter = |(key, value): (&String, &String)| {
        Parameter::builder()
            .parameter_key(key)
            .parameter_value(value)
            .build()
    };
    let call = aws
        .cloudformation()
        .create_stack()
        .stack_name(name)
        .template_body(template.to_string())
        .set_parameters(Some(parameters.iter().map(parameter).collect()))
        .capabilities(Capability::CapabilityIam)
        .capabilities(Capability::CapabilityAutoExpand);
    call.send()
        .await
        .with_context(|| format!("cannot create the stack {name}"))?;
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        let stack = describe(aws, name).await?;
        match stack.stack_status().map(|status| status.as_str()) {
            Some("CREATE_COMPLETE") => return Ok(outputs(&stack)),
            Some("CREATE_IN_PROGRESS") => tokio::time::sleep(Duration::from_millis(100)).await,
            status => bail!(
                "the stack {name} is {status:?}: {}",
                failures(aws, name).await?
            ),
        }
    }
    bail!("the stack {name} was not complete within {TIMEOUT:?}")
}

/// Deletes a stack and waits until it is gone.
pub async fn delete(aws: &Aws, name: &str) -> Result<()> {
    // Once deleted, a stack is found by its id only.
    let id = describe(aws, name).await?.stack_id.unwrap_or_default();
    let call = aws.cloudformation().delete_stack().stack_name(&id).send();
    call.await
        .with_context(|| format!("cannot delete the stack {name}"))?;
    let began = Instant::now();
    while began.elapsed() < TIMEOUT {
        let stack = describe(aws, &id).await?;
        match stack.stack_status().map(|status| status.as_str()) {
            Some("DELETE_COMPLETE") => return Ok(()),
            Some("DELETE_FAILED") => bail!(
                "the stack {name} is not deleted: {}",
                failures(aws, &id).await?
            ),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
    bail!("the stack {name} was not deleted within {TIMEOUT:?}")
}

/// The physical ids of a stack's resources, by their names in the template.
pub async fn resources(aws: &Aws, name: &str) -> Result<BTreeMap<String, String>> {
    let call = aws.cloudformation().describe_stack_resources();
    let output = call.stack_name(name).send().await?;
    let ids = output.stack_resources().iter().filter_map(|it| {
        let names = (it.logical_resource_id()?, it.physical_resource_id()?);
        Some((names.0.to_owned(), names.1.to_owned()))
    });
    Ok(ids.collect())
}

async fn describe(aws: &Aws, name: &str) -> Result<Stack> {
    let output = aws
        .cloudformation()
        .describe_stacks()
        .stack_name(name)
        .send()
        .await?;
    output
        .stacks
        .and_then(|stacks| stacks.into_iter().next())
        .with_context(|| format!("no stack {name}"))
}

fn outputs(stack: &Stack) -> Values {
    let pairs = stack
        .outputs()
        .iter()
        .filter_map(|output| Some((output.output_key()?, output.output_value()?)));
    pairs
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

async fn failures(aws: &Aws, name: &str) -> Result<String> {
    let output = aws
        .cloudformation()
        .describe_stack_events()
        .stack_name(name)
        .send()
        .await?;
    let failed = output.stack_events().iter().filter(|event| {
        event
            .resource_status()
            .is_some_and(|status| status.as_str().ends_with("FAILED"))
    });
    let told = failed.map(|event| {
        let reason = event.resource_status_reason().unwrap_or_default();
        format!(
            "{}: {reason}",
            event.logical_resource_id().unwrap_or_default()
        )
    });
    Ok(told.collect::<Vec<_>>().join("; "))
}

/// Uploads the functions' packages and the state machine's definition, and points the template at them.
pub async fn package(
    aws: &Aws,
    mut template: Value,
    packages: &BTreeMap<String, Vec<u8>>,
    definition: &str,
) -> Result<Value> {
    let here = CreateBucketConfiguration::builder()
        .location_constraint(REGION.into())
        .build();
    let call = aws
        .s3()
        .create_bucket()
        .bucket(bucket(aws))
        .create_bucket_configuration(here);
    call.send().await.context("cannot create a bucket")?;
    for (function, bytes) in packages {
        let uri = upload(aws, &format!("{function}.zip"), bytes.clone()).await?;
        template["Resources"][function]["Properties"]["CodeUri"] = json!(uri);
    }
    simple_alarms(&mut template);
    let definition = plain_timeouts(definition).into_bytes();
    upload(aws, "definition.asl.json", definition).await?;
    let location = json!({"Bucket": bucket(aws), "Key": "definition.asl.json"});
    template["Resources"]["Release"]["Properties"]["DefinitionUri"] = location;
    if let Some(globals) = template
        .pointer_mut("/Globals/Function")
        .and_then(Value::as_object_mut)
    {
        globals.remove("CodeUri");
    }
    Ok(template)
}

/// The local Step Functions takes a task's timeout as a number only, where AWS takes an expression as well.
fn plain_timeouts(definition: &str) -> String {
    let timeout = "\"TimeoutSeconds\": ";
    let plain = |line: &str| match line.split_once(&format!("{timeout}\"{{% ")) {
        Some((before, expression)) => {
            format!("{before}{timeout}{}", expression.replace(" %}\"", ""))
        }
        None => line.to_owned(),
    };
    definition.lines().map(|line| plain(line) + "\n").collect()
}

/// No count of errors is as high: an alarm that the local CloudWatch understands in part goes off when it is set off.
const NEVER: u64 = 1_000_000_000;

/// The local CloudFormation knows no metric math: an alarm there watches the first of its metrics alone.
fn simple_alarms(template: &mut Value) {
    let resources = template["Resources"].as_object_mut().into_iter().flatten();
    for (_, resource) in resources {
        let properties = &mut resource["Properties"];
        let first = properties["Metrics"][0]["MetricStat"].clone();
        let (Some(alarm), Some(metric)) = (properties.as_object_mut(), first["Metric"].as_object())
        else {
            continue;
        };
        alarm.remove("Metrics");
        alarm.extend(metric.clone());
        alarm.insert("Period".to_owned(), first["Period"].clone());
        alarm.insert("Statistic".to_owned(), first["Stat"].clone());
        alarm.insert("Threshold".to_owned(), NEVER.into());
    }
}

/// Bucket names are shared by all accounts.
fn bucket(aws: &Aws) -> String {
    format!("packages-{}", aws.account)
}

async fn upload(aws: &Aws, key: &str, bytes: Vec<u8>) -> Result<String> {
    let call = aws
        .s3()
        .put_object()
        .bucket(bucket(aws))
        .key(key)
        .body(bytes.into())
        .send();
    call.await.with_context(|| format!("cannot upload {key}"))?;
    Ok(format!("s3://{}/{key}", bucket(aws)))
}
