//! What the world is observed with: built once, and passed by reference.

use shared::PerEnvironment;
use shared::alarms::AlarmPolicy;
use shared::ecs::ServiceName;
use shared::routing::Routing;

/// The clients, and the names of what they read.
pub(crate) struct Observer {
    pub autoscaling: aws_sdk_applicationautoscaling::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub ecr: aws_sdk_ecr::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub secrets: aws_sdk_secretsmanager::Client,
    pub alarms: AlarmPolicy,
    /// The container that is released.
    pub container: String,
    /// The ECR repository of its image.
    pub repository: String,
    /// Names of the alarms that may flip back at any time, beside the stack's own.
    pub rollback_alarms: Vec<String>,
    pub routing: Routing,
    /// The secrets that this function may look for.
    pub secret_arns: Vec<String>,
    pub services: PerEnvironment<ServiceName>,
}
