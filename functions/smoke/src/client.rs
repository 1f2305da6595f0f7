//! Makes one request and caps what it brings back.

use crate::decide::shown;
use crate::reach::Loopback;
use crate::resolve::{Guard, checked};
use crate::spec::Check;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use std::time::{Duration, Instant};

/// More of a body than this is not read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The body was longer than what was read.
    pub truncated: bool,
    /// Until the end of the body.
    pub latency_ms: u64,
}

/// A client that goes nowhere but where it is sent: no redirects, no proxy from the environment, and no address that
/// must not be asked.
#[derive(Clone, Debug)]
pub struct Asker {
    client: Client,
    loopback: Loopback,
}

impl Asker {
    /// `any_certificate` is for targets that are asked by their address: the load balancer does not check their
    /// certificates either.
    pub fn new(any_certificate: bool, loopback: Loopback) -> Result<Asker, reqwest::Error> {
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Guard(loopback))
            .danger_accept_invalid_certs(any_certificate)
            .build()?;
        Ok(Asker { client, loopback })
    }
}

/// Makes the check's request to `base` once; the error is for a person.
pub async fn ask(asker: &Asker, base: &str, check: &Check) -> Result<Reply, String> {
    let began = Instant::now();
    let response = request(asker, base, check)?.send().await;
    let response = response.map_err(|error| explain(&error, check))?;
    let status = response.status().as_u16();
    let headers = response.headers().iter();
    let headers = headers
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        })
        .collect();
    let body = read(response).await;
    let (body, truncated) = body.map_err(|error| explain(&error, check))?;
    Ok(Reply {
        status,
        headers,
        body,
        truncated,
        latency_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    })
}

/// The base is looked at alone as well: where it names no host, the check's path would name one.
fn request(asker: &Asker, base: &str, check: &Check) -> Result<RequestBuilder, String> {
    let url = checked(base, asker.loopback)
        .and_then(|_| checked(&format!("{base}{}", check.path), asker.loopback));
    let url = url.map_err(|reason| shown(&format!("not asked: {reason}")))?;
    let method = Method::from_bytes(check.method.as_bytes()).map_err(|error| error.to_string())?;
    let mut request = asker
        .client
        .request(method, url)
        .timeout(Duration::from_millis(check.timeout_ms));
    for (name, value) in &check.headers {
        request = request.header(name, value);
    }
    Ok(match &check.body {
        None => request,
        Some(Value::String(text)) => request.body(text.clone()),
        Some(json) => request.json(json),
    })
}

async fn read(mut response: Response) -> Result<(Vec<u8>, bool), reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > BODY_LIMIT {
            body.truncate(BODY_LIMIT);
            return Ok((body, true));
        }
    }
    Ok((body, false))
}

/// The innermost cause tells more than reqwest's own words.
fn explain(error: &reqwest::Error, check: &Check) -> String {
    if error.is_timeout() {
        return format!("no answer within {} ms", check.timeout_ms);
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    shown(&format!("no answer: {cause}"))
}
