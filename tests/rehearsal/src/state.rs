//! What is true on a stage at one moment: where the rules send traffic, and what the record says.
//!
//! It reads the rules without the functions' own code, because it is to judge them.

use crate::stage::Stage;
use anyhow::{Context, Result, ensure};
use aws_sdk_elasticloadbalancingv2::types::{Action, Rule, TargetHealthStateEnum};
use record::{Record, Release, Store};
use shared::{Environment, PerEnvironment};
use std::time::{Duration, Instant};

/// A service is scaled within a second or two, on a busy machine later.
const SCALE_TIMEOUT: Duration = Duration::from_secs(300);

/// The rules and the record.
#[derive(Clone, Debug)]
pub struct State {
    /// The environment that all rules forward to, or what stands in the way.
    pub active: Result<Environment, String>,
    pub rules: Vec<Rule>,
    pub record: Record,
}

impl State {
    /// The state now.
    ///
    /// # Errors
    /// AWS does not answer.
    pub async fn read(stage: &Stage) -> Result<State> {
        let table = stage.output("RecordTableName")?.to_owned();
        let store = Store::new(stage.aws.dynamodb(), table, stage.service.clone());
        let call = stage.aws.elb().describe_rules();
        let arns = stage.rules().map(str::to_owned).collect();
        let output = call.set_rule_arns(Some(arns)).send().await?;
        let rules = output.rules.unwrap_or_default();
        Ok(State {
            active: active(&rules, &stage.target_groups()?),
            rules,
            record: store.load().await?,
        })
    }

    /// What every execution must leave behind, whatever happened in it (I1, I5).
    pub fn violations(&self) -> Vec<String> {
        let rules = self.active.as_ref().err();
        let rules = rules.map(|reason| format!("I1: {reason}"));
        let holder = self.record.holder.as_ref();
        let holder = holder.map(|holder| format!("I5: {holder} still holds the record"));
        let release = self.record.release.iter();
        let release = release.flat_map(|release| self.violations_of(release));
        rules.into_iter().chain(holder).chain(release).collect()
    }

    fn violations_of(&self, release: &Release) -> Vec<String> {
        let (id, mut violations) = (&release.id, Vec::new());
        if !release.phase.is_terminal() {
            violations.push(format!("I5: release {id} is {}", release.phase));
        }
        if release.reason.as_deref().unwrap_or_default().is_empty() {
            violations.push(format!("I5: release {id} ended without a reason"));
        }
        let (expected, active) = (release.expected_active(), self.active.as_ref());
        if active.is_ok_and(|active| *active != expected) {
            violations.push(format!(
                "the record says {expected}, the rules say {active:?}"
            ));
        }
        violations
    }

    /// What a flip must not touch (I7).
    pub fn changed_beside(&self, before: &State) -> Vec<String> {
        let rest = |rule: &Rule| (rule.priority.clone(), rule.conditions.clone());
        let pairs = before.rules.iter().zip(&self.rules);
        pairs
            .filter(|(old, new)| rest(old) != rest(new))
            .map(|(old, new)| format!("I7: {old:?} became {new:?}"))
            .collect()
    }
}

fn active(rules: &[Rule], groups: &PerEnvironment<String>) -> Result<Environment, String> {
    let actions = rules.iter().flat_map(|rule| rule.actions());
    let targets: Vec<&str> = actions.flat_map(receiving).collect();
    let of_all = |group: &String| !targets.is_empty() && targets == vec![group; rules.len()];
    let environment = groups.find(of_all);
    environment.ok_or_else(|| format!("the rules forward to {targets:?}"))
}

/// The target groups that get requests from an action.
fn receiving(action: &Action) -> Vec<&str> {
    let config = action.forward_config().into_iter();
    let groups = config.flat_map(|config| config.target_groups());
    let groups = groups.filter(|group| group.weight() != Some(0));
    groups
        .filter_map(|group| group.target_group_arn())
        .collect()
}

/// A service of the environment, so far as a release may change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    pub task_definition: String,
    pub desired: i32,
    /// Ids of its deployments.
    pub deployments: Vec<String>,
}

