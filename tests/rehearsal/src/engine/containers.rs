//! What one engine knows: the images, and the containers that it made.

use super::container::Container;
use super::databases::Databases;
use super::place::Place;
use crate::lock::lock;
use crate::registry::Registry;
use anyhow::Result;
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

    /// The place of a task, which all of its containers share as they share a network interface on AWS; one of its own
    /// for a container of no task.
    pub fn place(&self, task: Option<&str>) -> Result<Arc<Place>> {
        let containers = self.lock();
        let mut others = containers.values();
        let other = task.and_then(|task| others.find(|it| it.task() == Some(task)));
        other.map_or_else(|| Place::find().map(Arc::new), |other| Ok(other.place()))
    }

    /// A container by its id or its name.
    pub fn find(&self, id: &str) -> Option<Arc<Container>> {
        let containers = self.lock();
        let named = || containers.values().find(|container| container.name == id);
        containers.get(id).or_else(named).cloned()
    }
}
