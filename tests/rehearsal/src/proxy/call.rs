//! What the proxy reads of a call before it passes it on.

use crate::iam::Call;
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
    /// What it asks for.
    pub asked: Call,
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
        let region = scope.nth(1).context("no Region")?.to_owned();
        let service = scope.next().context("no service")?.to_owned();
        let asked = Call::read(function, &region, &account, &service, request)?;
        Ok(Seen {
            account,
            function: function.to_owned(),
            service,
            operation: asked.operation.clone(),
            invocation: header("x-amzn-trace-id").unwrap_or_default().to_owned(),
            call: header("amz-sdk-invocation-id")
                .unwrap_or_default()
                .to_owned(),
            asked,
        })
    }
}
