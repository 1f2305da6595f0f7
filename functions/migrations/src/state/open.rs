//! Savepoints that are open.

use std::collections::HashMap;

#[derive(Clone, Default)]
pub(super) struct Open {
    names: Vec<String>,
    /// How many have a name: most that are released are none, or are the last.
    counts: HashMap<String, usize>,
}

impl Open {
    pub(super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    pub(super) fn push(&mut self, name: String) {
        *self.counts.entry(name.clone()).or_default() += 1;
        self.names.push(name);
    }

    /// Closes the last one of a name, and those behind it; says whether there is one.
    pub(super) fn close(&mut self, name: &str) -> bool {
        if self.counts.get(name).is_none_or(|count| *count == 0) {
            return false;
        }
        while let Some(last) = self.names.pop() {
            self.counts.entry(last.clone()).and_modify(|it| *it -= 1);
            if last == name {
                break;
            }
        }
        true
    }
}
