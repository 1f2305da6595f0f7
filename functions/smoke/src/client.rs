//! Makes one request and caps what it brings back.

use crate::reach::Loopback;
use crate::reply::Reply;
use crate::resolve::{Guard, checked};
use crate::spec::Check;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};
use rustls::crypto::ring;
use serde_json::Value;
use std::time::Instant;

/// More of a body than this is not read, in bytes.
const BODY_LIMIT: usize = 64 * 1024;

/// A client that goes nowhere but where it is sent: no redirects, no proxy from the environment, and no address that
/// must not be asked. It keeps no connection: those of a thousand targets would be more files than Lambda opens.
#[derive(Clone, Debug)]
pub(crate) struct CheckClient {
    client: Client,
    loopback: Loopback,
}

impl CheckClient {
    /// `any_certificate` is for targets that are asked by their address: the load balancer does not check their
    /// certificates either.
    pub(crate) fn new(
        any_certificate: bool,
        loopback: Loopback,
    ) -> Result<CheckClient, reqwest::Error> {
        // reqwest is built without cryptography of its own and takes the process's. An error means that it is there.
        ring::default_provider().install_default().ok();
        let client = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .dns_resolver(Guard(loopback))
            .danger_accept_invalid_certs(any_certificate)
            .build()?;
        Ok(CheckClient { client, loopback })
    }

    /// Makes the check's request to `base` once, or says why there is no reply.
    pub(crate) async fn send(&self, base: &str, check: &Check) -> Result<Reply, String> {
        let began = Instant::now();
        let no_reply = |error: reqwest::Error| explain(&error.without_url(), check);
        let response = self.request(base, check)?.send().await.map_err(no_reply)?;
        let status = response.status().as_u16();
        let headers = response.headers().iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        let headers = headers.collect();
        let (body, truncated) = read(response).await.map_err(no_reply)?;
        Ok(Reply {
            status,
            headers,
            body,
            truncated,
            latency_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// The base is looked at alone as well: where it names no host, the check's path would name one.
    fn request(&self, base: &str, check: &Check) -> Result<RequestBuilder, String> {
        let url = checked(base, self.loopback)
            .and_then(|_| checked(&format!("{base}{}", check.path), self.loopback))
            .map_err(|reason| format!("not asked: {reason}"))?;
        let method =
            Method::from_bytes(check.method.as_bytes()).map_err(|error| error.to_string())?;
        let mut request = self.client.request(method, url).timeout(check.timeout());
        for (name, value) in &check.headers {
            // It may be a secret: what prints a request does not print this.
            let mut value = HeaderValue::from_str(value).map_err(|error| error.to_string())?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        Ok(match &check.body {
            None => request,
            Some(Value::String(text)) => request.body(text.clone()),
            Some(json) => request.json(json),
        })
    }
}

/// The body, and whether it goes on after the limit.
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

/// The innermost cause says more than reqwest's own words.
fn explain(error: &reqwest::Error, check: &Check) -> String {
    if error.is_timeout() {
        return format!("no answer within {} ms", check.timeout_ms);
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    format!("no answer: {cause}")
}
