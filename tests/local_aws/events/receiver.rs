//! What stands at the other end of a webhook: it keeps the requests that it gets.

use anyhow::{Result, ensure};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// EventBridge sends within a second, on a busy machine later.
const SENT_WITHIN: Duration = Duration::from_secs(60);

/// A request of EventBridge.
#[derive(Clone, Debug)]
pub struct Request {
    pub headers: HeaderMap,
    pub body: Value,
}

/// A server on loopback. Dropping it ends it.
pub struct Receiver {
    port: u16,
    got: Arc<Mutex<Vec<Request>>>,
    _serving: JoinSet<std::io::Result<()>>,
}

impl Receiver {
    /// One that takes everything.
    pub async fn open() -> Result<Receiver> {
        Receiver::answering(StatusCode::OK).await
    }

    /// One that answers with this status.
    pub async fn answering(status: StatusCode) -> Result<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let got = Arc::<Mutex<Vec<Request>>>::default();
        let take = async move |State(got): State<Arc<Mutex<Vec<Request>>>>,
                               headers: HeaderMap,
                               body: String| {
            let body = serde_json::from_str(&body).unwrap_or(Value::String(body));
            let mut got = got.lock().unwrap_or_else(PoisonError::into_inner);
            got.push(Request { headers, body });
            status
        };
        let router = axum::Router::new().fallback(take).with_state(got.clone());
        let mut serving = JoinSet::new();
        serving.spawn(axum::serve(listener, router).into_future());
        Ok(Receiver {
            port,
            got,
            _serving: serving,
        })
    }

    /// As the parameter `WebhookUrl` wants it. The local AWS knows that there is no certificate.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}/hook", self.port)
    }

    /// All requests, once there are so many.
    ///
    /// # Errors
    /// There are fewer after a minute.
    pub async fn requests(&self, many: usize) -> Result<Vec<Request>> {
        let began = Instant::now();
        loop {
            let got = self
                .got
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
            if got.len() >= many {
                return Ok(got);
            }
            ensure!(
                began.elapsed() < SENT_WITHIN,
                "expected {many} requests, found {got:#?}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
