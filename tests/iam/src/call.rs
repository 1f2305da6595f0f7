//! A call of AWS, read from its HTTP request in whichever of AWS's protocols its SDK writes it.

use crate::arn::Place;
use crate::form;
use anyhow::{Context, Result};
use http::Request;
use serde_json::Value;

/// One call of AWS as a function made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function's name in `template.yaml`: `Detect`, `Deploy`, `Smoke`, `Flip` or `EvaluateMetrics`.
    pub function: String,
    /// The name that signs the call: `elasticloadbalancing`, `ecs`, `dynamodb`, `ecr`, `states`, `monitoring`.
    pub service: String,
    /// `ModifyRule`, `GetItem`, ...
    pub operation: String,
    pub region: String,
    pub account: String,
    /// The request's parameters; null where the protocol is CBOR, whose one call needs none to be judged.
    pub parameters: Value,
}

impl Call {
    /// Reads a request that was signed for `service` in `region` with a key of `account`.
    ///
    /// # Errors
    /// The request names no operation, or its body is not what its protocol says.
    pub fn read<B: AsRef<[u8]>>(
        function: &str,
        region: &str,
        account: &str,
        service: &str,
        request: &Request<B>,
    ) -> Result<Call> {
        let (operation, parameters) =
            operation(request).with_context(|| format!("a call of {service} by {function}"))?;
        Ok(Call {
            function: function.to_owned(),
            service: service.to_owned(),
            operation,
            region: region.to_owned(),
            account: account.to_owned(),
            parameters,
        })
    }

    /// Where the call's resources are.
    pub fn place(&self) -> Place<'_> {
        Place {
            region: &self.region,
            account: &self.account,
        }
    }
}

/// The operation and its parameters: JSON names it in a header, CBOR in the path, query in the body.
fn operation<B: AsRef<[u8]>>(request: &Request<B>) -> Result<(String, Value)> {
    let body = request.body().as_ref();
    if let Some(target) = request.headers().get("x-amz-target") {
        let (_, operation) = target
            .to_str()?
            .rsplit_once('.')
            .context("x-amz-target without an operation")?;
        return Ok((operation.to_owned(), serde_json::from_slice(body)?));
    }
    if let Some((_, operation)) = request.uri().path().split_once("/operation/") {
        return Ok((operation.to_owned(), Value::Null));
    }
    let parameters = form::read(std::str::from_utf8(body)?)?;
    let operation = parameters["Action"].as_str().context("no Action")?;
    Ok((operation.to_owned(), parameters))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(request: &Request<&'static str>) -> Result<(String, Value)> {
        let call = Call::read("Flip", "eu-west-1", "111122223333", "any", request)?;
        Ok((call.operation, call.parameters))
    }

    #[test]
    fn each_protocol_names_its_operation() {
        let json = Request::post("/").header("x-amz-target", "DynamoDB_20120810.GetItem");
        let json = json.body(r#"{"TableName":"t"}"#).expect("a request");
        let expect = ("GetItem".to_owned(), json!({"TableName": "t"}));
        assert_eq!(read(&json).expect("a call"), expect);
        let cbor = Request::post("/service/Granite/operation/GetMetricData").body("\u{1}");
        let expect = ("GetMetricData".to_owned(), Value::Null);
        assert_eq!(read(&cbor.expect("a request")).expect("a call"), expect);
        let query = Request::post("/").body("Action=ModifyRule&RuleArn=a%3Ab");
        let (operation, parameters) = read(&query.expect("a request")).expect("a call");
        assert_eq!(operation, "ModifyRule");
        assert_eq!(parameters["RuleArn"], "a:b");
    }

    #[test]
    fn a_request_that_names_no_operation_is_an_error() {
        let target = Request::post("/").header("x-amz-target", "GetItem");
        let target = target.body("{}").expect("a request");
        let nothing = Request::post("/").body("RuleArn=a").expect("a request");
        for request in [target, nothing] {
            let error = format!("{:#}", read(&request).expect_err("no operation"));
            assert!(error.contains("a call of any by Flip"), "{error}");
        }
    }
}
