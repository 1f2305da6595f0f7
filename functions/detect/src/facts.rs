//! What AWS tells beside the live rules and the services: facts that speak for or against a release.
//!
//! Each is looked up by itself, all at once. One that cannot be had does not stop a release: it becomes a finding that
//! says so.

mod names;

pub use names::{Secret, log_groups, secrets};

pub use crate::images::Images;
use crate::world::Found;
use aws_sdk_ecs::types::TaskDefinition;
use futures::future::join;
use shared::alarms::{Alarm, Alarms};
use shared::{Environment, Error, PerEnvironment, Plan};
use std::time::Duration;

/// How long one fact is waited for; two of them may come one after the other, and the function itself has 30 s.
const PATIENCE: Duration = Duration::from_secs(6);

/// A fact, or why it could not be had.
pub type Looked<T> = Result<T, String>;

/// Everything that was looked up.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The revision that the new one is made of; where the team names its own, that one.
    pub wanted: Looked<TaskDefinition>,
    /// The revision that idle runs now.
    pub idle: Looked<TaskDefinition>,
    pub attributes: PerEnvironment<Looked<Attributes>>,
    /// The most tasks that autoscaling gives a service, if it scales it at all.
    pub ceilings: PerEnvironment<Looked<Option<i32>>>,
    /// What the new image is built for: `linux/amd64`, ...
    pub platforms: Looked<Vec<String>>,
    pub alarms: Looked<Vec<Alarm>>,
    /// What is said of an alarm that a parameter names and CloudWatch does not know.
    pub missing_alarm: Option<String>,
    /// Who judges the alarms.
    pub judge: Alarms,
    /// Whether each exists that the revision names.
    pub log_groups: Vec<(String, Looked<bool>)>,
    pub secrets: Vec<(String, Looked<bool>)>,
}

/// A target group's attributes, so far as they matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    pub sticky: bool,
    pub deregistration_seconds: Option<u32>,
}

/// The clients and names with which to look.
pub struct Looker {
    pub autoscaling: aws_sdk_applicationautoscaling::Client,
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    pub ecs: aws_sdk_ecs::Client,
    pub elb: aws_sdk_elasticloadbalancingv2::Client,
    pub logs: aws_sdk_cloudwatchlogs::Client,
    pub secrets: aws_sdk_secretsmanager::Client,
    pub alarms: Alarms,
    /// The secrets that this function may look for.
    pub secret_arns: Vec<String>,
}

impl Looker {
    /// Looks everything up that matters to `plan`.
    pub async fn look(&self, images: &Images, found: &Found, plan: &Plan) -> Facts {
        let own = plan.task_definition.as_ref();
        let (wanted, idle) = join(
            patiently(self.definition(own.unwrap_or(&plan.active.task_definition))),
            patiently(self.definition(&plan.idle.task_definition)),
        )
        .await;
        let region = region_of(&plan.active.task_definition);
        let (attributes, ceilings, platforms, (alarms, missing), (log_groups, secrets)) = futures::join!(
            self.both(async |it| self.attributes(&found.sides.get(it).target_group).await),
            self.both(async |it| self.ceiling(&found.sides.get(it).name).await),
            patiently(async { told(images.platforms(&plan.image.digest).await)? }),
            self.alarms_now(plan),
            join(
                self.log_groups(&wanted, region),
                self.secrets(&wanted, region)
            ),
        );
        Facts {
            wanted,
            idle,
            attributes,
            ceilings,
            platforms,
            missing_alarm: missing,
            alarms,
            judge: self.alarms.clone(),
            log_groups,
            secrets,
        }
    }

    /// The alarms, and apart from that whether one of them does not exist: the release would fail at its flip for it.
    async fn alarms_now(&self, plan: &Plan) -> (Looked<Vec<Alarm>>, Option<String>) {
        let look = self.alarms.look(&self.cloudwatch, plan.to);
        match tokio::time::timeout(PATIENCE, look).await {
            Ok(Err(Error::NotFound(reason))) => (Err(reason.clone()), Some(reason)),
            Ok(looked) => (told(looked), None),
            Err(_) => (Err(late()), None),
        }
    }

    async fn both<T>(
        &self,
        look: impl AsyncFn(Environment) -> Looked<T>,
    ) -> PerEnvironment<Looked<T>> {
        let (blue, green) = join(
            patiently(look(Environment::Blue)),
            patiently(look(Environment::Green)),
        )
        .await;
        PerEnvironment { blue, green }
    }
}

/// An answer that does not come in time is not known: looking must not use up the time of deciding.
pub async fn patiently<T>(look: impl Future<Output = Looked<T>>) -> Looked<T> {
    let looked = tokio::time::timeout(PATIENCE, look).await;
    looked.unwrap_or_else(|_| Err(late()))
}

fn late() -> String {
    format!("no answer within {} s", PATIENCE.as_secs())
}

/// What an error says, where it is no error but a fact that is not known.
pub fn told<T>(result: Result<T, Error>) -> Looked<T> {
    result.map_err(|error| error.to_string())
}

/// The Region of an ARN: `arn:PARTITION:SERVICE:REGION:...`
pub fn region_of(arn: &str) -> &str {
    arn.split(':').nth(3).unwrap_or_default()
}
