//! Releases that are flipped back by alarms, the verdict or an operator, and contract steps that forbid it.

use super::setting::{NOTHING, Scenario, scenario};
use crate::world::Budget;
use shared::Environment;

pub fn late_alarm() -> Scenario {
    let budget = Budget {
        alarms: 1,
        ..NOTHING
    };
    let possible = &["rolled back by an alarm", "superseded", "released"];
    scenario("two pushes, an alarm", "01", budget, possible)
}

pub fn any_alarm() -> Scenario {
    let budget = Budget {
        alarms: 1,
        aborts: 1,
        ..NOTHING
    };
    let possible = &["rolled back by an alarm", "waited for a lease"];
    let name = "a push, an alarm of either environment, an abort";
    let mut scenario = scenario(name, "0", budget, possible);
    scenario.protocol.watched = vec![None, Some(Environment::Green), Some(Environment::Blue)];
    scenario
}

pub fn rollback() -> Scenario {
    let budget = Budget {
        losses: 1,
        ..NOTHING
    };
    let possible = &["rolled back by an operator", "rolled back by the verdict"];
    let name = "a push, an operator, two tries at once";
    scenario(name, "0r", budget, possible).with_overlap()
}

pub fn rollback_of_two() -> Scenario {
    let possible = &["rolled back by an operator", "superseded"];
    scenario("two pushes, an operator", "01r", NOTHING, possible)
}

pub fn contract() -> Scenario {
    let budget = Budget {
        alarms: 1,
        contracts: 1,
        ..NOTHING
    };
    let possible = &[
        "contracted",
        "refused after a contract",
        "rolled back by an alarm",
    ];
    let name = "a push, an operator, an alarm, a contract";
    scenario(name, "0r", budget, possible)
}

pub fn contract_and_next() -> Scenario {
    let budget = Budget {
        losses: 1,
        contracts: 1,
        ..NOTHING
    };
    let possible = &["contracted", "rolled back by the verdict", "released"];
    let name = "two pushes, a lost answer, a contract";
    scenario(name, "01", budget, possible)
}

/// With one rule less it would show nothing else.
pub fn two_rules_and_an_alarm() -> Scenario {
    let budget = Budget {
        losses: 1,
        alarms: 1,
        ..NOTHING
    };
    let possible = &[
        "released",
        "rolled back by an alarm",
        "a second alarm changed nothing",
        "waited for a lease",
    ];
    let name = "two rules, a push, an alarm, a lost answer";
    scenario(name, "0", budget, possible).of_two_rules()
}
