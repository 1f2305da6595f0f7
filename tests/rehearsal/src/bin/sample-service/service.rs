//! The answers over HTTP.

use crate::database::{self, message};
use crate::orders::Orders;
use crate::process::{fatal, read, stop_requested};
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

/// Orders that a build which breaks under traffic still answers.
const ORDERS_UNTIL_BROKEN: u64 = 40;

struct Service {
    build: String,
    digest: String,
    slot: String,
    answered: AtomicU64,
    orders: Orders,
}

impl Service {
    fn is(&self, behaviour: &str) -> bool {
        self.build.ends_with(behaviour)
    }

    fn is_worn_out(&self) -> bool {
        self.answered.load(Ordering::Relaxed) >= ORDERS_UNTIL_BROKEN
    }
}

/// Serves until a stop is requested.
pub async fn serve() -> ExitCode {
    let build = read("BUILD");
    if build.ends_with("-crash") {
        return fatal("cannot read its configuration");
    }
    let connection = match database::open(&read("DATABASE")) {
        Ok(connection) => connection,
        Err(error) => return fatal(&message(&error)),
    };
    let router = router(Service {
        orders: Orders::new(connection, &build),
        build,
        digest: read("DIGEST"),
        slot: read("DEPLOYMENT_SLOT"),
        answered: AtomicU64::new(0),
    });
    let listener = match tokio::net::TcpListener::bind(read("LISTEN")).await {
        Ok(listener) => listener,
        Err(error) => return fatal(&format!("cannot listen on {}: {error}", read("LISTEN"))),
    };
    // Requests in flight are finished once the engine asks for the end.
    match axum::serve(listener, router)
        .with_graceful_shutdown(stop_requested())
        .await
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn router(service: Service) -> Router {
    let service = Arc::new(service);
    Router::new()
        .route("/health", get(health))
        .route("/api/v1/ping", get(ping))
        .route("/api/v1/version", get(version))
        .route("/api/v1/orders", get(orders))
        .layer(from_fn_with_state(service.clone(), signed))
        .with_state(service)
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
        return broken("too many orders");
    }
    Json(json!({"pong": !service.is("-wrong-ping")})).into_response()
}

async fn version(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({"version": service.build, "digest": service.digest, "slot": service.slot}))
}

async fn orders(State(service): State<Arc<Service>>) -> Response {
    let breaks = service.is("-breaks-under-traffic") || service.is("-breaks-orders");
    if breaks && service.is_worn_out() {
        return broken("too many orders");
    }
    service.answered.fetch_add(1, Ordering::Relaxed);
    // The database may make us wait for a migration; `/health` must not wait with it.
    let orders = tokio::task::spawn_blocking(move || {
        let note = format!("ordered from {}", service.build);
        service.orders.add("tea", &note)?;
        service.orders.latest()
    });
    match orders.await {
        Ok(Ok(orders)) => Json(json!({ "orders": orders })).into_response(),
        Ok(Err(error)) => broken(&message(&error)),
        Err(error) => broken(&error.to_string()),
    }
}

fn broken(error: &str) -> Response {
    let error = Json(json!({ "error": error }));
    (StatusCode::INTERNAL_SERVER_ERROR, error).into_response()
}
