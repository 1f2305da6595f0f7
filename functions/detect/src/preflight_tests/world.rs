//! The world of the preflight's tests, and what is changed in it.

use super::healthy::{
    BEFORE, LIVE, NEW, ROLE, before_flip, day, facts, plan, release, repository, snapshot,
};
use super::routes::PREVIEW_LISTENERS;
use crate::look::{
    Attributes, EnvironmentObservation, Fact, Facts, ImagePolicy, ListenerRule, PushTimes, Snapshot,
};
use crate::preflight::{Evidence, Finding, PreflightPolicy, preflight};
use aws_sdk_ecs::types::{
    ContainerDefinition, DeploymentConfiguration, KeyValuePair, LoadBalancer, LogConfiguration,
    LogDriver, Service, TaskDefinition,
};
use aws_sdk_elasticloadbalancingv2::types::{Action, TargetGroup};
use migrations::Report;
use record::{Contract, Expand, Record, Release, Time};
use shared::alarms::OnAlarmBeforeFlip;
use shared::routing::{LiveRule, Routing};
use shared::{Digest, PerEnvironment, ReleasePlan, Share, Step};

/// Everything that a preflight reads.
pub struct World {
    pub snapshot: Snapshot,
    pub routing: Routing,
    pub push_times: Fact<PushTimes>,
    pub record: Record,
    pub facts: Facts,
    pub policy: PreflightPolicy,
    pub images: ImagePolicy,
    /// When the execution started.
    pub since: Time,
    pub plan: ReleasePlan,
    pub short_steps: Option<String>,
    pub sql: Report,
}

impl World {
    pub fn healthy() -> World {
        let days = [(BEFORE, 1), (LIVE, 10), (NEW, 20)];
        let push_times = days.map(|(digest, pushed)| (Digest::from(digest), Some(day(pushed))));
        World {
            snapshot: snapshot(),
            routing: Routing {
                rule_arns: vec!["arn:rule".to_owned()],
                target_groups: PerEnvironment {
                    blue: "tg-blue".to_owned(),
                    green: "tg-green".to_owned(),
                },
            },
            push_times: Ok(push_times.into()),
            record: Record {
                version: 7,
                release: Some(release()),
                ..Record::default()
            },
            facts: facts(),
            policy: PreflightPolicy {
                refuse_on_warnings: Vec::new(),
                passable_roles: vec![ROLE.to_owned()],
                preview_rules: PREVIEW_LISTENERS.map(str::to_owned).to_vec(),
                idle_rules: Vec::new(),
                base_urls: PerEnvironment::default(),
            },
            images: ImagePolicy::default(),
            since: day(21),
            plan: plan(),
            short_steps: None,
            sql: Report::default(),
        }
    }

    pub fn findings(&self) -> Vec<Finding> {
        self.with_evidence(|it| preflight(it, &self.facts, &self.policy, &self.plan))
    }

