//! Packs `template.yaml` as `sam deploy` does: only where code and definition lie is written into it.

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
    put(aws, &object, definition.to_owned()).await?;
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
