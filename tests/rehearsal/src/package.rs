//! Packs `template.yaml` as `sam deploy` does, and as the local AWS understands it.

use crate::aws::plain::{request, send};
use crate::aws::{Aws, REGION};
use anyhow::Result;
use reqwest::{Body, Method};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The object that holds the state machine's definition.
const DEFINITION: &str = "definition.asl.json";

/// Uploads the functions' packages and the state machine's definition, and points the template at them.
pub async fn package(
    aws: &Aws,
    mut template: Value,
    packages: &BTreeMap<String, Vec<u8>>,
    definition: &str,
) -> Result<Value> {
    // The names of buckets are shared by all accounts.
    let bucket = format!("packages-{}", aws.account);
    // S3 wants to know where a bucket outside us-east-1 is.
    let location = format!("<LocationConstraint>{REGION}</LocationConstraint>");
    let create = format!("<CreateBucketConfiguration>{location}</CreateBucketConfiguration>");
    put(aws, &bucket, create).await?;
    for (function, bytes) in packages {
        let object = format!("{bucket}/{function}.zip");
        put(aws, &object, bytes.clone()).await?;
        template["Resources"][function]["Properties"]["CodeUri"] = json!(format!("s3://{object}"));
    }
    let object = format!("{bucket}/{DEFINITION}");
    put(aws, &object, plain_timeouts(definition)).await?;
    let location = json!({"Bucket": bucket, "Key": DEFINITION});
    template["Resources"]["Release"]["Properties"]["DefinitionUri"] = location;
    Ok(template)
}

/// Writes a bucket, or an object, of S3.
async fn put(aws: &Aws, path: &str, body: impl Into<Body>) -> Result<()> {
    let request = request(aws, "s3", Method::PUT, &format!("/{path}"));
    send(&format!("s3:PUT {path}"), request.body(body)).await?;
    Ok(())
}

/// The local Step Functions takes a task's timeout as a number only, where AWS takes an expression as well.
fn plain_timeouts(definition: &str) -> String {
    let mut parts = definition.split("\"TimeoutSeconds\": \"{% ");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str("\"TimeoutSeconds\": ");
        plain.push_str(&part.replacen(" %}\"", "", 1));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_becomes_plain_and_another_expression_stays() {
        let definition =
            r#"{"A": {"TimeoutSeconds": "{% ${X} %}", "Output": "{% 1 %}"}, "TimeoutSeconds": 5}"#;
        let plain = r#"{"A": {"TimeoutSeconds": ${X}, "Output": "{% 1 %}"}, "TimeoutSeconds": 5}"#;
        assert_eq!(plain_timeouts(definition), plain);
    }
}
