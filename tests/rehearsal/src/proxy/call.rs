//! What the proxy reads of a call before it passes it on.

use anyhow::{Context, Result};
use hyper::Request;
use hyper::body::Bytes;

/// One try of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub account: String,
    /// The function's name in `template.yaml`.
    pub function: String,
    /// The name that signs the call: `dynamodb`, `elasticloadbalancing`, ...
    pub service: String,
    pub operation: String,
    /// Tells the invocations of a function apart.
    pub invocation: String,
    /// The same for every try that the SDK makes of one call.
    pub call: String,
    pub body: Bytes,
}

impl Seen {
    pub fn read(function: &str, request: &Request<Bytes>) -> Result<Seen> {
        let header = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
        let signature = header("authorization").context("the call is not signed")?;
        // Credential=ACCESS-KEY/DATE/REGION/SERVICE/aws4_request
        let scope = signature
            .split_once("Credential=")
            .context("no credential")?
            .1;
        let mut scope = scope.split('/');
        let account = scope.next().unwrap_or_default().to_owned();
        let service = scope.nth(2).context("no service")?.to_owned();
        Ok(Seen {
            account,
            function: function.to_owned(),
            service,
            operation: operation(request).context("the call names no operation")?,
            invocation: header("x-amzn-trace-id").unwrap_or_default().to_owned(),
            call: header("amz-sdk-invocation-id")
                .unwrap_or_default()
                .to_owned(),
            body: request.body().clone(),
        })
    }
}

/// AWS's protocols name it in a header (JSON), in the path (CBOR) or in the body (query).
fn operation(request: &Request<Bytes>) -> Option<String> {
    let target = request.headers().get("x-amz-target");
    let name = match target.and_then(|it| it.to_str().ok()) {
        Some(target) => target.rsplit('.').next()?,
        None => match request.uri().path().split_once("/operation/") {
            Some((_, operation)) => operation,
            None => {
                let body = std::str::from_utf8(request.body()).ok()?;
                body.split('&')
                    .find_map(|field| field.strip_prefix("Action="))?
            }
        },
    };
    Some(name.to_owned())
}
