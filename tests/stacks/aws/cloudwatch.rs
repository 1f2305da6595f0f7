//! CloudWatch: alarms, and metrics: without points, unless the state has `requestsPerMinute`.

use super::wire::Fault;
use super::world::World;
use serde_json::{Value, json};

pub fn answer(world: &mut World, operation: &str, input: &Value) -> Option<Result<Value, Fault>> {
    Some(match operation {
        "DescribeAlarms" => Ok(alarms(world, input)),
        "GetMetricData" => Ok(metrics(world, input)),
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
    let to = named.len().min(from + world.page);
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

/// Both environments serve so many requests a minute, all of them well.
fn metrics(world: &World, input: &Value) -> Value {
    let Some(requests) = world.state["requestsPerMinute"].as_f64() else {
        return json!({"MetricDataResults": []});
    };
    let seconds = |field: &str| input[field].as_i64().expect("a time");
    let minutes = seconds("StartTime") / 60..seconds("EndTime") / 60;
    let times: Vec<i64> = minutes.map(|minute| minute * 60).collect();
    let queries = input["MetricDataQueries"].as_array().into_iter().flatten();
    let results = queries.map(|query| {
        let point = match query["MetricStat"]["Metric"]["MetricName"].as_str() {
            Some("RequestCount") => Some(requests),
            Some("TargetResponseTime") => Some(0.05),
            Some("HealthyHostCount") => Some(2.0),
            _ => None,
        };
        let times = point.map_or(&[][..], |_| &times);
        let values: Vec<f64> = times.iter().filter_map(|_| point).collect();
        json!({"Id": query["Id"], "StatusCode": "Complete", "Timestamps": times, "Values": values})
    });
    json!({"MetricDataResults": results.collect::<Vec<_>>()})
}
