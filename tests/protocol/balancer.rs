//! The load balancer: what flip's own code makes of the rules, computed once for every case there is.

use aws_sdk_elasticloadbalancingv2::types::{Action, ActionTypeEnum};
use flip::decide::{Movement, movement};
use shared::routing::{LiveRule, Routing};
use shared::targets::{Target, TargetHealth};
use shared::{Environment, PerEnvironment};
use std::collections::HashMap;
use std::sync::LazyLock;

type Rules = Vec<Option<Environment>>;
type Movements = HashMap<(Rules, Environment, bool), Option<Vec<usize>>>;

/// What flip decided: the rules to write, or none where traffic must not move.
static MOVEMENTS: LazyLock<Movements> = LazyLock::new(|| {
    let mut table = HashMap::new();
    for rules in cases() {
        for to in Environment::BOTH {
            for healthy in [false, true] {
                table.insert((rules.clone(), to, healthy), decide(&rules, to, healthy));
            }
        }
    }
    table
});

static ACTIVE: LazyLock<HashMap<Rules, Option<Environment>>> = LazyLock::new(|| {
    let active = |rules: &Rules| routing(rules.len()).active(&live(rules)).ok();
    cases()
        .into_iter()
        .map(|rules| (rules.clone(), active(&rules)))
        .collect()
});

/// What `flip::decide::movement` says: the rules to change, or none where it refuses.
pub fn change(rules: &Rules, to: Environment, healthy: bool) -> Option<Vec<usize>> {
    MOVEMENTS[&(rules.clone(), to, healthy)].clone()
}

/// What `Routing::active` says.
pub fn active(rules: &Rules) -> Option<Environment> {
    ACTIVE[rules]
}

/// One rule and two rules, each on a known side or anywhere else.
fn cases() -> Vec<Rules> {
    let places = [Some(Environment::Blue), Some(Environment::Green), None];
    let one = places.iter().map(|place| vec![*place]);
    let two = places
        .iter()
        .flat_map(|a| places.iter().map(|b| vec![*a, *b]));
    one.chain(two).collect()
}

fn decide(rules: &Rules, to: Environment, healthy: bool) -> Option<Vec<usize>> {
    let routing = routing(rules.len());
    match movement(&live(rules), &routing, to, &targets(healthy)) {
        Movement::Refuse(_) => None,
        Movement::Change(changed) => {
            for rule in &changed {
                assert_eq!(routing.target_of(rule), Ok(to), "it writes what it says");
            }
            let place = |rule: &LiveRule| routing.rules.iter().position(|arn| *arn == rule.arn);
            Some(changed.iter().filter_map(place).collect())
        }
    }
}

fn routing(rules: usize) -> Routing {
    Routing {
        rules: (0..rules).map(|index| format!("rule-{index}")).collect(),
        target_groups: PerEnvironment {
            blue: "tg-blue".to_owned(),
            green: "tg-green".to_owned(),
        },
    }
}

fn live(rules: &Rules) -> Vec<LiveRule> {
    let rule = |(index, place): (usize, &Option<Environment>)| {
        let group = place.map_or("tg-else", |side| match side {
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

fn targets(healthy: bool) -> Vec<TargetHealth> {
    let state = if healthy { "healthy" } else { "unhealthy" };
    vec![TargetHealth {
        target: Target {
            id: "10.0.0.1".to_owned(),
            port: 80,
        },
        state: state.to_owned(),
        reason: String::new(),
    }]
}
