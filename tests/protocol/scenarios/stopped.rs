//! Executions that are aborted, and what becomes of their releases.

use super::setting::{NOTHING, Scenario, scenario};
use crate::world::Budget;
use shared::WhenStopped;

pub fn stopped() -> Scenario {
    let budget = Budget {
        aborts: 1,
        ..NOTHING
    };
    let possible = &[
        "rolled back after a stop",
        "a stopped release closed",
        "a stopped release ended by the next request",
        "rolled back from a split",
        "released",
    ];
    let name = "two pushes in shares, a stop";
    scenario(name, "01", budget, possible)
        .in_steps(&[10])
        .when_stopped(WhenStopped::FlipBack)
}

pub fn stopped_and_lost() -> Scenario {
    let budget = Budget {
        aborts: 1,
        losses: 1,
        ..NOTHING
    };
    let possible = &["rolled back after a stop", "a stopped release closed"];
    let name = "a push, a stop that is reported twice, a lost answer";
    scenario(name, "0", budget, possible)
        .with_overlap()
        .when_stopped(WhenStopped::FlipBack)
}

pub fn stopped_and_refused() -> Scenario {
    let budget = Budget {
        aborts: 1,
        sickness: 1,
        contracts: 1,
        hands: 1,
        ..NOTHING
    };
    let possible = &[
        "a stopped release not flipped back",
        "a stopped release closed",
        "refused for health",
        "rolled back after a stop",
    ];
    let name = "a push in shares, a stop, a sick environment, a contract, a hand on the rule";
    scenario(name, "0", budget, possible)
        .in_steps(&[10])
        .when_stopped(WhenStopped::FlipBack)
}

pub fn stopped_while_deploying() -> Scenario {
    let budget = Budget {
        aborts: 1,
        ..NOTHING
    };
    let possible = &[
        "taken over",
        "a stopped release closed",
        "what a stopped release left arrived",
        "released",
    ];
    let name = "two pushes, a stop that leaves a deployment at work";
    let mut scenario = scenario(name, "01", budget, possible).when_stopped(WhenStopped::FlipBack);
    scenario.protocol.leaves_work = true;
    scenario
}

pub fn stopped_and_left() -> Scenario {
    let budget = Budget {
        aborts: 1,
        ..NOTHING
    };
    let possible = &[
        "a stopped release closed",
        "rolled back by an operator",
        "rolled back from a split",
    ];
    let name = "a push in shares, an operator, a stop that leaves traffic where it is";
    scenario(name, "0r", budget, possible)
        .in_steps(&[10])
        .when_stopped(WhenStopped::Leave)
}
