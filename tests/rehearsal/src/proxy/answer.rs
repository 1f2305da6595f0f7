//! Answers that the proxy gives by itself, in the protocol of the call.

use anyhow::Result;
use aws_smithy_cbor::Encoder;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response, StatusCode};
use serde_json::Value;

/// What a call is answered; an error closes the connection without an answer.
pub(super) type Answer = Result<Response<Full<Bytes>>>;

/// An answer as the JSON protocol writes it.
pub(super) fn json_answer(answer: &Value) -> Answer {
    let response = Response::builder().header("content-type", "application/x-amz-json-1.1");
    Ok(response.body(Full::new(Bytes::from(answer.to_string())))?)
}

/// What IAM answers where a policy does not allow the call.
pub(super) fn deny(request: &Request<Bytes>, reason: &str) -> Answer {
    refuse(request, "AccessDeniedException", reason)
}

/// What AWS answers where an account asks too often. Elastic Load Balancing, the one that speaks XML, has a code of its own.
pub(super) fn throttle(request: &Request<Bytes>) -> Answer {
    let has = |name: &str| request.headers().contains_key(name);
    let code = match has("x-amz-target") || has("smithy-protocol") {
        true => "ThrottlingException",
        false => "Throttling",
    };
    refuse(request, code, "Rate exceeded")
}

/// An error as the protocol of the call writes it.
pub(super) fn refuse(request: &Request<Bytes>, code: &str, message: &str) -> Answer {
    let status = match code {
        "InternalFailure" => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let header = |name: &str| request.headers().get(name).cloned();
    let mut response = Response::builder().status(status);
    let (kind, body) = if header("x-amz-target").is_some() {
        let body = serde_json::json!({"__type": code, "message": message}).to_string();
        ("application/x-amz-json-1.0", body.into_bytes())
    } else if let Some(protocol) = header("smithy-protocol") {
        response = response.header("smithy-protocol", protocol);
        let mut body = Encoder::new(Vec::new());
        body.map(2).str("__type").str(code);
        body.str("message").str(message);
        ("application/cbor", body.into_writer())
    } else {
        let error = format!("<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>");
        let body = format!(
            "<ErrorResponse><Error>{error}</Error><RequestId>0</RequestId></ErrorResponse>"
        );
        ("text/xml", body.into_bytes())
    };
    let response = response.header("content-type", kind);
    Ok(response.body(Full::new(Bytes::from(body)))?)
}
