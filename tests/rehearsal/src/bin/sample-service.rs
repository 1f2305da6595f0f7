//! The service that the rehearsal releases. Its build (an image tag) chooses how it behaves.
//!
//! | variable | meaning |
//! |---|---|
//! | `LISTEN` | address and port |
//! | `BUILD`, `DIGEST` | the image it stands for |
//! | `DEPLOYMENT_SLOT` | the environment it runs in, for its answers only |
#![allow(clippy::print_stdout, reason = "its log is its standard output")]

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

/// Orders that a build which breaks under traffic still answers.
const ORDERS_UNTIL_BROKEN: u64 = 40;

struct Service {
    build: String,
    digest: String,
    slot: String,
    orders: AtomicU64,
}

impl Service {
    fn is(&self, behaviour: &str) -> bool {
        self.build.ends_with(behaviour)
    }

    fn is_worn_out(&self) -> bool {
        self.orders.load(Ordering::Relaxed) >= ORDERS_UNTIL_BROKEN
    }
}

fn broken() -> Response {
    let error = Json(json!({"error": "too many orders"}));
    (StatusCode::INTERNAL_SERVER_ERROR, error).into_response()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let read = |name: &str| std::env::var(name).unwrap_or_default();
    let service = Service {
        build: read("BUILD"),
        digest: read("DIGEST"),
        slot: read("DEPLOYMENT_SLOT"),
        orders: AtomicU64::new(0),
    };
    if service.is("-crash") {
        println!("fatal: cannot read its configuration");
        return ExitCode::FAILURE;
    }
    let service = Arc::new(service);
    let router = Router::new()
        .route("/health", get(health))
        .route("/api/v1/ping", get(ping))
        .route("/api/v1/version", get(version))
        .route("/api/v1/orders", get(orders))
        .layer(from_fn_with_state(service.clone(), signed))
        .with_state(service);
    let listener = match tokio::net::TcpListener::bind(read("LISTEN")).await {
        Ok(listener) => listener,
        Err(error) => {
            println!("fatal: cannot listen on {}: {error}", read("LISTEN"));
            return ExitCode::FAILURE;
        }
    };
    // Requests in flight are finished once the engine asks for the end.
    match axum::serve(listener, router)
        .with_graceful_shutdown(asked_to_stop())
        .await
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The engine closes our standard input to stop us; so does its end, however it comes. SIGTERM is what a real
/// engine sends.
async fn asked_to_stop() {
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => _ = signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    let (mut stdin, mut input) = (tokio::io::stdin(), Vec::new());
    tokio::select! {
        _ = stdin.read_to_end(&mut input) => {}
        () = terminated => {}
    }
}

/// Every answer says which build gave it, and in which environment.
async fn signed(
    State(service): State<Arc<Service>>,
    request: axum::extract::Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers: &mut HeaderMap = response.headers_mut();
    for (name, value) in [("x-version", &service.build), ("x-slot", &service.slot)] {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    }
    response
}

async fn health(State(service): State<Arc<Service>>) -> Response {
    if service.is("-unhealthy") {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            Json(json!({"status": "unhealthy"})),
        )
            .into_response();
    }
    Json(json!({"status": "healthy"})).into_response()
}

async fn ping(State(service): State<Arc<Service>>) -> Response {
    if service.is("-breaks-under-traffic") && service.is_worn_out() {
        return broken();
    }
    Json(json!({"pong": !service.is("-wrong-ping")})).into_response()
}

async fn version(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({"version": service.build, "digest": service.digest, "slot": service.slot}))
}

async fn orders(State(service): State<Arc<Service>>) -> Response {
    let breaks = service.is("-breaks-under-traffic") || service.is("-breaks-orders");
    if breaks && service.is_worn_out() {
        return broken();
    }
    let number = service.orders.fetch_add(1, Ordering::Relaxed);
    Json(json!({"orders": [{"id": number, "item": "tea"}]})).into_response()
}
