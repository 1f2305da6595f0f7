//! What the proxy reads of a call before it passes it on.

use crate::functions::FUNCTIONS;
use anyhow::{Context, Result};
use hyper::Request;
use hyper::body::Bytes;
use iam::Call;

/// What `as_aws/functions.py` adds to the trace of an invocation by an event.
const BY_EVENT: &str = ";Lineage=event";

/// What follows a function's name where an event invoked it.
pub(super) const EVENT: &str = " by event";

/// One try of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCall {
    /// The trace of the invocation that made it.
    pub invocation: String,
    /// The same for every try that the SDK makes of one call.
    pub id: String,
    /// What it wants of AWS, and which function makes it.
    pub call: Call,
}

impl RecordedCall {
    pub(super) fn read(request: &Request<Bytes>) -> Result<RecordedCall> {
        let [account, region, service] = signer(request)?;
        let text = |name| header(request, name).unwrap_or_default().to_owned();
        let invocation = text("x-amzn-trace-id");
        let function = function_of(&invocation).context("the call is no function's")?;
        Ok(RecordedCall {
            invocation,
            id: text("amz-sdk-invocation-id"),
            call: Call::read(function, region, account, service, request)?,
        })
    }

    /// The name under which its invocation is counted: the function's, and apart from it the one by an event.
    pub(super) fn by(&self) -> String {
        let function = &self.call.function;
        match self.invocation.ends_with(BY_EVENT) {
            true => format!("{function}{EVENT}"),
            false => function.clone(),
        }
    }
}

/// The function of a trace, as `as_aws/functions.py` names it. CloudFormation calls it STACK-LOGICALID-SUFFIX.
fn function_of(trace: &str) -> Option<&'static str> {
    let name = trace
        .split(';')
        .find_map(|it| it.strip_prefix("Function="))?;
    let mut functions = FUNCTIONS.iter().map(|(id, _)| *id);
    functions.find(|id| name.split('-').any(|part| part == *id))
}

/// The account that signed the call, for which Region, and for which service.
pub(super) fn signer(request: &Request<Bytes>) -> Result<[&str; 3]> {
    let signature = header(request, "authorization").context("the call is not signed")?;
    // Credential=ACCESS-KEY/DATE/REGION/SERVICE/aws4_request
    let scope = signature.split_once("Credential=");
    let mut scope = scope.context("no credential")?.1.split('/');
    let account = scope.next().context("no access key")?;
    let region = scope.nth(1).context("no Region")?;
    Ok([account, region, scope.next().context("no service")?])
}

fn header<'a>(request: &'a Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_known_by_the_name_that_cloudformation_gave_it() {
        let of = |name| function_of(&format!("Root=1-2;Sampled=1;Function={name};Lineage=event"));
        assert_eq!(of("shop-3-Flip-K2J4"), Some("Flip"));
        assert_eq!(of("shop-3-EvaluateMetrics"), Some("EvaluateMetrics"));
        assert_eq!(of("flipper"), None);
    }
}
