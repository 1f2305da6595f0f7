//! What AWS says about each action that the stack or CI's policy allows, or a function calls.
//!
//! Source: Service Authorization Reference, the table "Actions" of each service.

/// An action, with the means by which a policy can narrow it.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    pub action: &'static str,
    /// Resource types whose ARNs a policy can name; none: only `*` fits.
    pub types: &'static [&'static str],
    /// Condition keys of the service (not the global `aws:` ones) that matter to this stack.
    pub keys: &'static [&'static str],
}

const fn fact(
    action: &'static str,
    types: &'static [&'static str],
    keys: &'static [&'static str],
) -> Fact {
    Fact {
        action,
        types,
        keys,
    }
}

/// Every action of the stack, in alphabetical order.
pub const FACTS: &[Fact] = &[
    fact("application-autoscaling:DescribeScalableTargets", &[], &[]),
    // Its one type is the alarm, but under anything narrower than a star it shows no composite alarm.
    fact("cloudwatch:DescribeAlarms", &[], &[]),
    fact("cloudwatch:GetMetricData", &[], &[]),
    fact("dynamodb:ConditionCheckItem", &["table"], &[]),
    fact("dynamodb:GetItem", &["table"], &[]),
    fact("dynamodb:PutItem", &["table"], &[]),
    fact("dynamodb:Query", &["table"], &[]),
    fact("ec2:AssignPrivateIpAddresses", &["network-interface"], &[]),
    fact(
        "ec2:CreateNetworkInterface",
        &["network-interface", "subnet"],
        &[],
    ),
    fact("ec2:DeleteNetworkInterface", &["network-interface"], &[]),
    fact("ec2:DescribeNetworkInterfaces", &[], &[]),
    fact("ec2:DescribeSubnets", &[], &[]),
    fact(
        "ec2:UnassignPrivateIpAddresses",
        &["network-interface"],
        &[],
    ),
    fact("ecr:BatchCheckLayerAvailability", &["repository"], &[]),
    fact("ecr:BatchGetImage", &["repository"], &[]),
    fact("ecr:CompleteLayerUpload", &["repository"], &[]),
    fact("ecr:DescribeImageScanFindings", &["repository"], &[]),
    fact("ecr:DescribeImageSigningStatus", &["repository"], &[]),
    fact("ecr:DescribeImages", &["repository"], &[]),
    fact("ecr:DescribeRepositories", &["repository"], &[]),
    fact("ecr:GetAuthorizationToken", &[], &[]),
    fact("ecr:GetDownloadUrlForLayer", &["repository"], &[]),
    fact("ecr:InitiateLayerUpload", &["repository"], &[]),
    fact("ecr:PutImage", &["repository"], &[]),
    fact("ecr:UploadLayerPart", &["repository"], &[]),
    fact("ecs:DescribeServices", &["service"], &["ecs:cluster"]),
    fact("ecs:DescribeTaskDefinition", &[], &[]),
    fact("ecs:DescribeTasks", &["task"], &["ecs:cluster"]),
    // Its one type is the container instance, by which nobody lists the tasks of a service: the key says as much.
    fact("ecs:ListTasks", &[], &["ecs:cluster"]),
    fact("ecs:RegisterTaskDefinition", &["task-definition"], &[]),
    fact("ecs:RunTask", &["task-definition"], &["ecs:cluster"]),
    fact("ecs:StopTask", &["task"], &["ecs:cluster"]),
    fact(
        "ecs:TagResource",
        &["task-definition"],
        &["ecs:CreateAction"],
    ),
    fact("ecs:UpdateService", &["service"], &["ecs:cluster"]),
    fact("elasticloadbalancing:DescribeListeners", &[], &[]),
    fact("elasticloadbalancing:DescribeRules", &[], &[]),
    fact(
        "elasticloadbalancing:DescribeTargetGroupAttributes",
        &[],
        &[],
    ),
    fact("elasticloadbalancing:DescribeTargetGroups", &[], &[]),
    fact("elasticloadbalancing:DescribeTargetHealth", &[], &[]),
    fact(
        "elasticloadbalancing:ModifyListener",
        &["listener/app"],
        &[],
    ),
    fact(
        "elasticloadbalancing:ModifyRule",
        &["listener-rule/app"],
        &[],
    ),
    fact("events:DescribeRule", &["rule"], &[]),
    fact("events:InvokeApiDestination", &["api-destination"], &[]),
    fact("events:PutEvents", &["event-bus"], &["events:source"]),
    fact("events:PutRule", &["rule"], &[]),
    fact("events:PutTargets", &["rule"], &[]),
    fact("iam:PassRole", &["role"], &["iam:PassedToService"]),
    fact("inspector2:ListFindings", &[], &[]),
    fact("kms:CreateGrant", &["key"], &["kms:ViaService"]),
    fact("kms:Decrypt", &["key"], &["kms:ViaService"]),
    fact("kms:DescribeKey", &["key"], &["kms:ViaService"]),
    fact("kms:Encrypt", &["key"], &["kms:ViaService"]),
    fact("kms:GenerateDataKey", &["key"], &["kms:ViaService"]),
    fact(
        "kms:GenerateDataKeyWithoutPlaintext",
        &["key"],
        &["kms:ViaService"],
    ),
    fact("kms:ReEncryptFrom", &["key"], &["kms:ViaService"]),
    fact("kms:ReEncryptTo", &["key"], &["kms:ViaService"]),
    fact("lambda:InvokeFunction", &["function"], &[]),
    fact("logs:CreateLogDelivery", &[], &[]),
    fact("logs:CreateLogStream", &["log-group"], &[]),
    fact("logs:DeleteLogDelivery", &[], &[]),
    fact("logs:DescribeLogGroups", &[], &[]),
    fact("logs:DescribeResourcePolicies", &[], &[]),
    fact("logs:GetLogDelivery", &[], &[]),
    fact("logs:GetLogEvents", &["log-stream"], &[]),
    fact("logs:ListLogDeliveries", &[], &[]),
    fact("logs:PutLogEvents", &["log-stream"], &[]),
    fact("logs:PutResourcePolicy", &[], &[]),
    fact("logs:UpdateLogDelivery", &[], &[]),
    fact("secretsmanager:DescribeSecret", &["secret"], &[]),
    fact("secretsmanager:GetSecretValue", &["secret"], &[]),
    fact("sqs:SendMessage", &["queue"], &[]),
    fact("states:DescribeExecution", &["execution"], &[]),
    fact("states:GetExecutionHistory", &["execution"], &[]),
    fact("states:StartExecution", &["stateMachine"], &[]),
    fact("states:StopExecution", &["execution"], &[]),
    fact("xray:GetSamplingRules", &[], &[]),
    fact("xray:GetSamplingTargets", &[], &[]),
    fact("xray:PutTelemetryRecords", &[], &[]),
    fact("xray:PutTraceSegments", &[], &[]),
];

impl Fact {
    /// What is known of an action.
    pub fn of(action: &str) -> Option<&'static Fact> {
        FACTS.iter().find(|fact| fact.action == action)
    }

    /// Whether a statement about `*` could have been narrower: by an ARN, or by a condition that it does not have.
    pub fn could_narrow(&self, conditions: &[&str]) -> bool {
        let by_key = !self.keys.is_empty() && !self.keys.iter().any(|it| conditions.contains(it));
        !self.types.is_empty() || by_key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_action_stands_once_and_in_its_place() {
        assert!(FACTS.iter().map(|it| it.action).is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn what_aws_narrows_by_a_key_needs_the_key() {
        let list = Fact::of("ecs:ListTasks").expect("a fact");
        assert!(list.could_narrow(&[]));
        assert!(!list.could_narrow(&["ecs:cluster"]));
        assert!(
            !Fact::of("xray:PutTraceSegments")
                .expect("a fact")
                .could_narrow(&[])
        );
        assert!(
            Fact::of("dynamodb:PutItem")
                .expect("a fact")
                .could_narrow(&["ecs:cluster"])
        );
    }
}
