//! Packs `template.yaml` as `sam deploy` does: only where code and definition lie is written into it.

use crate::aws::plain::{request, send};
use crate::aws::{Aws, REGION};
use crate::functions::FUNCTIONS;
use anyhow::Result;
use project::template;
use reqwest::{Body, Method};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The bucket that all accounts deploy from.
const BUCKET: &str = "packages";

/// The object that holds the template.
const TEMPLATE: &str = "template.json";

/// The object that holds the state machine's definition.
const DEFINITION: &str = "definition.asl.json";

/// Uploads the functions' packages, by their names in the template, the state machine's definition, and the template.
///
/// # Errors
/// A file cannot be read, or S3 does not answer.
pub async fn upload(aws: &Aws, packages: &BTreeMap<String, Vec<u8>>) -> Result<()> {
    // S3 wants to know where a bucket outside us-east-1 is.
    let location = format!("<LocationConstraint>{REGION}</LocationConstraint>");
    let create = format!("<CreateBucketConfiguration>{location}</CreateBucketConfiguration>");
    put(aws, BUCKET, create).await?;
    for (function, bytes) in packages {
        put(aws, &format!("{BUCKET}/{function}.zip"), bytes.clone()).await?;
    }
    let path = project::root().join("statemachine/blue_green.asl.json");
    let definition = std::fs::read_to_string(path)?;
    put(aws, &format!("{BUCKET}/{DEFINITION}"), definition).await?;
    let file = template::load(&project::root().join("template.yaml"))?;
    put(
        aws,
        &format!("{BUCKET}/{TEMPLATE}"),
        packed(file).to_string(),
    )
    .await
}

/// Where the template lies.
pub fn template_url(aws: &Aws) -> String {
    format!("{}/{BUCKET}/{TEMPLATE}", aws.endpoint)
}

/// Points a template at what was uploaded.
fn packed(mut template: Value) -> Value {
    let resources = &mut template["Resources"];
    for (function, _) in FUNCTIONS {
        let object = format!("s3://{BUCKET}/{function}.zip");
        resources[function]["Properties"]["CodeUri"] = json!(object);
    }
    let location = json!({"Bucket": BUCKET, "Key": DEFINITION});
    resources["Release"]["Properties"]["DefinitionUri"] = location;
    template
}

/// Writes a bucket, or an object, of S3.
async fn put(aws: &Aws, path: &str, body: impl Into<Body>) -> Result<()> {
    let request = request(aws, "s3", Method::PUT, &format!("/{path}"));
    send(&format!("s3:PUT {path}"), request.body(body)).await?;
    Ok(())
}