    /// What `ask` says of all that the checks may read.
    pub fn with_evidence<T>(&self, ask: impl Fn(&Evidence<'_>) -> T) -> T {
        let evidence = Evidence {
            snapshot: &self.snapshot,
            routing: &self.routing,
            container: "api",
            repository: &repository(),
            images: &self.images,
            push_times: &self.push_times,
            record: &self.record,
            sql: &self.sql,
            short_steps: self.short_steps.as_deref(),
            since: self.since,
            now: day(21),
        };
        ask(&evidence)
    }

    pub fn blue(&mut self) -> &mut EnvironmentObservation {
        &mut self.snapshot.environments.blue
    }

    pub fn green(&mut self) -> &mut EnvironmentObservation {
        &mut self.snapshot.environments.green
    }

    /// Green's.
    pub fn group(&mut self) -> &mut TargetGroup {
        self.green().group.as_mut().expect("a group")
    }

    /// Green's.
    pub fn service(&mut self) -> &mut Service {
        self.green().service.as_mut().expect("a service")
    }

    /// Where green's service registers its tasks.
    pub fn balancers(&mut self) -> &mut Vec<LoadBalancer> {
        self.service().load_balancers.get_or_insert_default()
    }

    /// How green's service is deployed.
    pub fn deployment(&mut self) -> &mut DeploymentConfiguration {
        let deployment = &mut self.service().deployment_configuration;
        deployment.as_mut().expect("a configuration")
    }

    pub fn attributes(&mut self) -> &mut Attributes {
        self.facts.attributes.green.as_mut().expect("attributes")
    }

    pub fn wanted(&mut self) -> &mut TaskDefinition {
        let wanted = self.facts.wanted.as_mut();
        &mut wanted.expect("a task definition").definition
    }

    pub fn push_times(&mut self) -> &mut PushTimes {
        self.push_times.as_mut().expect("times")
    }

    pub fn release(&mut self) -> &mut Release {
        self.record.release.as_mut().expect("a release")
    }

    /// What the wanted revision's containers are.
    pub fn containers(&mut self) -> &mut Vec<ContainerDefinition> {
        self.wanted().container_definitions.get_or_insert_default()
    }

    /// Puts a container with this image beside the released one.
    pub fn add_container(&mut self, name: &str, image: &str) {
        let container = ContainerDefinition::builder().name(name).image(image);
        self.containers().push(container.build());
    }

    /// The team has registered the revision itself, with its image by digest.
    pub fn own_revision(&mut self) {
        self.plan.task_definition = Some("shop:3".to_owned());
        self.containers()[0].image = Some("host/shop@sha256:new".to_owned());
    }

    pub fn listener_rules(&mut self) -> &mut Vec<ListenerRule> {
        self.facts.listener_rules.as_mut().expect("rules")
    }

    /// Takes every rule off its listener that stands there under one of these ARNs.
    pub fn remove_rules(&mut self, arns: &[&str]) {
        let is_removed = |it: &ListenerRule| arns.iter().any(|arn| it.has_arn(arn));
        self.listener_rules().retain(|it| !is_removed(it));
    }

    pub fn add_rule(&mut self, rule: ListenerRule) {
        self.listener_rules().push(rule);
    }

    /// Lets a flip change this rule as well, which does this now.
    pub fn list(&mut self, arn: &str, action: Action) {
        self.routing.rule_arns.push(arn.to_owned());
        self.snapshot.rules.push(LiveRule {
            arn: arn.to_owned(),
            actions: vec![action],
        });
    }

    /// Lets a rule follow each flip to the idle environment.
    pub fn follow(&mut self, rule: ListenerRule) {
        self.policy.idle_rules.push(rule.rule.arn.clone());
        self.add_rule(rule);
    }

    /// What the listed rule does, as both reads of it show.
    pub fn set_rule(&mut self, action: Action) {
        self.snapshot.rules[0].actions = vec![action.clone()];
        let mut rules = self.listener_rules().iter_mut();
        let rule = rules.find(|it| it.has_arn("arn:rule")).expect("the rule");
        rule.rule.actions = vec![action];
    }

    /// Lets the release begin with a part of the traffic.
    pub fn split(&mut self) {
        self.plan.steps = [10, 100]
            .into_iter()
            .filter_map(|percent| {
                let share = Share::new(percent)?;
                Some(Step {
                    share,
                    seconds: 300,
                })
            })
            .collect();
    }

    /// Gives the wanted revision's container a variable.
    pub fn set_variable(&mut self, name: &str, value: &str) {
        let container = &mut self.containers()[0];
        let variable = KeyValuePair::builder().name(name).value(value).build();
        container.environment.get_or_insert_default().push(variable);
    }

    /// Lets the wanted revision's container write its logs with this option.
    pub fn set_log_option(&mut self, name: &str, value: &str) {
        let logs = &mut self.containers()[0].log_configuration;
        let logs = logs.get_or_insert_with(|| {
            let logs = LogConfiguration::builder().log_driver(LogDriver::Awslogs);
            logs.build().expect("complete")
        });
        let options = logs.options.get_or_insert_default();
        options.insert(name.to_owned(), value.to_owned());
    }

    pub fn alarm(&mut self, name: &str, on_alarm_before_flip: OnAlarmBeforeFlip) {
        self.facts.alarms = Ok(before_flip(on_alarm_before_flip, &[(name, "ALARM")]));
    }

    /// A contract step that belongs to a release whose image was pushed on this day.
    pub fn contracted(&mut self, digest: &str, pushed: u32) {
        let expand = Expand {
            release: "r0".into(),
            digest: digest.into(),
            pushed_at: day(pushed),
            stable_releases: 2,
            proven: true,
        };
        self.record.contract = Some(Contract::requested(
            &"c1".into(),
            &"arn:c1".into(),
            day(20),
            expand,
        ));
    }
}
