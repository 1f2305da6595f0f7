//! What deploy's tests at its edge share.

use crate::answer::Answer;
use crate::handler::Deploy;
use aws_smithy_mocks::{Rule, RuleMode};
use fixtures::mock_client;
use serde_json::Value;
use shared::Error;

/// Gives deploy a task; ECS answers by `ecs`, the load balancer by `elb`, in order.
pub(crate) async fn handle(
    task: Value,
    mode: RuleMode,
    ecs: &[&Rule],
    elb: &[&Rule],
) -> Result<Answer, Error> {
    let deploy = Deploy {
        ecs: mock_client!(aws_sdk_ecs, mode, ecs),
        elb: mock_client!(aws_sdk_elasticloadbalancingv2, mode, elb),
        logs: mock_client!(
            aws_sdk_cloudwatchlogs,
            RuleMode::Sequential,
            &[] as &[&Rule]
        ),
        container: "api".to_owned(),
    };
    deploy.handle(task).await
}
