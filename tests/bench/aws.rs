//! A stand-in of AWS on loopback: one load balancer, one table, two services, and the service's own health checks. It
//! answers each call after the same time. Nothing is checked here but that a call is known.

mod answers;

use answers::World;
pub use answers::{BLUE, GREEN, RULE};
use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::Value;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// The stand-in; it ends with this.
pub struct Aws {
    world: Arc<Mutex<World>>,
    server: JoinHandle<()>,
    pub port: u16,
}

impl Drop for Aws {
    fn drop(&mut self) {
        self.server.abort();
    }
}

struct Served {
    world: Arc<Mutex<World>>,
    delay: Duration,
}

impl Aws {
    /// Begins to answer, each call after `delay`. Blue has the traffic, and the record is `record`.
    pub fn start(runtime: &Runtime, delay: Duration, record: &Value) -> Result<Aws> {
        let world = Arc::new(Mutex::new(World::new(record)));
        let served = Arc::new(Served {
            world: Arc::clone(&world),
            delay,
        });
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let port = listener.local_addr()?.port();
        let router = Router::new().fallback(answer).with_state(served);
        let server = runtime.spawn(async {
            let _ends_with_the_process = axum::serve(listener, router).await;
        });
        Ok(Aws {
            world,
            server,
            port,
        })
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where the traffic goes.
    pub fn live(&self) -> String {
        let world = lock(&self.world);
        let heaviest = world.forwards.iter().max_by_key(|(_, weight)| *weight);
        heaviest.map_or_else(String::new, |(group, _)| group.clone())
    }

    /// How many calls came since the beginning.
    pub fn calls(&self) -> usize {
        lock(&self.world).calls
    }
}

fn lock(world: &Mutex<World>) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(
    State(served): State<Arc<Served>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Vec<u8>) {
    tokio::time::sleep(served.delay).await;
    if method == Method::GET {
        return (StatusCode::OK, answers::health().into_bytes());
    }
    let target = headers.get("x-amz-target").and_then(|it| it.to_str().ok());
    let mut world = lock(&served.world);
    match answers::of(&mut world, target, &body) {
        Some(answer) => (StatusCode::OK, answer.into_bytes()),
        None => (StatusCode::NOT_IMPLEMENTED, Vec::new()),
    }
}
