//! What the proxy reads of a call before it passes it on.

use crate::iam::Call;
use anyhow::{Context, Result};
use hyper::Request;
use hyper::body::Bytes;

/// One try of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Tells the invocations of a function apart.
    pub invocation: String,
    /// The same for every try that the SDK makes of one call.
    pub call: String,
    /// What it asks for, and who asks.
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
        let account = scope.next().context("no access key")?;
        let region = scope.nth(1).context("no Region")?;
        let service = scope.next().context("no service")?;
        Ok(Seen {
            invocation: header("x-amzn-trace-id").unwrap_or_default().to_owned(),
            call: header("amz-sdk-invocation-id")
                .unwrap_or_default()
                .to_owned(),
            asked: Call::read(function, region, account, service, request)?,
        })
    }
}
