//! Plain requests to a service that has no SDK client here. An error says what was asked, with the status and the body
//! that came back.

use super::Aws;
use anyhow::{Context, Result, bail};
use reqwest::{Method, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A request to `path` of a service.
pub fn request(aws: &Aws, service: &str, method: Method, path: &str) -> RequestBuilder {
    aws.http
        .request(method, format!("{}{path}", aws.endpoint))
        .header("authorization", aws.authorization(service))
}

/// Sends a request; `call` names it in an error.
pub(crate) async fn send(call: &str, request: RequestBuilder) -> Result<Response> {
    let response = request.send().await;
    let response = response.with_context(|| format!("{call} got no answer"))?;
    let status = response.status();
    if !status.is_success() {
        let body = response.text().await.unwrap_or_default();
        bail!("{call} failed with status {status}: {body}");
    }
    Ok(response)
}

/// Sends a request and reads the JSON that it is answered.
pub(crate) async fn send_for<T: DeserializeOwned>(
    call: &str,
    request: RequestBuilder,
) -> Result<T> {
    let body = send(call, request).await?.text().await?;
    serde_json::from_str(&body).with_context(|| format!("{call} was answered {body}"))
}

/// A call of AWS's JSON protocol: `operation` is its header `x-amz-target`, such as `AWSEvents.ListRules`.
///
/// # Errors
/// No answer, a status other than success, or an answer of another form.
pub async fn json<T: DeserializeOwned>(
    aws: &Aws,
    service: &str,
    operation: &str,
    input: &Value,
) -> Result<T> {
    let request = request(aws, service, Method::POST, "/")
        .header("x-amz-target", operation)
        .header("content-type", "application/x-amz-json-1.1")
        .json(input);
    send_for(operation, request).await
}
