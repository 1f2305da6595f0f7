//! The load balancer: what flip's own code makes of the rules, computed once for every case there is.

use crate::health::ALL;
use crate::process::Answer;
use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use flip::capacity::{Capacity, Need};
use flip::decide::{RuleWrites, rule_writes};
use shared::routing::{LiveRule, Routing};
use shared::{Environment, PerEnvironment};
use std::collections::HashMap;
use std::sync::LazyLock;

type Rules = Vec<Option<Environment>>;
type Writes = HashMap<(Rules, Environment, Need, u8), Decided>;

/// The rules to write, or the answer where traffic does not move.
type Decided = Result<Vec<usize>, Answer>;

/// What flip decided.
static WRITES: LazyLock<Writes> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for rules in cases() {
        for to in Environment::BOTH {
            for need in [Need::All(1), Need::All(ALL.into()), Need::OneOf(ALL.into())] {
                for healthy in 0..=ALL {
                    let decided = decide(&rules, to, need, healthy);
                    table.insert((rules.clone(), to, need, healthy), decided);
                }
            }
        }
    }
    table
});

static ACTIVE: LazyLock<HashMap<Rules, Option<Environment>>> = LazyLock::new(|| {
    let active = |rules: &Rules| routing(rules.len()).active_environment(&live(rules)).ok();
    cases()
        .into_iter()
        .map(|rules| (rules.clone(), active(&rules)))
        .collect()
});

/// What `flip::decide::rule_writes` says.
pub fn writes(rules: &Rules, to: Environment, need: Need, healthy: u8) -> Decided {
    WRITES[&(rules.clone(), to, need, healthy)].clone()
}

/// What `Routing::active_environment` says.
pub fn active(rules: &Rules) -> Option<Environment> {
    ACTIVE[rules]
}

/// One rule and two rules, each on a known environment or anywhere else.
fn cases() -> Vec<Rules> {
    let places = [Some(Environment::Blue), Some(Environment::Green), None];
    let one = places.iter().map(|place| vec![*place]);
    let two = places
        .iter()
        .flat_map(|a| places.iter().map(|b| vec![*a, *b]));
    one.chain(two).collect()
}

fn decide(rules: &Rules, to: Environment, need: Need, healthy: u8) -> Decided {
    let routing = routing(rules.len());
    let state = |at| if at < healthy { "healthy" } else { "unhealthy" };
    let targets = (0..ALL).map(|at| fixtures::target_health("10.0.0.1", state(at)));
    let capacity = Capacity::of(&targets.collect::<Vec<_>>(), need);
    match rule_writes(&live(rules), &routing, to, need, &capacity) {
        RuleWrites::NotReady(_) => Err(Answer::NotReady),
        RuleWrites::Refused(_) => Err(Answer::Refused),
        RuleWrites::Needed(writes) => {
            for rule in &writes {
                let written = routing.environment_of(rule);
                assert_eq!(written, Ok(to), "it writes what it says");
            }
            let arns = &routing.rule_arns;
            let place = |rule: &LiveRule| arns.iter().position(|arn| *arn == rule.arn);
            Ok(writes.iter().filter_map(place).collect())
        }
    }
}

fn routing(rules: usize) -> Routing {
    Routing {
        rule_arns: (0..rules).map(|index| format!("rule-{index}")).collect(),
        target_groups: PerEnvironment {
            blue: "tg-blue".to_owned(),
            green: "tg-green".to_owned(),
        },
    }
}

fn live(rules: &Rules) -> Vec<LiveRule> {
    let rule = |(index, place): (usize, &Option<Environment>)| {
        let group = place.map_or("tg-else", |environment| match environment {
            Environment::Blue => "tg-blue",
            Environment::Green => "tg-green",
        });
        let action = Action::builder()
            .r#type(ActionTypeEnum::Forward)
            .target_group_arn(group);
        LiveRule {
            arn: format!("rule-{index}"),
            actions: vec![action.build()],
        }
    };
    rules.iter().enumerate().map(rule).collect()
}
