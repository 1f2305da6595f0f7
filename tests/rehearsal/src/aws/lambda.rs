//! Lambda, as its callers see it.

use super::Aws;
use super::plain::{request, send, send_for};
use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// The end of an invocation.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// What the function answered: its output, or the name and the message of its error.
    pub answer: Value,
    /// `Handled` or `Unhandled`, where the function failed.
    pub error: Option<String>,
}

/// Invokes a function, by its name or its ARN, and waits for its end.
///
/// # Errors
/// Lambda did not invoke it, or the answer is no JSON. An error of the function itself is in the [`Invocation`].
pub async fn invoke(aws: &Aws, function: &str, payload: &Value) -> Result<Invocation> {
    let call = format!("lambda:Invoke of {function}");
    let response = send(&call, invocation(aws, function, payload)).await?;
    let error = response.headers().get("x-amz-function-error");
    let error = error.and_then(|value| Some(value.to_str().ok()?.to_owned()));
    let body = response.text().await?;
    let answer = serde_json::from_str(&body).with_context(|| format!("{call} gave {body}"))?;
    Ok(Invocation { answer, error })
}

/// Invokes a function as an event source does, which does not wait for its end.
///
/// # Errors
/// Lambda did not take the event.
pub async fn invoke_event(aws: &Aws, function: &str, event: &Value) -> Result<()> {
    let request = invocation(aws, function, event).header("x-amz-invocation-type", "Event");
    send(&format!("lambda:Invoke of {function}"), request).await?;
    Ok(())
}

/// Sets a variable of a function, as an update of its stack would, and gives what it was.
///
/// # Errors
/// There is no such function, or it has no such variable.
pub async fn set_variable(aws: &Aws, function: &str, name: &str, value: &str) -> Result<String> {
    let path = format!("/2015-03-31/functions/{function}/configuration");
    let read = request(aws, "lambda", Method::GET, &path);
    let mut found: Value = send_for("lambda:GetFunctionConfiguration", read).await?;
    let mut environment = found["Environment"].take();
    let variable = &mut environment["Variables"][name];
    let before = variable.as_str().context("no such variable")?.to_owned();
    *variable = json!(value);
    let write = request(aws, "lambda", Method::PUT, &path);
    let write = write.json(&json!({"Environment": environment}));
    send("lambda:UpdateFunctionConfiguration", write).await?;
    Ok(before)
}

/// Who else may invoke a function: its resource-based policy.
///
/// # Errors
/// There is no such function, or nobody else may invoke it.
pub async fn policy(aws: &Aws, function: &str) -> Result<Value> {
    let path = format!("/2015-03-31/functions/{function}/policy");
    let read = request(aws, "lambda", Method::GET, &path);
    let answer: Value = send_for("lambda:GetPolicy", read).await?;
    let policy = answer["Policy"].as_str().context("no policy")?;
    serde_json::from_str(policy).context("lambda:GetPolicy gave no JSON")
}

/// The names of all functions.
///
/// # Errors
/// Lambda does not list them.
pub async fn function_names(aws: &Aws) -> Result<Vec<String>> {
    let request = request(aws, "lambda", Method::GET, "/2015-03-31/functions/");
    let answer: Value = send_for("lambda:ListFunctions", request).await?;
    let functions = answer["Functions"].as_array().into_iter().flatten();
    let names = functions.filter_map(|function| function["FunctionName"].as_str());
    Ok(names.map(str::to_owned).collect())
}

fn invocation(aws: &Aws, function: &str, payload: &Value) -> RequestBuilder {
    let path = format!("/2015-03-31/functions/{function}/invocations");
    request(aws, "lambda", Method::POST, &path).json(payload)
}
