//! The answers over HTTP.

use crate::database::{self, message};
use crate::orders::Orders;
use crate::process::{read, stop_requested};
use axum::extract::State;
use axum::http::StatusCode;
use axum::middleware::map_response_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;

/// Orders that a build which breaks under traffic still answers: few, so that it breaks within the watch on a busy
/// machine too.
const ORDERS_UNTIL_BROKEN: u64 = 5;

/// An answer that is not 200.
type Failure = (StatusCode, Json<Value>);

type Answer = Result<Json<Value>, Failure>;

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

/// Serves until a stop is requested; an error says why it cannot.
pub async fn serve() -> Result<(), String> {
    let build = read("BUILD");
    if build.ends_with("-crash") {
        return Err("cannot read its configuration".to_owned());
    }
    let connection = database::open(&read("DATABASE")).map_err(|error| message(&error))?;
    let router = router(Service {
        orders: Orders::new(connection, &build),
        build,
        digest: read("DIGEST"),
        slot: read("DEPLOYMENT_SLOT"),
        answered: AtomicU64::new(0),
    });
    let address = read("LISTEN");
    let listener = TcpListener::bind(&address).await;
    let listener = listener.map_err(|error| format!("cannot listen on {address}: {error}"))?;
    // Requests in flight are finished once the engine asks for the end.
    let server = axum::serve(listener, router).with_graceful_shutdown(stop_requested());
    server.await.map_err(|error| error.to_string())
}

fn router(service: Service) -> Router {
    let service = Arc::new(service);
    Router::new()
        .route("/health", get(health))
        .route("/api/v1/ping", get(ping))
        .route("/api/v1/version", get(version))
        .route("/api/v1/orders", get(orders))
        .layer(map_response_with_state(service.clone(), signed))
        .with_state(service)
}

/// Every answer says which build gave it, and in which environment.
async fn signed(State(service): State<Arc<Service>>, mut response: Response) -> Response {
    for (name, value) in [("x-version", &service.build), ("x-slot", &service.slot)] {
        if let Ok(value) = value.parse() {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn health(State(service): State<Arc<Service>>) -> Answer {
    if service.is("-unhealthy") {
        let body = json!({"status": "unhealthy"});
        return Err((StatusCode::SERVICE_UNAVAILABLE, Json(body)));
    }
    Ok(Json(json!({"status": "healthy"})))
}

async fn ping(State(service): State<Arc<Service>>) -> Answer {
    if service.is("-breaks-under-traffic") && service.is_worn_out() {
        return Err(broken("too many orders"));
    }
    Ok(Json(json!({"pong": !service.is("-wrong-ping")})))
}

async fn version(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({"version": service.build, "digest": service.digest, "slot": service.slot}))
}

async fn orders(State(service): State<Arc<Service>>) -> Answer {
    let breaks = service.is("-breaks-under-traffic") || service.is("-breaks-orders");
    if breaks && service.is_worn_out() {
        return Err(broken("too many orders"));
    }
    service.answered.fetch_add(1, Ordering::Relaxed);
    // The database may make us wait for a migration; `/health` must not wait with it.
    let orders = tokio::task::spawn_blocking(move || {
        let note = format!("ordered from {}", service.build);
        service.orders.add("tea", &note)?;
        service.orders.latest()
    });
    let orders = orders.await.map_err(|error| broken(&error.to_string()))?;
    let orders = orders.map_err(|error| broken(&message(&error)))?;
    Ok(Json(json!({ "orders": orders })))
}

fn broken(error: &str) -> Failure {
    let body = json!({ "error": error });
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body))
}
