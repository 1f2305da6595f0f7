//! CloudWatch: alarms, and metrics without points.

use super::wire::Fault;
use super::world::World;
use serde_json::{Value, json};

/// Smaller pages than AWS has, so that few alarms are enough to need a second one.
const PAGE: usize = 2;

pub fn answer(world: &mut World, operation: &str, input: &Value) -> Option<Result<Value, Fault>> {
    Some(match operation {
        "DescribeAlarms" => Ok(alarms(world, input)),
        "GetMetricData" => Ok(json!({"MetricDataResults": []})),
        _ => return None,
    })
}

/// Without `AlarmTypes` metric alarms alone (CloudWatch API reference).
fn alarms(world: &World, input: &Value) -> Value {
    let metric = [json!("MetricAlarm")];
    let types = input["AlarmTypes"]
        .as_array()
        .map_or(&metric[..], Vec::as_slice);
    let names = input["AlarmNames"].as_array().into_iter().flatten();
    let named: Vec<Value> = names
        .filter_map(|name| {
            let mut alarm = world.state["alarms"].get(name.as_str()?)?.clone();
            alarm["AlarmName"] = name.clone();
            types.contains(&alarm["type"]).then_some(alarm)
        })
        .collect();
    let from = input["NextToken"]
        .as_str()
        .map_or(0, |it| it.parse().expect("a token"));
    let to = named.len().min(from + PAGE);
    let mut output = json!({});
    for kind in ["MetricAlarm", "CompositeAlarm", "LogAlarm"] {
        let of_kind = named[from..to].iter().filter(|alarm| alarm["type"] == kind);
        output[format!("{kind}s")] = of_kind.cloned().collect();
    }
    if to < named.len() {
        output["NextToken"] = json!(to.to_string());
    }
    output
}
