//! What one engine knows: the images, and the containers that it made.

use super::container::Container;
use super::databases::Databases;
use crate::lock::lock;
use crate::registry::Registry;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

pub(super) struct Containers {
    pub registry: Arc<Registry>,
    /// The program that every container runs.
    pub program: PathBuf,
    pub databases: Databases,
    /// By their ids.
    all: Mutex<HashMap<String, Arc<Container>>>,
}

impl Containers {
    pub fn new(registry: Arc<Registry>, program: PathBuf, databases: Databases) -> Containers {
        Containers {
            registry,
            program,
            databases,
            all: Mutex::default(),
        }
    }

    pub fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Container>>> {
        lock(&self.all)
    }

    /// A container by its id or its name.
    pub fn find(&self, id: &str) -> Option<Arc<Container>> {
        let containers = self.lock();
        let named = || containers.values().find(|container| container.name == id);
        containers.get(id).or_else(named).cloned()
    }
}
