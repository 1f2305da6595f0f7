//! What the local AWS does not have: Application Auto Scaling. On a stage
//! nothing scales by itself, unless a test says so.

use anyhow::Result;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use serde_json::{Value, json};
use std::collections::HashMap;

/// The most tasks of a service, by its name as Application Auto Scaling has it: `service/CLUSTER/SERVICE`.
pub type Ceilings = HashMap<String, i32>;

/// The account whose call this is, if it calls Application Auto Scaling: the signature's scope names both.
pub fn account(request: &Request<Bytes>) -> Option<&str> {
    let signature = request.headers().get("authorization")?.to_str().ok()?;
    let scope = signature.split_once("Credential=")?.1;
    let here = scope.contains("/application-autoscaling/");
    scope.split('/').next().filter(|_| here)
}

/// Answers DescribeScalableTargets, the one call that a function makes.
pub fn scalable_targets(
    request: &Request<Bytes>,
    ceilings: &Ceilings,
) -> Result<Response<Full<Bytes>>> {
    let input: Value = serde_json::from_slice(request.body())?;
    let ids = input["ResourceIds"].as_array().into_iter().flatten();
    let scaled = ids.filter_map(|id| Some((id, ceilings.get(id.as_str()?)?)));
    let targets = scaled.map(|(id, most)| {
        json!({"ServiceNamespace": "ecs", "ResourceId": id, "ScalableDimension": "ecs:service:DesiredCount",
            "MinCapacity": 1, "MaxCapacity": most, "RoleARN": "arn:aws:iam::1:role/scaling", "CreationTime": 0})
    });
    let answer = json!({"ScalableTargets": targets.collect::<Vec<_>>()});
    let response = Response::builder().header("content-type", "application/x-amz-json-1.1");
    Ok(response.body(Full::new(Bytes::from(answer.to_string())))?)
}
