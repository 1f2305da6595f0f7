//! The settings that are explored. All misfortunes at once would be too many states, so each setting has some of
//! them; what must be possible in it is named, or it would prove nothing.

use crate::model::Protocol;
use crate::setting::{Scenario, protocol};
use crate::world::Budget;
use shared::Environment;

/// Every setting.
pub fn all() -> Vec<Scenario> {
    vec![
        lost_answers(),
        overlapping_tries(),
        alarms_and_lost_answers(),
        late_alarm(),
        any_alarm(),
        rollback(),
        rollback_of_two(),
        contract(),
        contract_and_next(),
        three_pushes(),
        one_push_twice(),
        hand(),
        sick_sides(),
        two_rules(),
        two_rules_and_an_alarm(),
        turned_away(),
        outliving(),
    ]
}

pub fn lost_answers() -> Scenario {
    let budget = Budget {
        losses: 1,
        aborts: 1,
        ..Budget::default()
    };
    Scenario {
        name: "two pushes, a lost answer, an abort",
        protocol: protocol("01", budget),
        possible: &[
            "released",
            "taken over",
            "a retry kept its lease",
            "superseded",
        ],
    }
}

pub fn overlapping_tries() -> Scenario {
    let budget = Budget {
        losses: 2,
        ..Budget::default()
    };
    Scenario {
        name: "a push, two tries at once",
        protocol: Protocol {
            overlap: true,
            ..protocol("0", budget)
        },
        possible: &[
            "rolled back by the verdict",
            "an overtaken flip repaired",
            "retries ran out",
        ],
    }
}

pub fn alarms_and_lost_answers() -> Scenario {
    let budget = Budget {
        losses: 1,
        alarms: 1,
        ..Budget::default()
    };
    Scenario {
        name: "a push, an alarm, a lost answer",
        protocol: protocol("0", budget),
        possible: &[
            "rolled back by an alarm",
            "a second alarm found it done",
            "waited for a writer",
        ],
    }
}

pub fn late_alarm() -> Scenario {
    let budget = Budget {
        alarms: 1,
        ..Budget::default()
    };
    Scenario {
        name: "two pushes, an alarm",
        protocol: protocol("01", budget),
        possible: &["rolled back by an alarm", "superseded", "released"],
    }
}

pub fn any_alarm() -> Scenario {
    let budget = Budget {
        alarms: 1,
        aborts: 1,
        ..Budget::default()
    };
    let watched = vec![None, Some(Environment::Green), Some(Environment::Blue)];
    Scenario {
        name: "a push, an alarm of either side, an abort",
        protocol: Protocol {
            watched,
            ..protocol("0", budget)
        },
        possible: &["rolled back by an alarm", "waited for a writer"],
    }
}

pub fn contract() -> Scenario {
    let budget = Budget {
        alarms: 1,
        contracts: 1,
        ..Budget::default()
    };
    Scenario {
        name: "a push, an operator, an alarm, a contract",
        protocol: protocol("0r", budget),
        possible: &[
            "contracted",
            "refused after a contract",
            "rolled back by an alarm",
        ],
    }
}

pub fn contract_and_next() -> Scenario {
    let budget = Budget {
        losses: 1,
        contracts: 1,
        ..Budget::default()
    };
    Scenario {
        name: "two pushes, a lost answer, a contract",
        protocol: protocol("01", budget),
        possible: &["contracted", "rolled back by the verdict", "released"],
    }
}

pub fn rollback() -> Scenario {
    let budget = Budget {
        losses: 1,
        ..Budget::default()
    };
    Scenario {
        name: "a push, an operator, two tries at once",
        protocol: Protocol {
            overlap: true,
            ..protocol("0r", budget)
        },
        possible: &["rolled back by an operator", "rolled back by the verdict"],
    }
}

pub fn rollback_of_two() -> Scenario {
    Scenario {
        name: "two pushes, an operator",
        protocol: protocol("01r", Budget::default()),
        possible: &["rolled back by an operator", "superseded"],
    }
}

pub fn three_pushes() -> Scenario {
    Scenario {
        name: "three pushes",
        protocol: protocol("012", Budget::default()),
        possible: &["released", "superseded", "everything ended"],
    }
}

pub fn one_push_twice() -> Scenario {
    let budget = Budget {
        aborts: 1,
        ..Budget::default()
    };
    Scenario {
        name: "one push twice and a newer one, an abort",
        protocol: protocol("001", budget),
        possible: &["a second delivery skipped", "released"],
    }
}

pub fn hand() -> Scenario {
    let budget = Budget {
        hands: 1,
        alarms: 1,
        ..Budget::default()
    };
    Scenario {
        name: "a push, an alarm, a hand on the rule",
        protocol: protocol("0", budget),
        possible: &["released", "rolled back by an alarm"],
    }
}

pub fn sick_sides() -> Scenario {
    let budget = Budget {
        sickness: 2,
        give_ups: 1,
        losses: 1,
        ..Budget::default()
    };
    Scenario {
        name: "two pushes, sick sides, a lost answer, retries that run out",
        protocol: protocol("01", budget),
        possible: &["refused for health", "retries ran out", "released"],
    }
}

pub fn two_rules() -> Scenario {
    let budget = Budget {
        losses: 1,
        aborts: 1,
        ..Budget::default()
    };
    Scenario {
        name: "two rules, two pushes, a lost answer, an abort",
        protocol: Protocol {
            rules: 2,
            ..protocol("01", budget)
        },
        possible: &["released", "a retry kept its lease", "taken over"],
    }
}

pub fn two_rules_and_an_alarm() -> Scenario {
    let budget = Budget {
        losses: 1,
        alarms: 1,
        ..Budget::default()
    };
    Scenario {
        name: "two rules, a push, an alarm, a lost answer",
        protocol: Protocol {
            rules: 2,
            ..protocol("0", budget)
        },
        possible: &["released", "rolled back by an alarm"],
    }
}

pub fn turned_away() -> Scenario {
    let budget = Budget {
        refusals: 1,
        alarms: 1,
        ..Budget::default()
    };
    Scenario {
        name: "two rules, a push, a write that is turned away, an alarm",
        protocol: Protocol {
            rules: 2,
            ..protocol("0", budget)
        },
        possible: &["gave its lease back", "released", "rolled back by an alarm"],
    }
}

pub fn outliving() -> Scenario {
    let budget = Budget {
        alarms: 1,
        ..Budget::default()
    };
    Scenario {
        name: "a push, an alarm, processes that outlive their lease",
        protocol: Protocol {
            outlives: 2,
            ..protocol("0", budget)
        },
        possible: &["an overtaken flip repaired"],
    }
}
