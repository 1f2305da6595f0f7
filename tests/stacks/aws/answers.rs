//! Answers a call out of a world: with a fault where it has one for the call, else as the service does.

use super::wire::{self, Call, Fault};
use super::world::{Received, World};
use super::{cloudwatch, ecr, ecs, elb, others, table};
use aws_smithy_types::body::SdkBody;
use http::{Request, Response};
use serde_json::Value;
use tokio::time::Instant;

pub fn answered(world: &mut World, request: &Request<SdkBody>) -> Response<Vec<u8>> {
    let call = wire::read(request);
    world.calls.push(Received {
        operation: call.operation.clone(),
        input: call.input.clone(),
        at: Instant::now(),
    });
    let raw = &world.state["raw"][&call.operation];
    match raw.as_object() {
        Some(raw) => wire::raw(&raw["status"], &raw["body"]),
        None => wire::written(&call, answer(world, &call)),
    }
}

fn answer(world: &mut World, call: &Call) -> Result<Value, Fault> {
    if let Some(code) = world.state["faults"][&call.operation].as_str() {
        return Err(Fault::new(code, "a fault of this case"));
    }
    if world.turns_away(call) {
        return Err(Fault::new("ThrottlingException", "Rate exceeded"));
    }
    let services = [
        ecr::answer,
        ecs::answer,
        elb::answer,
        cloudwatch::answer,
        table::answer,
        others::answer,
    ];
    let mut answers = services
        .iter()
        .filter_map(|service| service(world, &call.operation, &call.input));
    let answer = answers.next();
    answer.unwrap_or_else(|| {
        let unknown = format!("{} is not known here", call.operation);
        world.unknown.push(unknown.clone());
        Err(Fault::new("UnknownOperationException", &unknown))
    })
}
