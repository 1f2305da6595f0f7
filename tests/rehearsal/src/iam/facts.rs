//! Facts of AWS's Service Authorization Reference about every action that the stack's roles allow.

/// An action, and the resource types that a policy can scope it to; none: only `*` fits.
pub const ACTIONS: [(&str, &[&str]); 44] = [
    ("cloudwatch:GetMetricData", &[]),
    ("dynamodb:GetItem", &["table"]),
    ("dynamodb:PutItem", &["table"]),
    ("ec2:AssignPrivateIpAddresses", &["network-interface"]),
    (
        "ec2:CreateNetworkInterface",
        &["network-interface", "subnet"],
    ),
    ("ec2:DeleteNetworkInterface", &["network-interface"]),
    ("ec2:DescribeNetworkInterfaces", &[]),
    ("ec2:DescribeSubnets", &[]),
    ("ec2:UnassignPrivateIpAddresses", &["network-interface"]),
    ("ecr:DescribeImages", &["repository"]),
    ("ecr:DescribeRepositories", &["repository"]),
    ("ecs:DescribeServices", &["service"]),
    ("ecs:DescribeTaskDefinition", &[]),
    ("ecs:DescribeTasks", &["task"]),
    // Its one resource type is the container instance, which Fargate has none of; the condition `ecs:cluster` scopes it.
    ("ecs:ListTasks", &[]),
    ("ecs:RegisterTaskDefinition", &["task-definition"]),
    ("ecs:TagResource", &["task-definition"]),
    ("ecs:UpdateService", &["service"]),
    ("elasticloadbalancing:DescribeListeners", &[]),
    ("elasticloadbalancing:DescribeRules", &[]),
    ("elasticloadbalancing:DescribeTargetGroups", &[]),
    ("elasticloadbalancing:DescribeTargetHealth", &[]),
    ("elasticloadbalancing:ModifyListener", &["listener"]),
    ("elasticloadbalancing:ModifyRule", &["listener-rule"]),
    ("iam:PassRole", &["role"]),
    ("lambda:InvokeFunction", &["function"]),
    ("logs:CreateLogDelivery", &[]),
    ("logs:CreateLogStream", &["log-group"]),
    ("logs:DeleteLogDelivery", &[]),
    ("logs:DescribeLogGroups", &[]),
    ("logs:DescribeResourcePolicies", &[]),
    ("logs:GetLogDelivery", &[]),
    ("logs:ListLogDeliveries", &[]),
    ("logs:PutLogEvents", &["log-stream"]),
    ("logs:PutResourcePolicy", &[]),
    ("logs:UpdateLogDelivery", &[]),
    ("sns:Publish", &["topic"]),
    ("sqs:SendMessage", &["queue"]),
    ("states:DescribeExecution", &["execution"]),
    ("states:StartExecution", &["stateMachine"]),
    ("xray:GetSamplingRules", &[]),
    ("xray:GetSamplingTargets", &[]),
    ("xray:PutTelemetryRecords", &[]),
    ("xray:PutTraceSegments", &[]),
];

/// Whether a policy can scope the action to resources; none: the facts do not know it.
pub fn can_be_scoped(action: &str) -> Option<bool> {
    let known = ACTIONS.iter().find(|(name, _)| *name == action);
    known.map(|(_, types)| !types.is_empty())
}
