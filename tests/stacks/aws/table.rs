//! DynamoDB: the table of the release record. The record stands in the state as plain JSON; its history is not kept.

use super::wire::Fault;
use super::world::World;
use serde::Deserialize;
use serde_dynamo::AttributeValue;
use serde_json::{Value, json};

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
    let typed: AttributeValue = serde_dynamo::to_attribute_value(value).expect("an attribute");
    json!(typed)
}

fn plain(typed: &Value) -> Value {
    let typed = AttributeValue::deserialize(typed).expect("a type");
    serde_dynamo::from_attribute_value(typed).expect("JSON")
}
