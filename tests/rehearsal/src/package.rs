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

/// Uploads the functions' packages, by their names in the template, the state machines' definitions, and the template.
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
    let file = template::load(&project::root().join("template.yaml"))?;
    for (machine, path) in definitions(&file) {
        let definition = std::fs::read_to_string(project::root().join(path))?;
        put(aws, &format!("{BUCKET}/{machine}"), definition).await?;
    }
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

/// The state machines of a template, with the files of their definitions.
pub(crate) fn definitions(template: &Value) -> Vec<(String, String)> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    let machines = resources.filter_map(|(name, resource)| {
        let path = resource["Properties"]["DefinitionUri"].as_str()?;
        Some((name.clone(), path.to_owned()))
    });
    machines.collect()
}

/// Points a template at what was uploaded.
fn packed(mut template: Value) -> Value {
    let machines = definitions(&template);
    let resources = &mut template["Resources"];
    for (function, _) in FUNCTIONS {
        let object = format!("s3://{BUCKET}/{function}.zip");
        resources[function]["Properties"]["CodeUri"] = json!(object);
    }
    for (machine, _) in machines {
        let location = json!({"Bucket": BUCKET, "Key": machine});
        resources[machine.as_str()]["Properties"]["DefinitionUri"] = location;
    }
    template
}

/// Writes a bucket, or an object, of S3.
async fn put(aws: &Aws, path: &str, body: impl Into<Body>) -> Result<()> {
    let request = request(aws, "s3", Method::PUT, &format!("/{path}"));
    send(&format!("s3:PUT {path}"), request.body(body)).await?;
    Ok(())
}
