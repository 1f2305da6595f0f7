//! The answers over HTTP.

use crate::database::{self, message};
use crate::orders::Orders;
use crate::process::{read, stop_requested};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::middleware::map_response_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What customers order, as long as they do not say.
const USUAL: &str = "tea";

/// What a build that breaks under traffic cannot cope with, once anybody has ordered it. So the rehearsal chooses the
/// moment; after a time or a number of requests it would be another one on a busy machine.
const BREAKS_IT: &str = "coffee";

/// An answer that is not 200.
type Failure = (StatusCode, Json<Value>);

type Answer = Result<Json<Value>, Failure>;

struct Service {
    build: String,
    digest: String,
    slot: String,
    orders: Orders,
}

impl Service {
    fn is(&self, behaviour: &str) -> bool {
        self.build.ends_with(behaviour)
    }

    /// An error, where the build is one that breaks with this part of it and somebody has ordered what breaks it.
    fn check(&self, breaking: &[&str]) -> Result<(), String> {
        let breaks = breaking.iter().any(|behaviour| self.is(behaviour));
        let ordered = || self.orders.includes(BREAKS_IT);
        match breaks && ordered().map_err(|error| message(&error))? {
            true => Err(format!("cannot make {BREAKS_IT}")),
            false => Ok(()),
        }
    }

    /// The latest orders, with this one.
    fn order(&self, item: &str) -> Result<Vec<Value>, String> {
        let note = format!("ordered from {}", self.build);
        let added = self.orders.add(item, &note);
        added.map_err(|error| message(&error))?;
        self.check(&["-breaks-under-traffic", "-breaks-orders"])?;
        self.orders.latest().map_err(|error| message(&error))
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
    let pong = !service.is("-wrong-ping");
    waiting(move || service.check(&["-breaks-under-traffic"])).await?;
    Ok(Json(json!({ "pong": pong })))
}

async fn version(State(service): State<Arc<Service>>) -> Json<Value> {
    Json(json!({"version": service.build, "digest": service.digest, "slot": service.slot}))
}

async fn orders(
    State(service): State<Arc<Service>>,
    Query(order): Query<HashMap<String, String>>,
) -> Answer {
    let orders = waiting(move || {
        let item = order.get("item").map_or(USUAL, String::as_str);
        service.order(item)
    });
    Ok(Json(json!({ "orders": orders.await? })))
}

/// Runs what may wait for the database, as during a migration; `/health` must not wait with it.
async fn waiting<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|error| error.to_string()).flatten();
    done.map_err(|error| {
        let body = json!({ "error": error });
        (StatusCode::INTERNAL_SERVER_ERROR, Json(body))
    })
}
