//! The protocols of AWS: JSON with a target's name, the query protocol with XML, and RPC v2 with CBOR.

use super::{cbor, xml};
use aws_smithy_types::body::SdkBody;
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::{Map, Value, json};

/// What an AWS service refuses, in the fields that its protocol gives to an error.
pub struct Fault(Value);

impl Fault {
    pub fn new(code: &str, message: &str) -> Fault {
        Fault(json!({"__type": code, "message": message}))
    }

    /// With a field more, as some errors of DynamoDB have it.
    pub fn with(mut self, field: &str, value: Value) -> Fault {
        self.0[field] = value;
        self
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Protocol {
    Json,
    Query,
    Cbor,
}

/// One call of the SDK.
pub struct Call {
    pub protocol: Protocol,
    /// The operation's name, such as `DescribeServices`.
    pub operation: String,
    pub input: Value,
}

pub fn read(request: &Request<SdkBody>) -> Call {
    let body = request.body().bytes().unwrap_or_default();
    let target = request.headers().get("x-amz-target");
    let target = target.and_then(|it| it.to_str().ok()?.split_once('.'));
    if let Some((_, operation)) = target {
        return Call {
            protocol: Protocol::Json,
            operation: operation.to_owned(),
            input: serde_json::from_slice(body).unwrap_or_default(),
        };
    }
    if request.headers().contains_key("smithy-protocol") {
        let path = request.uri().path();
        return Call {
            protocol: Protocol::Cbor,
            operation: path.rsplit('/').next().unwrap_or_default().to_owned(),
            input: cbor::read(body),
        };
    }
    let input = query(body);
    Call {
        protocol: Protocol::Query,
        operation: input["Action"].as_str().unwrap_or_default().to_owned(),
        input,
    }
}

/// `Actions.member.1.Type=forward` is `{"Actions": [{"Type": "forward"}]}`.
fn query(body: &[u8]) -> Value {
    let mut input = json!({});
    for (name, value) in form_urlencoded::parse(body) {
        let parts: Vec<&str> = name.split('.').collect();
        insert(&mut input, &parts, &value);
    }
    input
}

fn insert(at: &mut Value, parts: &[&str], value: &str) {
    match parts {
        [] => *at = json!(value),
        ["member", number, rest @ ..] => {
            let index = number.parse::<usize>().expect("a member's number") - 1;
            if !at.is_array() {
                *at = json!([]);
            }
            let items = at.as_array_mut().expect("a list");
            items.resize(items.len().max(index + 1), Value::Null);
            insert(&mut items[index], rest, value);
        }
        [name, rest @ ..] => {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            insert(&mut at[*name], rest, value);
        }
    }
}

/// An answer that a case has written itself, well formed or not.
pub fn raw(status: &Value, body: &Value) -> Response<Vec<u8>> {
    let status = status.as_u64().and_then(|it| u16::try_from(it).ok());
    let body = body.as_str().expect("a text").as_bytes();
    let mut response = Response::new(body.to_vec());
    *response.status_mut() = StatusCode::from_u16(status.expect("a status")).expect("a status");
    response
}

pub fn written(call: &Call, answer: Result<Value, Fault>) -> Response<Vec<u8>> {
    let (status, body) = match (call.protocol, answer) {
        (Protocol::Json, Ok(output)) => (StatusCode::OK, output.to_string().into_bytes()),
        (Protocol::Json, Err(Fault(fault))) => {
            (StatusCode::BAD_REQUEST, fault.to_string().into_bytes())
        }
        (Protocol::Query, Ok(output)) => (StatusCode::OK, xml::response(&call.operation, &output)),
        (Protocol::Query, Err(Fault(fault))) => (StatusCode::BAD_REQUEST, xml::error(&fault)),
        (Protocol::Cbor, Ok(output)) => (StatusCode::OK, cbor::written(&output)),
        (Protocol::Cbor, Err(Fault(fault))) => (StatusCode::BAD_REQUEST, cbor::written(&fault)),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    if matches!(call.protocol, Protocol::Cbor) {
        let protocol = HeaderValue::from_static("rpc-v2-cbor");
        response.headers_mut().insert("smithy-protocol", protocol);
    }
    response
}
