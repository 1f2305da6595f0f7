//! What the world is observed with: built once, and passed by reference.

use super::image_policy::ImagePolicy;
use crate::request::OwnRepository;
use aws_config::SdkConfig;
use aws_sdk_elasticloadbalancingv2 as elb;
use shared::alarms::AlarmPolicy;
use shared::ecs::ServiceName;
use shared::routing::Routing;
use shared::scan::Repository;
use shared::{ExecutionArn, PerEnvironment, polling};

/// Clients of ECS and of ELBv2.
pub(crate) struct Clients {
    pub ecs: aws_sdk_ecs::Client,
    pub elb: elb::Client,
}

impl Clients {
    /// They try a call as often as the SDK does by itself.
    pub fn usual(aws: &SdkConfig) -> Clients {
        Clients {
            ecs: aws_sdk_ecs::Client::new(aws),
            elb: elb::Client::new(aws),
        }
    }

    /// They leave what AWS turns away to the state machine, which asks again.
    pub fn once_if_turned_away(aws: &SdkConfig) -> Clients {
        Clients {
            ecs: polling::ecs(aws),
            elb: polling::elb(aws),
        }
    }
}

/// The clients, and the names of what they read.
pub(crate) struct Observer {
    pub autoscaling: aws_sdk_applicationautoscaling::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub ecr: aws_sdk_ecr::Client,
    /// Of [`Clients::once_if_turned_away`], for what nothing is decided without.
    pub ecs: aws_sdk_ecs::Client,
    pub elb: elb::Client,
    /// For what stays unknown where AWS turns it away: nobody asks for that again.
    pub usual: Clients,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub secrets: aws_sdk_secretsmanager::Client,
    pub alarms: AlarmPolicy,
    /// The container that is released.
    pub container: String,
    /// Which images are let in.
    pub images: ImagePolicy,
    /// The account of the registry of its image.
    pub registry: String,
    /// The ECR repository of its image.
    pub repository: String,
    /// Names of the alarms that may flip back at any time, beside the stack's own.
    pub rollback_alarms: Vec<String>,
    pub routing: Routing,
    /// The secrets that this function may look for.
    pub secret_arns: Vec<String>,
    pub services: PerEnvironment<ServiceName>,
}

impl Observer {
    /// The repository whose images are released.
    pub fn own(&self) -> Repository<'_> {
        Repository {
            registry: &self.registry,
            name: &self.repository,
        }
    }

    /// The same, as a request names it that an execution brings.
    pub fn own_repository(&self, execution: &ExecutionArn) -> OwnRepository {
        OwnRepository::of(&self.repository, &self.registry, execution)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fixtures::refusing;
    use shared::ecs::describe_service;
    use std::sync::atomic::Ordering;

    /// How many calls a read makes that ECS always turns away.
    async fn calls(clients: impl Fn(&SdkConfig) -> Clients) -> usize {
        let (sdk, calls) = refusing(400, "ThrottlingException");
        let service = ServiceName {
            cluster: "shop-blue".to_owned(),
            service: "api".to_owned(),
        };
        let answer = describe_service(&clients(&sdk).ecs, &service).await;
        assert_eq!(answer.expect_err("no answer").name(), "AwsUnavailable");
        calls.load(Ordering::Relaxed)
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_the_task_is_asked_once_and_what_stays_unknown_three_times() {
        assert_eq!(calls(Clients::once_if_turned_away).await, 1);
        assert_eq!(calls(Clients::usual).await, 3);
    }
}
