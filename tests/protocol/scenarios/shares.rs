//! Releases that take their traffic in shares, with lost answers, alarms, strays and hands on the rules.

use super::setting::{NOTHING, Scenario, scenario};
use crate::world::Budget;

pub fn shares() -> Scenario {
    let budget = Budget {
        alarms: 1,
        ..NOTHING
    };
    let possible = &[
        "released",
        "grew after a healthy watch",
        "rolled back from a split",
        "rolled back by an alarm",
    ];
    let name = "a push in shares, an alarm";
    scenario(name, "0", budget, possible).in_steps(&[10])
}

pub fn shares_of_two_rules() -> Scenario {
    let budget = Budget {
        losses: 1,
        ..NOTHING
    };
    let possible = &["released", "rolled back from a split"];
    let name = "two rules, a push in shares, a lost answer";
    scenario(name, "0", budget, possible)
        .of_two_rules()
        .in_steps(&[10])
}

pub fn overlapping_shares() -> Scenario {
    let budget = Budget {
        losses: 2,
        ..NOTHING
    };
    let possible = &["released", "a retry kept its lease", "waited for a lease"];
    let name = "a push in shares, two tries at once";
    scenario(name, "0", budget, possible)
        .with_overlap()
        .in_steps(&[10])
}

pub fn late_share() -> Scenario {
    let budget = Budget {
        shortages: 1,
        losses: 1,
        ..NOTHING
    };
    let possible = &[
        "waited for targets, then released",
        "a retry kept its lease",
    ];
    let name = "a push in shares, two tries at once, an environment short of targets";
    scenario(name, "0", budget, possible)
        .with_overlap()
        .in_steps(&[10])
}

pub fn stray_shares() -> Scenario {
    let budget = Budget {
        strays: 2,
        ..NOTHING
    };
    let possible = &[
        "a larger share refused",
        "a stray step refused",
        "an untested flip refused",
        "released",
    ];
    let name = "a push in three shares, two stray tasks";
    scenario(name, "0", budget, possible).in_steps(&[10, 50])
}

pub fn shares_of_two() -> Scenario {
    let budget = Budget {
        strays: 1,
        ..NOTHING
    };
    let possible = &["a stray step refused", "released", "superseded"];
    let name = "two pushes in shares, a stray task";
    scenario(name, "01", budget, possible).in_steps(&[10])
}

pub fn hand_on_shares() -> Scenario {
    let budget = Budget {
        hands: 1,
        ..NOTHING
    };
    let possible = &["released", "rolled back by the verdict"];
    let name = "a push in shares, a hand on the rule";
    scenario(name, "0", budget, possible).in_steps(&[10])
}

pub fn shares_and_few_targets() -> Scenario {
    let budget = Budget {
        shortages: 2,
        losses: 1,
        ..NOTHING
    };
    let possible = &[
        "waited for targets, then released",
        "gave up on targets",
        "grew after a healthy watch",
    ];
    let name = "a push in shares, environments short of targets, a lost answer";
    scenario(name, "0", budget, possible).in_steps(&[10])
}

pub fn rollback_of_shares() -> Scenario {
    let budget = Budget {
        aborts: 1,
        ..NOTHING
    };
    let possible = &["rolled back by an operator", "rolled back from a split"];
    let name = "a push in shares, an operator, an abort";
    scenario(name, "0r", budget, possible).in_steps(&[10])
}
