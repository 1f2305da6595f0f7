//! What is kept of tables, so that all that may have one name are forgotten at once, however many there are.

use super::names;
use std::collections::HashMap;

/// Values by the [`names::key`] of a table, under its last name.
#[derive(Clone)]
pub(super) struct Kept<V>(HashMap<String, HashMap<String, V>>);

impl<V> Default for Kept<V> {
    fn default() -> Kept<V> {
        Kept(HashMap::new())
    }
}

impl<V> Kept<V> {
    pub(super) fn get(&self, key: &str) -> Option<&V> {
        self.0.get(&names::last(key))?.get(key)
    }

    /// Those of all tables with the last name of this one.
    pub(super) fn alike_mut(&mut self, key: &str) -> impl Iterator<Item = &mut V> {
        let alike = self.0.get_mut(&names::last(key));
        alike.into_iter().flat_map(HashMap::values_mut)
    }

    pub(super) fn insert(&mut self, key: String, value: V) {
        let alike = self.0.entry(names::last(&key)).or_default();
        alike.insert(key, value);
    }

    /// What is kept of a table, if need be a new one.
    pub(super) fn entry(&mut self, key: &str) -> &mut V
    where
        V: Default,
    {
        let alike = self.0.entry(names::last(key)).or_default();
        alike.entry(key.to_owned()).or_default()
    }

    pub(super) fn remove(&mut self, key: &str) {
        let last = names::last(key);
        let alike = self.0.get_mut(&last);
        if alike.is_some_and(|alike| alike.remove(key).is_some() && alike.is_empty()) {
            self.0.remove(&last);
        }
    }

    /// Forgets all tables with the last name of this one.
    pub(super) fn remove_alike(&mut self, key: &str) {
        self.0.remove(&names::last(key));
    }
}
