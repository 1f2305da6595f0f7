//! A Docker Engine endpoint whose containers are processes of the sample service.
//!
//! MiniStack's ECS drives any Docker Engine (API 1.44). This one answers the calls it makes, and no others:
//! images are looked up in the [`Registry`], containers run as processes, those of a task on a loopback address of its
//! own. Those of one repository share a database.

mod api;
mod container;
mod containers;
mod databases;
mod place;

use crate::registry::Registry;
use anyhow::{Context, Result};
use containers::Containers;
use databases::Databases;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The running endpoint. Dropping it ends every container, and removes their databases.
pub struct Engine {
    pub port: u16,
    pub registry: Arc<Registry>,
    containers: Arc<Containers>,
    server: JoinHandle<std::io::Result<()>>,
}

impl Engine {
    /// Serves on a free port; every container runs `program`.
    ///
    /// # Errors
    /// There is no free port, or no address for a container.
    pub async fn start(program: PathBuf) -> Result<Engine> {
        place::Place::find()?;
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.context("no free port on loopback")?;
        let port = listener.local_addr()?.port();
        let registry = Arc::new(Registry::default());
        let databases = Databases::make(port)?;
        let containers = Arc::new(Containers::new(registry.clone(), program, databases));
        let router = axum::Router::new()
            .fallback(api::answer)
            .with_state(containers.clone());
        let server = tokio::spawn(axum::serve(listener, router).into_future());
        Ok(Engine {
            port,
            registry,
            containers,
            server,
        })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.server.abort();
        // A call that still waits for a container holds it as well, so letting go of it would not end it.
        for (_, container) in self.containers.lock().drain() {
            container.end();
        }
        self.containers.databases.remove();
    }
}

#[cfg(test)]
#[path = "engine/tests.rs"]
mod tests;
