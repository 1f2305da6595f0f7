//! Which values of a revision may be shown. Pure.

use serde_json::Value;

/// The fields whose values are harmless; a star stands for the name or the number of an item.
///
/// Every other value is hidden, also that of a member which is new to this program: variables, commands, log options,
/// labels and the addresses of files hold secrets more often than anybody plans to.
const SHOWN: &[&str] = &[
    "cpu",
    "enableFaultInjection",
    "ephemeralStorage.sizeInGiB",
    "executionRoleArn",
    "family",
    "ipcMode",
    "memory",
    "networkMode",
    "pidMode",
    "placementConstraints.*.type",
    "proxyConfiguration.containerName",
    "proxyConfiguration.type",
    "requiresCompatibilities",
    "runtimePlatform.cpuArchitecture",
    "runtimePlatform.operatingSystemFamily",
    "tags.*.key",
    "taskRoleArn",
    "volumes.*.configuredAtLaunch",
    "volumes.*.name",
    "containerDefinitions.*.cpu",
    "containerDefinitions.*.dependsOn.*.condition",
    "containerDefinitions.*.dependsOn.*.containerName",
    "containerDefinitions.*.disableNetworking",
    "containerDefinitions.*.environment.*.name",
    "containerDefinitions.*.environment.DEPLOYMENT_SLOT.value",
    "containerDefinitions.*.essential",
    "containerDefinitions.*.firelensConfiguration.type",
    "containerDefinitions.*.healthCheck.interval",
    "containerDefinitions.*.healthCheck.retries",
    "containerDefinitions.*.healthCheck.startPeriod",
    "containerDefinitions.*.healthCheck.timeout",
    "containerDefinitions.*.image",
    "containerDefinitions.*.interactive",
    "containerDefinitions.*.linuxParameters.initProcessEnabled",
    "containerDefinitions.*.linuxParameters.maxSwap",
    "containerDefinitions.*.linuxParameters.sharedMemorySize",
    "containerDefinitions.*.linuxParameters.swappiness",
    "containerDefinitions.*.logConfiguration.logDriver",
    "containerDefinitions.*.logConfiguration.options.awslogs-group",
    "containerDefinitions.*.logConfiguration.options.awslogs-region",
    "containerDefinitions.*.logConfiguration.options.awslogs-stream-prefix",
    "containerDefinitions.*.logConfiguration.secretOptions.*.name",
    "containerDefinitions.*.memory",
    "containerDefinitions.*.memoryReservation",
    "containerDefinitions.*.mountPoints.*.readOnly",
    "containerDefinitions.*.mountPoints.*.sourceVolume",
    "containerDefinitions.*.name",
    "containerDefinitions.*.portMappings.*.appProtocol",
    "containerDefinitions.*.portMappings.*.containerPort",
    "containerDefinitions.*.portMappings.*.containerPortRange",
    "containerDefinitions.*.portMappings.*.hostPort",
    "containerDefinitions.*.portMappings.*.name",
    "containerDefinitions.*.portMappings.*.protocol",
    "containerDefinitions.*.privileged",
    "containerDefinitions.*.pseudoTerminal",
    "containerDefinitions.*.readonlyRootFilesystem",
    "containerDefinitions.*.resourceRequirements.*.type",
    "containerDefinitions.*.restartPolicy.enabled",
    "containerDefinitions.*.restartPolicy.ignoredExitCodes",
    "containerDefinitions.*.restartPolicy.restartAttemptPeriod",
    "containerDefinitions.*.secrets.*.name",
    "containerDefinitions.*.startTimeout",
    "containerDefinitions.*.stopTimeout",
    "containerDefinitions.*.ulimits.*.hardLimit",
    "containerDefinitions.*.ulimits.*.name",
    "containerDefinitions.*.ulimits.*.softLimit",
    "containerDefinitions.*.versionConsistency",
    "containerDefinitions.*.volumesFrom.*.readOnly",
    "containerDefinitions.*.volumesFrom.*.sourceContainer",
];

/// Where a container's secret comes from.
const REFERENCES: &[&str] = &[
    "containerDefinitions.*.secrets.*.valueFrom",
    "containerDefinitions.*.logConfiguration.secretOptions.*.valueFrom",
];

/// Whether everybody who reads a plan, a history or a log may see this value at this path.
pub(crate) fn is_shown(path: &[String], value: &Value) -> bool {
    is_any(SHOWN, path) || is_any(REFERENCES, path) && is_reference(value)
}

fn is_any(patterns: &[&str], path: &[String]) -> bool {
    patterns.iter().any(|pattern| {
        let names = pattern.split('.');
        let fits = |(name, part): (&str, &String)| name == "*" || name == part;
        names.clone().count() == path.len() && names.zip(path).all(fits)
    })
}

/// The ARN of a secret, or the path of a parameter, says where a secret is and not what it is, and who looks for a
/// missing one needs it. Anything else may be the secret itself, put into the wrong field.
fn is_reference(value: &Value) -> bool {
    let value = value.as_str().unwrap_or_default();
    let mut parts = value.split(':');
    let is_arn =
        parts.next() == Some("arn") && matches!(parts.nth(1), Some("secretsmanager" | "ssm"));
    is_arn || is_parameter_path(value)
}

/// The name of a parameter in a hierarchy (Systems Manager API reference, PutParameter, Name).
fn is_parameter_path(value: &str) -> bool {
    let of_name = |it: u8| it.is_ascii_alphanumeric() || b"/._-".contains(&it);
    value.starts_with('/') && value.bytes().all(of_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_harmless_values_are_shown() {
        let check = |path: &str, value: &str, expect: bool| {
            let names: Vec<String> = path.split('.').map(str::to_owned).collect();
            assert_eq!(is_shown(&names, &json!(value)), expect, "{path} {value}");
        };
        let of_api = |path: &str| format!("containerDefinitions.api.{path}");
        check("cpu", "256", true);
        check(&of_api("image"), "shop:v1", true);
        check(&of_api("environment.DEPLOYMENT_SLOT.value"), "blue", true);
        check(&of_api("environment.DB_PASSWORD.value"), "s3cret", false);
        check(&of_api("environment.DB_PASSWORD.name"), "DB_PASSWORD", true);
        check(&of_api("environment.cpu"), "s3cret", false);
        check(&of_api("dockerLabels.image"), "s3cret", false);
        check("trustedExecutionConfiguration.mode", "enclave", false);
        let from = of_api("secrets.DB_PASSWORD.valueFrom");
        check(&from, "arn:aws:secretsmanager:eu-west-1:1:secret:db", true);
        check(&from, "arn:aws-cn:ssm:cn-north-1:1:parameter/db", true);
        check(&from, "arn:aws:s3:::s3cret", false);
        check(&from, "s3cret", false);
        check(&from, "/shop/db/password", true);
        check(&from, "/s3cret+shop=", false);
        check(&of_api("command"), "/shop/db/password", false);
    }
}
