//! A proxy between the functions and the local AWS: every call that a function makes passes through here.
//!
//! It writes the calls down, account by account, refuses what the function's policies do not allow, and can do to one of them what a network or AWS does on a bad
//! day (`fault`). An account is known by the access key that signs the call, and a function by its process
//! (`caller`): nothing in the functions knows of it.

pub mod call;
mod caller;
pub mod fault;
mod gap;
mod tape;

pub use call::Seen;
pub use fault::{Fault, Kind};
pub use tape::{Target, places};

use crate::iam::{Policies, needs};
use crate::proxy::caller::Caller;
use crate::proxy::tape::{Tape, Treatment};
use anyhow::{Context, Result};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// What a call is answered; an error closes the connection without an answer.
type Answer = Result<Response<Full<Bytes>>>;

/// A running proxy; dropping it ends it.
pub struct Proxy {
    /// `http://127.0.0.1:PORT`
    pub endpoint: String,
    shared: Arc<Shared>,
    listening: AbortHandle,
}

#[derive(Default)]
struct Shared {
    /// `http://127.0.0.1:PORT` of the local AWS, which starts after us, because it is told our endpoint.
    upstream: OnceLock<String>,
    client: reqwest::Client,
    tapes: Mutex<HashMap<String, Tape>>,
    /// The policies of each account's functions.
    policies: Mutex<HashMap<String, Policies>>,
    /// Where autoscaling ends, in each account.
    ceilings: Mutex<HashMap<String, gap::Ceilings>>,
}

impl Proxy {
    pub async fn start() -> Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared::default());
        let listening = tokio::spawn(listen(listener, shared.clone(), port)).abort_handle();
        Ok(Proxy {
            endpoint: format!("http://127.0.0.1:{port}"),
            shared,
            listening,
        })
    }

    /// Tells where the local AWS is.
    pub fn forward_to(&self, endpoint: &str) {
        // A second endpoint would be a second server, which has a proxy of its own.
        self.shared.upstream.set(endpoint.to_owned()).ok();
    }

    /// From now on, an account's functions may do what their policies allow, and nothing else.
    pub fn enforce(&self, account: &str, policies: Policies) {
        let mut all = lock(&self.shared.policies);
        all.insert(account.to_owned(), policies);
    }

    /// From now on, autoscaling of a service (`service/CLUSTER/SERVICE`) ends at so many tasks.
    pub fn scales_up_to(&self, account: &str, service: &str, most: i32) {
        let mut all = lock(&self.shared.ceilings);
        let account = all.entry(account.to_owned()).or_default();
        account.insert(service.to_owned(), most);
    }

    /// Begins a new tape for an account, with a fault to put into it.
    pub fn record(&self, account: &str, fault: Option<Fault>) {
        self.shared
            .tapes()
            .insert(account.to_owned(), Tape::new(fault));
    }

    /// The calls of an account since its tape began.
    pub fn calls(&self, account: &str) -> Vec<Seen> {
        let tapes = self.shared.tapes();
        tapes.get(account).map_or_else(Vec::new, Tape::calls)
    }

    /// Lets the account's held calls go on.
    pub fn let_go(&self, account: &str) {
        if let Some(tape) = self.shared.tapes().get(account) {
            tape.open_gate();
        }
    }

    /// Calls of an account that were not passed on yet, whether or not somebody still waits for their answers.
    pub fn pending(&self, account: &str) -> usize {
        let tapes = self.shared.tapes();
        tapes.get(account).map_or(0, Tape::pending)
    }

    /// Whether the tape's fault has struck.
    pub fn struck(&self, account: &str) -> bool {
        let tapes = self.shared.tapes();
        tapes.get(account).is_some_and(Tape::struck)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Shared {
    fn tapes(&self) -> MutexGuard<'_, HashMap<String, Tape>> {
        lock(&self.tapes)
    }

    /// What IAM says to a call; a call that is not understood is not allowed either.
    fn allow(&self, seen: &Seen) -> Result<(), String> {
        let needs = needs(&seen.asked).map_err(|error| format!("{error:#}"))?;
        let policies = lock(&self.policies);
        let Some(policies) = policies.get(&seen.asked.account) else {
            return Ok(());
        };
        needs
            .iter()
            .try_for_each(|need| policies.allows(&seen.asked.function, need))
    }

    /// Writes the call down and says what is to be done with it.
    fn note(&self, seen: Seen) -> Treatment {
        let mut tapes = self.tapes();
        let tape = tapes.entry(seen.asked.account.clone()).or_default();
        tape.note(seen)
    }

    fn gate(&self, account: &str) -> impl Future<Output = ()> + Send + use<> {
        self.tapes().entry(account.to_owned()).or_default().gate()
    }

    /// Tells the tape that a late effect is there.
    fn landed(&self, account: &str) {
        if let Some(tape) = self.tapes().get_mut(account) {
            tape.landed();
        }
    }

    async fn forward(&self, request: Request<Bytes>) -> Answer {
        if let Some(account) = gap::asked(&request) {
            let ceilings = lock(&self.ceilings).get(account).cloned();
            return gap::scalable_targets(&request, &ceilings.unwrap_or_default());
        }
        let upstream = self.upstream.get().context("the local AWS is not up yet")?;
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |it| it.as_str());
        let call = self
            .client
            .request(head.method, format!("{upstream}{path}"))
            .headers(head.headers)
            .body(body);
        let answer = call.send().await?;
        let mut response = Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.extend(answer.headers().clone());
            // The body is whole by now, and hyper says how long it is.
            headers.remove("transfer-encoding");
            headers.remove("content-length");
        }
        Ok(response.body(Full::new(answer.bytes().await?))?)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn listen(listener: TcpListener, shared: Arc<Shared>, port: u16) {
    // Dropping the set ends every connection.
    let mut connections = JoinSet::new();
    while let Ok((stream, peer)) = listener.accept().await {
        connections.spawn(serve(stream, peer, port, shared.clone()));
        while connections.try_join_next().is_some() {}
    }
}

/// One connection belongs to one process of one function.
async fn serve(stream: TcpStream, peer: SocketAddr, port: u16, shared: Arc<Shared>) {
    stream.set_nodelay(true).ok();
    let found = tokio::task::spawn_blocking(move || Caller::find(peer.port(), port)).await;
    let caller = found.ok().flatten();
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        let (shared, caller) = (shared.clone(), caller.clone());
        async move { answer(&shared, caller.as_ref(), request).await }
    });
    // An error here is a connection that we cut, or that the function gave up.
    let connection = hyper::server::conn::http1::Builder::new();
    connection
        .serve_connection(TokioIo::new(stream), service)
        .await
        .ok();
}

async fn answer(
    shared: &Arc<Shared>,
    caller: Option<&Caller>,
    request: Request<Incoming>,
) -> Answer {
    let (head, body) = request.into_parts();
    let request = Request::from_parts(head, body.collect().await?.to_bytes());
    let caller = caller.context("the call comes from no function's process")?;
    let seen = Seen::read(&caller.function, &request)?;
    let account = seen.asked.account.clone();
    if let Err(reason) = shared.allow(&seen) {
        return fault::deny(&request, &reason);
    }
    match shared.note(seen) {
        Treatment::Forward => shared.forward(request).await,
        Treatment::Fault(kind) => fault::strike(kind, shared, caller, account, request).await,
    }
}
