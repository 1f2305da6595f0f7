//! What an execution leaves at work that is aborted while it deploys.

use crate::clock::{TICK_SECONDS, at};
use crate::fact::Fact;
use crate::health::ALL;
use crate::tasks::{Leftover, Tasks};
use crate::world::World;
use record::{DEPLOY_SECONDS, Lease, Time};
use shared::Traffic;

/// For how many ticks that may be at work.
const TICKS: u8 = ((DEPLOY_SECONDS + Lease::MARGIN_SECONDS) / TICK_SECONDS) as u8;

impl World {
    /// When an execution ended, if that still matters.
    pub fn ended_at(&self, execution: usize) -> Option<Time> {
        let leftover = self.leftover.filter(|it| it.execution == execution);
        leftover.map(|it| at(it.ended))
    }

    /// The execution has ended while it deployed.
    pub fn leave_work(&mut self, execution: usize) {
        self.leftover = Some(Leftover {
            execution,
            ended: self.now,
            flies: true,
        });
    }

    /// The update reaches the idle service.
    pub fn deploy_late(&mut self) {
        if let Some(leftover) = self.leftover.as_mut() {
            leftover.flies = false;
            let execution = leftover.execution;
            self.deploy(execution);
        }
    }

    /// Every task of deploy in one: what runs in the idle environment is this release's, and nothing is proven.
    pub fn deploy(&mut self, execution: usize) {
        let to = self.executions[execution].from.expect("a plan").other();
        let gets_traffic =
            |rule: &Option<Traffic>| rule.is_some_and(|it| it.to == to || !it.share.is_all());
        if self.rules.iter().any(gets_traffic) && !self.hand {
            self.note(Fact::DeployedToActive);
        }
        *self.tasks_mut(to) = Tasks {
            healthy: ALL,
            wants: ALL,
            code: Some(execution),
            proven: false,
        };
    }

    /// One tick passes for it; after its time nothing of it is left.
    pub fn age_leftover(&mut self) {
        self.leftover = self.leftover.filter(|it| self.now - it.ended + 1 < TICKS);
        if let Some(leftover) = self.leftover.as_mut() {
            leftover.ended -= 1;
        }
    }
}
