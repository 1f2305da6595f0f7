//! DynamoDB: the table of the release record. The record stands in the state as plain JSON; its history is not kept.

use super::wire::Fault;
use super::world::World;
use serde_json::{Map, Value, json};

pub fn answer(world: &mut World, operation: &str, input: &Value) -> Option<Result<Value, Fault>> {
    Some(match operation {
        "GetItem" => Ok(get(world)),
        "TransactWriteItems" => write(world, input),
        "Query" => Ok(json!({"Items": [], "Count": 0, "ScannedCount": 0})),
        _ => return None,
    })
}

fn get(world: &World) -> Value {
    let record = &world.state["record"];
    if record.is_null() {
        json!({})
    } else {
        json!({"Item": typed(record)["M"]})
    }
}

fn write(world: &mut World, input: &Value) -> Result<Value, Fault> {
    let writes = input["TransactItems"].as_array().into_iter().flatten();
    let puts: Vec<&Value> = writes.map(|write| &write["Put"]).collect();
    let record = puts.iter().find(|put| put["Item"]["item"]["S"] == "record");
    let put = record.expect("a write of the record");
    let version = &world.state["record"]["version"];
    let holds = match put["ConditionExpression"].as_str() {
        Some("attribute_not_exists(#version)") => version.is_null(),
        Some("#version = :version") => {
            plain(&put["ExpressionAttributeValues"][":version"]) == *version
        }
        other => panic!("the condition {other:?} is not known here"),
    };
    if !holds {
        let reasons = json!([{"Code": "ConditionalCheckFailed"}]);
        let fault = Fault::new("TransactionCanceledException", "Transaction cancelled");
        return Err(fault.with("CancellationReasons", reasons));
    }
    world.written.push(input.to_string());
    let mut record = plain(&json!({"M": put["Item"]}));
    let fields = record.as_object_mut().expect("fields");
    fields.retain(|name, _| name != "service" && name != "item");
    world.state["record"] = record;
    Ok(json!({}))
}

/// JSON with DynamoDB's types.
fn typed(value: &Value) -> Value {
    match value {
        Value::Null => json!({"NULL": true}),
        Value::Bool(it) => json!({"BOOL": it}),
        Value::Number(it) => json!({"N": it.to_string()}),
        Value::String(it) => json!({"S": it}),
        Value::Array(items) => json!({"L": items.iter().map(typed).collect::<Vec<_>>()}),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, it)| (name.clone(), typed(it)));
            json!({"M": fields.collect::<Map<_, _>>()})
        }
    }
}

fn plain(typed: &Value) -> Value {
    let (kind, value) = typed
        .as_object()
        .and_then(|it| it.iter().next())
        .expect("a type");
    match kind.as_str() {
        "NULL" => Value::Null,
        "N" => value.as_str().expect("a number").parse().expect("a number"),
        "L" => value
            .as_array()
            .expect("a list")
            .iter()
            .map(plain)
            .collect(),
        "M" => {
            let fields = value.as_object().expect("fields").iter();
            fields.map(|(name, it)| (name.clone(), plain(it))).collect()
        }
        _ => value.clone(),
    }
}
