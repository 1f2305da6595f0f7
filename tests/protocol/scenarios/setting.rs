//! How a setting of the model is made.

use crate::execution::Kind;
use crate::policy::Policy;
use crate::protocol::Protocol;
use crate::world::Budget;
use shared::{Environment, Share, WhenStopped};

/// A setting, and what must be possible in it.
pub struct Scenario {
    pub name: &'static str,
    pub protocol: Protocol,
    pub possible: &'static [&'static str],
}

/// Nothing goes wrong.
pub const NOTHING: Budget = Budget {
    losses: 0,
    aborts: 0,
    alarms: 0,
    hands: 0,
    sickness: 0,
    shortages: 0,
    refusals: 0,
    run_outs: 0,
    contracts: 0,
    strays: 0,
    words: 0,
    tags: 0,
    updates: 0,
};

/// A setting with one rule. Who takes part: pushes by their place in order, each of a build of its own; `a` for one after
/// the first, of the same build; `o` for an operator's request after the first, which overrides a freeze; `t` for an
/// operator's request for what a tag names; `r` for an operator's rollback.
pub fn scenario(
    name: &'static str,
    who: &str,
    budget: Budget,
    possible: &'static [&'static str],
) -> Scenario {
    let kind = |letter: char| match (letter, letter.to_digit(10)) {
        (_, Some(digit)) => {
            let order = u8::try_from(digit).expect("a digit");
            Kind::Push {
                order,
                build: order,
            }
        }
        ('o', None) => Kind::Override { order: 1, build: 1 },
        ('t', None) => Kind::Tag { order: 0, build: 0 },
        ('a', None) => Kind::Push { order: 1, build: 0 },
        (_, None) => Kind::Rollback,
    };
    let protocol = Protocol {
        kinds: who.chars().map(kind).collect(),
        rules: 1,
        budget,
        watched: vec![Some(Environment::Green)],
        overlap: false,
        outlives: 0,
        shares: vec![Share::ALL],
        when_stopped: WhenStopped::Leave,
        notified: false,
        leaves_work: false,
        checks_images: false,
        policy: Policy::NOBODY,
        mutation: None,
    };
    Scenario {
        name,
        protocol,
        possible,
    }
}

impl Scenario {
    /// Two rules, flipped together.
    pub fn of_two_rules(mut self) -> Scenario {
        self.protocol.rules = 2;
        self
    }

    /// Every release takes these shares before it has all of the traffic.
    pub fn in_steps(mut self, percents: &[u8]) -> Scenario {
        let percents = percents.iter().chain([&100]);
        let share = |percent: &u8| Share::new(*percent).expect("a share");
        self.protocol.shares = percents.map(share).collect();
        self
    }

    /// Flip is notified of executions that were stopped.
    pub fn when_stopped(mut self, when_stopped: WhenStopped) -> Scenario {
        self.protocol.notified = true;
        self.protocol.when_stopped = when_stopped;
        self
    }

    /// People may decide.
    pub fn decided_by(mut self, policy: Policy) -> Scenario {
        self.protocol.policy = policy;
        self
    }

    /// Only images that are signed, scanned and verified are let in.
    pub fn with_checked_images(mut self) -> Scenario {
        self.protocol.checks_images = true;
        self
    }

    /// A try may begin while one goes on whose answer nobody awaits.
    pub fn with_overlap(mut self) -> Scenario {
        self.protocol.overlap = true;
        self
    }
}
