//! Pushes that compete, with answers that get lost and executions that are aborted.

use super::setting::{NOTHING, Scenario, scenario};
use crate::world::Budget;

pub fn lost_answers() -> Scenario {
    let budget = Budget {
        losses: 1,
        aborts: 1,
        ..NOTHING
    };
    scenario(
        "two pushes, a lost answer, an abort",
        "01",
        budget,
        &[
            "released",
            "taken over",
            "a retry kept its lease",
            "superseded",
        ],
    )
}

pub fn overlapping_tries() -> Scenario {
    let budget = Budget {
        losses: 2,
        ..NOTHING
    };
    let possible = &[
        "rolled back by the verdict",
        "an overtaken flip repaired",
        "retries ran out",
    ];
    scenario("a push, two tries at once", "0", budget, possible).with_overlap()
}

pub fn three_pushes() -> Scenario {
    let possible = &["released", "superseded", "everything ended"];
    scenario("three pushes", "012", NOTHING, possible)
}

pub fn one_push_twice() -> Scenario {
    let budget = Budget {
        aborts: 1,
        ..NOTHING
    };
    let possible = &["a second delivery skipped", "released"];
    let name = "one push twice and a newer one, an abort";
    scenario(name, "001", budget, possible)
}

pub fn one_build_by_two_tags() -> Scenario {
    let budget = Budget {
        alarms: 1,
        ..NOTHING
    };
    let possible = &[
        "a bad build skipped",
        "rolled back by an alarm",
        "rolled back by the verdict",
        "released",
    ];
    let name = "one build by two tags, an alarm";
    scenario(name, "0a", budget, possible)
}

pub fn two_rules() -> Scenario {
    let budget = Budget {
        losses: 1,
        aborts: 1,
        ..NOTHING
    };
    let possible = &["released", "a retry kept its lease", "taken over"];
    let name = "two rules, two pushes, a lost answer, an abort";
    scenario(name, "01", budget, possible).of_two_rules()
}
