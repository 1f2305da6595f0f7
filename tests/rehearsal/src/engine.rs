//! A Docker Engine endpoint whose containers are processes of the sample service.
//!
//! MiniStack's ECS drives any Docker Engine (API 1.44). This one answers the calls it makes, and no others:
//! images are looked up in the [`Registry`], containers run as processes on loopback addresses of their own. Those of
//! one repository share a database.

mod api;
mod container;
mod databases;
mod place;

use crate::registry::Registry;
use anyhow::{Context, Result};
use container::Container;
use databases::Databases;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The running endpoint. Dropping it ends every container, and removes their databases.
pub struct Engine {
    pub port: u16,
    pub registry: Arc<Registry>,
    state: Arc<State>,
    server: JoinHandle<()>,
}

pub(crate) struct State {
    registry: Arc<Registry>,
    /// The program that every container runs.
    program: PathBuf,
    databases: Databases,
    containers: Mutex<HashMap<String, Arc<Container>>>,
}

impl Engine {
    /// Serves on a free port; every container runs `program`. Fails when no container could have an address.
    pub async fn start(program: PathBuf) -> Result<Engine> {
        place::Place::find()?;
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .context("no free port on loopback")?;
        let port = listener.local_addr()?.port();
        let registry = Arc::new(Registry::default());
        let state = Arc::new(State {
            registry: registry.clone(),
            program,
            databases: Databases::make(port)?,
            containers: Mutex::default(),
        });
        let router = axum::Router::new()
            .fallback(api::answer)
            .with_state(state.clone());
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Ok(Engine {
            port,
            registry,
            state,
            server,
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.server.abort();
        // A call that still waits for a container holds it as well, so letting go of it would not end it.
        for (_, container) in self.state.lock().drain() {
            container.end();
        }
        self.state.databases.remove();
    }
}

impl State {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Container>>> {
        self.containers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// A container by its id or its name.
    fn find(&self, id: &str) -> Option<Arc<Container>> {
        let containers = self.lock();
        let named = || containers.values().find(|container| container.name == id);
        containers.get(id).or_else(named).cloned()
    }
}

#[cfg(test)]
#[path = "engine/tests.rs"]
mod tests;
