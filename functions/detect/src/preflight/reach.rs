//! Whether the smoke checks can ask the targets.

use super::checks::{BASE_URL, PROTOCOL, UNREACHABLE_TARGETS};
use super::evidence::{Evidence, Finding};
use super::policy::PreflightPolicy;
use aws_sdk_elasticloadbalancingv2::types::{ProtocolEnum, TargetGroup, TargetTypeEnum};
use shared::{Environment, base_url};

/// In both environments: the next release goes to the one that is active now. A base URL takes the targets' place.
pub(super) fn findings(evidence: &Evidence<'_>, policy: &PreflightPolicy) -> Vec<Finding> {
    let mut findings = Vec::new();
    for environment in Environment::BOTH {
        let group = evidence.environment(environment).group.as_ref();
        let without_url = group.filter(|_| policy.base_urls.get(environment).is_none());
        findings.extend(without_url.and_then(|it| addresses(it, environment)));
        findings.extend(without_url.and_then(|it| protocol(it, environment)));
        let url = policy.base_urls.get(environment).as_deref();
        findings.extend(url.and_then(|it| url_of(it, environment)));
    }
    findings
}

/// Smoke refuses the same once everything is deployed.
fn url_of(url: &str, environment: Environment) -> Option<Finding> {
    let refusal = base_url(url).err()?;
    Some(BASE_URL.finding(format!(
        "{environment}'s base URL cannot be used: {refusal}"
    )))
}

/// ELBv2 knows instances, Lambda functions and load balancers as targets beside addresses.
fn addresses(group: &TargetGroup, environment: Environment) -> Option<Finding> {
    let kind = group
        .target_type()
        .filter(|it| **it != TargetTypeEnum::Ip)?;
    Some(UNREACHABLE_TARGETS.finding(format!(
        "the targets of {environment}'s target group are of type {kind}, expected ip"
    )))
}

/// A Lambda function has no protocol, and a Network Load Balancer's group no version of HTTP.
fn protocol(group: &TargetGroup, environment: Environment) -> Option<Finding> {
    let found = |it: &str| format!("{environment}'s target group speaks {it}, expected HTTP1");
    let is_http = |it: &&ProtocolEnum| matches!(it, ProtocolEnum::Http | ProtocolEnum::Https);
    if let Some(protocol) = group.protocol().filter(|it| !is_http(it)) {
        return Some(PROTOCOL.finding(found(protocol.as_str())));
    }
    match group.protocol_version() {
        None | Some("HTTP1") => None,
        // Many servers that speak HTTP/2 speak HTTP/1.1 as well.
        Some("HTTP2") => Some(PROTOCOL.warning(found("HTTP2"))),
        Some(version) => Some(PROTOCOL.finding(found(version))),
    }
}
