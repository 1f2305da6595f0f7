//! What is true on a stage at one moment: where the rules send traffic, and what the record says.
//!
//! It reads the rules without the functions' own code, because it is to judge them.

use crate::rules::is_listener;
use crate::stage::Stage;
use anyhow::Result;
use aws_sdk_elasticloadbalancingv2::types::{Action, Rule};
use record::{Record, Release, Store};
use shared::{Environment, PerEnvironment, Traffic};

/// The rules and the record.
#[derive(Clone, Debug)]
pub struct State {
    /// The environment that all rules forward to, or what stands in the way.
    pub active: Result<Environment, String>,
    /// Per cent of the traffic that every rule gives green; none where the rules differ, or give somebody else any.
    pub to_green: Option<i32>,
    /// Of the rules and of the listeners that are flipped together.
    pub actions: Vec<Vec<Action>>,
    /// The rules among them.
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
        let arns = stage.rules().filter(|arn| !is_listener(arn));
        let arns = arns.map(str::to_owned).collect();
        let output = call.set_rule_arns(Some(arns)).send().await?;
        let (actions, groups) = (stage.actions().await?, stage.target_groups()?);
        Ok(State {
            active: active(&actions, &groups),
            to_green: to_green(&actions, &groups),
            actions,
            rules: output.rules.unwrap_or_default(),
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

    /// Whether every rule sends traffic where the record says, during a release too (I1).
    pub fn agrees(&self) -> bool {
        let Some(release) = &self.record.release else {
            return true;
        };
        let Traffic { to, share } = release.expected_traffic();
        let share = i32::from(share.percent());
        self.to_green
            == Some(match to {
                Environment::Blue => 100 - share,
                Environment::Green => share,
            })
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

fn active(actions: &[Vec<Action>], groups: &PerEnvironment<String>) -> Result<Environment, String> {
    let targets: Vec<&str> = actions.iter().flatten().flat_map(receiving).collect();
    let of_all = |group: &String| !targets.is_empty() && targets == vec![group; actions.len()];
    let environment = groups.find(of_all);
    environment.ok_or_else(|| format!("the rules forward to {targets:?}"))
}

fn to_green(actions: &[Vec<Action>], groups: &PerEnvironment<String>) -> Option<i32> {
    let of_rule = |actions: &Vec<Action>| {
        let configs = actions.iter().filter_map(Action::forward_config);
        let tuples: Vec<_> = configs.flat_map(|config| config.target_groups()).collect();
        let weight = |group: Option<&str>| -> i32 {
            let tuples = tuples.iter();
            let of_group =
                tuples.filter(|it| group.is_none_or(|arn| it.target_group_arn() == Some(arn)));
            of_group.filter_map(|it| it.weight()).sum()
        };
        let (all, blue) = (weight(None), weight(Some(&groups.blue)));
        let green = weight(Some(&groups.green));
        (100 * green)
            .checked_div(all)
            .filter(|_| all == blue + green)
    };
    let mut found = actions.iter().map(of_rule);
    let first = found.next()??;
    found.all(|it| it == Some(first)).then_some(first)
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
