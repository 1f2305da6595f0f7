//! Hands on the rules, environments short of healthy targets, writes that AWS rejects, processes that live too long.

use super::setting::{NOTHING, Scenario, scenario};
use crate::world::Budget;

pub fn hand() -> Scenario {
    let budget = Budget {
        hands: 1,
        alarms: 1,
        ..NOTHING
    };
    let possible = &["released", "rolled back by an alarm"];
    let name = "a push, an alarm, a hand on the rule";
    scenario(name, "0", budget, possible)
}

pub fn sick_environments() -> Scenario {
    let budget = Budget {
        sickness: 2,
        run_outs: 1,
        losses: 1,
        ..NOTHING
    };
    let possible = &["refused for health", "retries ran out", "released"];
    let name = "two pushes, sick environments, a lost answer, retries that run out";
    scenario(name, "01", budget, possible)
}

pub fn few_targets() -> Scenario {
    let budget = Budget {
        shortages: 2,
        losses: 1,
        aborts: 1,
        ..NOTHING
    };
    let possible = &[
        "waited for targets, then released",
        "gave up on targets",
        "a retry kept its lease",
    ];
    let name = "a push, environments short of targets, a lost answer, an abort";
    scenario(name, "0", budget, possible)
}

pub fn late_try() -> Scenario {
    let budget = Budget {
        shortages: 1,
        losses: 2,
        ..NOTHING
    };
    let possible = &["gave up on targets", "a late flip refused", "released"];
    let name = "a push, two tries at once, an environment short of targets";
    scenario(name, "0", budget, possible).with_overlap()
}

pub fn rejected_write() -> Scenario {
    let budget = Budget {
        refusals: 1,
        alarms: 1,
        ..NOTHING
    };
    let possible = &["released its lease", "released", "rolled back by an alarm"];
    let name = "two rules, a push, a rejected write, an alarm";
    scenario(name, "0", budget, possible).of_two_rules()
}

pub fn outliving() -> Scenario {
    let budget = Budget {
        alarms: 1,
        ..NOTHING
    };
    let possible = &["an overtaken flip repaired"];
    let name = "a push, an alarm, processes that outlive their lease";
    let mut scenario = scenario(name, "0", budget, possible);
    scenario.protocol.outlives = 2;
    scenario
}

pub fn strays() -> Scenario {
    let budget = Budget {
        strays: 1,
        aborts: 1,
        ..NOTHING
    };
    let possible = &[
        "an untested flip refused",
        "a stray smoke test refused",
        "released",
        "taken over",
    ];
    let name = "one build by two tags, a stray task, an abort";
    scenario(name, "0a", budget, possible)
}

pub fn late_smoke() -> Scenario {
    let budget = Budget {
        strays: 1,
        losses: 1,
        ..NOTHING
    };
    let possible = &[
        "a smoke test recorded by two tries",
        "an untested flip refused",
        "released",
    ];
    let name = "a push, a stray task, two tries at once";
    scenario(name, "0", budget, possible).with_overlap()
}
