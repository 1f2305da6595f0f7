//! What one invocation works on.

use crate::rules::ListenerRules;
use record::Store;
use shared::{LeaseOwner, Time};
use std::cell::Cell;

/// One invocation: what it works on, and the lease that it may take.
pub(crate) struct Invocation<'a> {
    pub(crate) rules: &'a ListenerRules,
    pub(crate) store: &'a Store,
    /// The execution that asks; for an alarm the id of the event's delivery, which Lambda keeps in its retries.
    pub(crate) owner: LeaseOwner,
    /// When the process of this invocation is certainly dead.
    pub(crate) until: Time,
    /// A flip has begun, by this try or by an earlier one: its rules may disagree.
    has_begun: Cell<bool>,
}

impl<'a> Invocation<'a> {
    pub(crate) fn new(
        rules: &'a ListenerRules,
        store: &'a Store,
        owner: LeaseOwner,
        until: Time,
    ) -> Invocation<'a> {
        Invocation {
            rules,
            store,
            owner,
            until,
            has_begun: Cell::new(false),
        }
    }

    /// Notes that a flip has begun: its lease was taken, or the record says so.
    pub(crate) fn flip_begins(&self) {
        self.has_begun.set(true);
    }

    pub(crate) fn has_begun_a_flip(&self) -> bool {
        self.has_begun.get()
    }
}
