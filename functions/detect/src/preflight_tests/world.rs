//! The world of the preflight's tests, and what is changed in it.

use super::healthy::{BEFORE, LIVE, NEW, ROLE, before_flip, day, facts, plan, release, snapshot};
use crate::look::{Attributes, Fact, Facts, PushTimes, Snapshot};
use crate::preflight::{Evidence, Finding, PreflightPolicy, preflight};
use aws_sdk_ecs::types::{KeyValuePair, Service, TaskDefinition};
use aws_sdk_elasticloadbalancingv2::types::{
    Action, ActionTypeEnum, ForwardActionConfig, TargetGroup, TargetGroupStickinessConfig,
    TargetGroupTuple,
};
use record::{Contract, Expand, Record, Release};
use shared::alarms::OnAlarmBeforeFlip;
use shared::{Digest, ReleasePlan};

/// Everything that a preflight reads.
pub struct World {
    pub snapshot: Snapshot,
    pub push_times: Fact<PushTimes>,
    pub record: Record,
    pub facts: Facts,
    pub policy: PreflightPolicy,
    pub plan: ReleasePlan,
}

impl World {
    pub fn healthy() -> World {
        let days = [(BEFORE, 1), (LIVE, 10), (NEW, 20)];
        let push_times = days.map(|(digest, pushed)| (Digest::from(digest), Some(day(pushed))));
        World {
            snapshot: snapshot(),
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
            },
            plan: plan(),
        }
    }

    pub fn findings(&self) -> Vec<Finding> {
        let evidence = Evidence {
            snapshot: &self.snapshot,
            push_times: &self.push_times,
            record: &self.record,
            now: day(21),
        };
        preflight(&evidence, &self.facts, &self.policy, &self.plan)
    }

    pub fn group(&mut self) -> &mut TargetGroup {
        self.snapshot
            .environments
            .green
            .group
            .as_mut()
            .expect("a group")
    }

    pub fn service(&mut self) -> &mut Service {
        self.snapshot
            .environments
            .green
            .service
            .as_mut()
            .expect("a service")
    }

    pub fn attributes(&mut self) -> &mut Attributes {
        self.facts.attributes.green.as_mut().expect("attributes")
    }

    pub fn wanted(&mut self) -> &mut TaskDefinition {
        self.facts.wanted.as_mut().expect("a task definition")
    }

    pub fn push_times(&mut self) -> &mut PushTimes {
        self.push_times.as_mut().expect("times")
    }

    pub fn release(&mut self) -> &mut Release {
        self.record.release.as_mut().expect("a release")
    }

    /// Gives the wanted revision's container a variable.
    pub fn set_variable(&mut self, name: &str, value: &str) {
        let containers = &mut self.wanted().container_definitions;
        let container = &mut containers.as_mut().expect("containers")[0];
        let variable = KeyValuePair::builder().name(name).value(value).build();
        container.environment.get_or_insert_default().push(variable);
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

/// What a rule does whose target group stickiness is on or off.
pub fn forwarding(sticky: bool) -> Action {
    let sticky = TargetGroupStickinessConfig::builder().enabled(sticky);
    let group = |arn: &str| TargetGroupTuple::builder().target_group_arn(arn).build();
    let forward = ForwardActionConfig::builder()
        .target_groups(group("tg-blue"))
        .target_groups(group("tg-green"))
        .target_group_stickiness_config(sticky.build());
    Action::builder()
        .r#type(ActionTypeEnum::Forward)
        .forward_config(forward.build())
        .build()
}
