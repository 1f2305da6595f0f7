//! Decisions of people: gates, holds, the early end of a watch, freezes and stops.

use super::setting::{NOTHING, Scenario, scenario};
use crate::policy::Policy;
use crate::word::Speech;
use crate::world::Budget;
use record::{ApprovalBefore, WhenNewerPushed, WhenNotApproved};
use shared::WhenStopped;

const EVERYWHERE: &[ApprovalBefore] = &[ApprovalBefore::EachStep, ApprovalBefore::Finish];

/// So many words, and so many answers of detect that get lost.
fn words(words: u8, losses: u8) -> Budget {
    Budget {
        words,
        losses,
        ..NOTHING
    }
}

pub fn gates() -> Scenario {
    let policy = Policy {
        before: EVERYWHERE,
        speeches: &[Speech::Approve, Speech::Reject],
        ..Policy::NOBODY
    };
    let possible = &[
        "approved",
        "rejected",
        "not approved in time",
        "a word refused",
        "bad at a gate",
    ];
    let name = "a push in shares, a gate before each step, two words";
    scenario(name, "0", words(2, 0), possible)
        .in_steps(&[10])
        .decided_by(policy)
}

pub fn silent_gates() -> Scenario {
    let policy = Policy {
        before: EVERYWHERE,
        when_not_approved: WhenNotApproved::Approve,
        speeches: &[Speech::Approve],
        ..Policy::NOBODY
    };
    let possible = &[
        "approved by time",
        "a word that was taken before",
        "released",
    ];
    let name = "a push in shares, gates that count as approved, a word, a lost answer";
    scenario(name, "0", words(1, 1), possible)
        .in_steps(&[10])
        .decided_by(policy)
}

pub fn replace() -> Scenario {
    let policy = Policy {
        before: &[ApprovalBefore::Flip],
        when_newer_pushed: WhenNewerPushed::Replace,
        speeches: &[Speech::Approve],
        ..Policy::NOBODY
    };
    let possible = &[
        "replaced at its gate",
        "approved",
        "a word refused",
        "released",
    ];
    let name = "two pushes, a gate at which the newer one replaces, a word";
    scenario(name, "01", words(1, 0), possible).decided_by(policy)
}

pub fn deaf_at_gates() -> Scenario {
    let policy = Policy {
        before: EVERYWHERE,
        is_deaf: true,
        ..Policy::NOBODY
    };
    let name = "a push in shares, gates that nobody asks for";
    scenario(name, "0", NOTHING, &["everything ended"])
        .in_steps(&[10])
        .decided_by(policy)
}

pub fn deaf_at_end() -> Scenario {
    let policy = Policy {
        before: &[ApprovalBefore::Finish],
        speeches: &[Speech::Hold],
        is_deaf: true,
        ..Policy::NOBODY
    };
    let name = "a push in shares, a gate and words that nobody asks for";
    scenario(name, "0", words(1, 0), &["a flip held"])
        .in_steps(&[10])
        .decided_by(policy)
}

pub fn holds() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Hold, Speech::Resume],
        ..Policy::NOBODY
    };
    let possible = &["a flip held", "resumed, then released", "bad while held"];
    let name = "a push in shares, a hold, a resume";
    scenario(name, "0", words(2, 0), possible)
        .in_steps(&[10])
        .decided_by(policy)
}

pub fn holds_again() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Hold, Speech::Resume],
        ticks: 3,
        ..Policy::NOBODY
    };
    let possible = &["a word that was taken before", "a word refused"];
    let name = "a push, a hold, a resume, a lost answer";
    scenario(name, "0", words(2, 1), possible).decided_by(policy)
}

pub fn overlapping_holds() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Hold],
        ticks: 1,
        ..Policy::NOBODY
    };
    let possible = &["a flip held", "released"];
    let name = "a push, a short hold, two tries at once";
    scenario(name, "0", words(1, 1), possible)
        .with_overlap()
        .decided_by(policy)
}

pub fn finish() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Finish],
        ..Policy::NOBODY
    };
    let possible = &["finished by a person", "a word refused", "released"];
    let name = "a push in three shares, the early end of a watch, a lost answer";
    scenario(name, "0", words(1, 1), possible)
        .in_steps(&[10, 50])
        .decided_by(policy)
}

pub fn freeze() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Freeze, Speech::Unfreeze],
        ..Policy::NOBODY
    };
    let possible = &[
        "held back",
        "a freeze overridden",
        "rolled back while frozen",
        "released",
    ];
    let name = "a push, an override, freezes";
    scenario(name, "0o", words(2, 0), possible).decided_by(policy)
}

pub fn freeze_and_others() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Freeze],
        ..Policy::NOBODY
    };
    let budget = Budget {
        contracts: 1,
        ..words(1, 0)
    };
    let possible = &[
        "rolled back by an operator",
        "rolled back while frozen",
        "contracted",
    ];
    let name = "a push, an operator, a contract, a freeze";
    scenario(name, "0r", budget, possible).decided_by(policy)
}

/// No release is needed to see what becomes of words that come again.
pub fn freezes() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Freeze, Speech::Unfreeze],
        ..Policy::NOBODY
    };
    let possible = &["a word that was taken before", "a word refused"];
    scenario("freezes, a lost answer", "", words(4, 1), possible).decided_by(policy)
}

pub fn freeze_and_wait() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Freeze, Speech::Unfreeze],
        waits_while_frozen: true,
        ..Policy::NOBODY
    };
    let possible = &["superseded", "released", "rolled back by the verdict"];
    let name = "two pushes that wait for the end of a freeze";
    scenario(name, "01", words(2, 0), possible).decided_by(policy)
}

pub fn freeze_after_rollback() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Unfreeze],
        freeze_after_rollback: true,
        ..Policy::NOBODY
    };
    let possible = &["held back", "rolled back while frozen", "released"];
    let name = "two pushes, a freeze after a rollback, a lost answer";
    scenario(name, "01", words(1, 1), possible).decided_by(policy)
}

pub fn stop() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Stop],
        ..Policy::NOBODY
    };
    let possible = &[
        "a stop heard by its release",
        "a stopped execution aborted",
        "rolled back after a stop",
        "rolled back from a split",
        "released",
    ];
    let name = "a push in shares, a stop by a person, a lost answer";
    scenario(name, "0", words(1, 1), possible)
        .in_steps(&[10])
        .when_stopped(WhenStopped::Leave)
        .decided_by(policy)
}

pub fn stop_and_next() -> Scenario {
    let policy = Policy {
        speeches: &[Speech::Stop],
        ..Policy::NOBODY
    };
    let possible = &[
        "a stopped execution aborted",
        "a stopped release ended by the next request",
        "a bad build skipped",
        "released",
    ];
    let name = "one build by two tags, a stop by a person";
    scenario(name, "0a", words(1, 0), possible)
        .when_stopped(WhenStopped::Leave)
        .decided_by(policy)
}