impl Stage {
    /// Both services, blue first.
    ///
    /// # Errors
    /// AWS does not answer, or a service is missing.
    pub async fn services(&self) -> Result<[Service; 2]> {
        Ok([
            self.ecs_service(Environment::Blue).await?,
            self.ecs_service(Environment::Green).await?,
        ])
    }

    /// How many tasks an environment wants.
    ///
    /// # Errors
    /// AWS does not answer, or the service is missing.
    pub async fn desired(&self, environment: Environment) -> Result<i32> {
        Ok(self.ecs_service(environment).await?.desired)
    }

    /// Changes how many tasks an environment runs, and waits until it does.
    ///
    /// # Errors
    /// AWS does not answer, the service is missing, or it does not run so many tasks within 5 minutes.
    pub async fn scale(&self, environment: Environment, tasks: i32) -> Result<()> {
        let (cluster, service) = self.service_names(environment)?;
        let call = self.aws.ecs().update_service().cluster(cluster);
        call.service(service).desired_count(tasks).send().await?;
        let began = Instant::now();
        while self.healthy(environment).await? != usize::try_from(tasks)? {
            ensure!(
                began.elapsed() < SCALE_TIMEOUT,
                "{environment} did not run {tasks} tasks within {SCALE_TIMEOUT:?}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }

    /// Whether the load balancer finds as many targets of both environments healthy as they want tasks.
    ///
    /// # Errors
    /// AWS does not answer, or a service is missing.
    pub async fn all_healthy(&self) -> Result<bool> {
        for environment in Environment::BOTH {
            let wanted = usize::try_from(self.desired(environment).await?)?;
            if self.healthy(environment).await? != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// How many targets of an environment the load balancer finds healthy.
    ///
    /// # Errors
    /// AWS does not answer.
    pub async fn healthy(&self, environment: Environment) -> Result<usize> {
        let groups = self.target_groups()?;
        let call = self.aws.elb().describe_target_health();
        let targets = call
            .target_group_arn(groups.get(environment))
            .send()
            .await?;
        let states = targets.target_health_descriptions().iter();
        let states = states.filter_map(|it| it.target_health()?.state());
        Ok(states
            .filter(|state| **state == TargetHealthStateEnum::Healthy)
            .count())
    }

    async fn ecs_service(&self, environment: Environment) -> Result<Service> {
        let (cluster, service) = self.service_names(environment)?;
        let call = self.aws.ecs().describe_services().cluster(cluster);
        let output = call.services(service).send().await?;
        let service = output.services().first().context("no service")?;
        let deployments = service.deployments().iter();
        let ids = deployments.filter_map(|deployment| deployment.id());
        Ok(Service {
            task_definition: service.task_definition().unwrap_or_default().to_owned(),
            desired: service.desired_count(),
            deployments: ids.map(str::to_owned).collect(),
        })
    }

    /// Names of the environment's cluster and service.
    pub(crate) fn service_names(&self, environment: Environment) -> Result<(&str, &str)> {
        let name = match environment {
            Environment::Blue => "BlueServiceArn",
            Environment::Green => "GreenServiceArn",
        };
        let arn = self.environment.get(name).context("no service")?;
        let names = arn.rsplit_once(":service/");
        let names = names.and_then(|(_, names)| names.split_once('/'));
        names.with_context(|| format!("{arn} names no cluster"))
    }

    /// The rules that are flipped together.
    pub fn rules(&self) -> impl Iterator<Item = &str> {
        let arns = self.environment.get("ListenerRuleArns");
        arns.map_or("", String::as_str).split(',')
    }

    /// The ARNs of both target groups.
    ///
    /// # Errors
    /// An output of the environment is missing.
    pub fn target_groups(&self) -> Result<PerEnvironment<String>> {
        let arn = |name: &str| {
            let arn = self.environment.get(name);
            arn.cloned().with_context(|| format!("no output {name}"))
        };
        Ok(PerEnvironment {
            blue: arn("BlueTargetGroupArn")?,
            green: arn("GreenTargetGroupArn")?,
        })
    }
}
