//! The Runtime API on loopback: it gives one function process its tasks, and hears what the process does when.

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::routing::{get, post};
use serde_json::Value;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, mpsc};
use tokio::task::JoinHandle;

/// A function that does nothing for so long is not measured.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the process did.
enum Heard {
    /// It asked for its next task: it is up, or done.
    Asks,
    Answered(Vec<u8>),
    Failed(Vec<u8>),
}

struct Served {
    tasks: Mutex<mpsc::UnboundedReceiver<Value>>,
    heard: Sender<(Instant, Heard)>,
}

/// The API of one process.
pub struct RuntimeApi {
    pub address: String,
    tasks: mpsc::UnboundedSender<Value>,
    heard: Receiver<(Instant, Heard)>,
    server: JoinHandle<()>,
}

impl RuntimeApi {
    pub fn start(runtime: &Runtime) -> Result<RuntimeApi> {
        let (tasks, given) = mpsc::unbounded_channel();
        let (heard, hears) = channel();
        let served = Arc::new(Served {
            tasks: Mutex::new(given),
            heard,
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/{end}", post(ended))
            .route("/2018-06-01/runtime/init/error", post(not_up))
            .with_state(served);
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let address = listener.local_addr()?.to_string();
        let server = runtime.spawn(async {
            let _ends_with_the_process = axum::serve(listener, router).await;
        });
        Ok(RuntimeApi {
            address,
            tasks,
            heard: hears,
            server,
        })
    }

    /// When the process asked for its first task.
    pub fn up(&self) -> Result<Instant> {
        match self.hear()? {
            (at, Heard::Asks) => Ok(at),
            (_, Heard::Answered(text) | Heard::Failed(text)) => {
                bail!("the function is not up: {}", String::from_utf8_lossy(&text))
            }
        }
    }

    /// Gives a task: when, and what was answered when.
    pub fn invoke(&self, task: Value) -> Result<(Instant, Instant, Value)> {
        let given = Instant::now();
        self.tasks.send(task)?;
        loop {
            match self.hear()? {
                (_, Heard::Asks) => {}
                (at, Heard::Answered(text)) => {
                    return Ok((given, at, serde_json::from_slice(&text)?));
                }
                (_, Heard::Failed(text)) => {
                    bail!("the function failed: {}", String::from_utf8_lossy(&text))
                }
            }
        }
    }

    fn hear(&self) -> Result<(Instant, Heard)> {
        let heard = self.heard.recv_timeout(PATIENCE);
        heard.context("the function does nothing")
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn tell(served: &Served, heard: Heard) {
    // Nobody listens once the process is measured.
    let _ = served.heard.send((Instant::now(), heard));
}

async fn next(State(served): State<Arc<Served>>) -> Result<(HeaderMap, String), StatusCode> {
    tell(&served, Heard::Asks);
    let task = served.tasks.lock().await.recv().await;
    let task = task.ok_or(StatusCode::NOT_FOUND)?;
    let deadline = SystemTime::now() + PATIENCE;
    let deadline = deadline.duration_since(UNIX_EPOCH);
    let deadline = deadline.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let arn = "arn:aws:lambda:eu-west-1:111122223333:function:shop";
    let headers = [
        ("lambda-runtime-aws-request-id", "1".to_owned()),
        ("lambda-runtime-invoked-function-arn", arn.to_owned()),
        (
            "lambda-runtime-deadline-ms",
            deadline.as_millis().to_string(),
        ),
    ];
    let headers = headers.into_iter().filter_map(|(name, value)| {
        let value = HeaderValue::from_str(&value).ok()?;
        Some((HeaderName::from_static(name), value))
    });
    Ok((headers.collect(), task.to_string()))
}

async fn ended(
    State(served): State<Arc<Served>>,
    Path((_, end)): Path<(String, String)>,
    body: Bytes,
) -> StatusCode {
    let heard = match end.as_str() {
        "response" => Heard::Answered(body.to_vec()),
        _ => Heard::Failed(body.to_vec()),
    };
    tell(&served, heard);
    StatusCode::ACCEPTED
}

async fn not_up(State(served): State<Arc<Served>>, body: Bytes) -> StatusCode {
    tell(&served, Heard::Failed(body.to_vec()));
    StatusCode::ACCEPTED
}
