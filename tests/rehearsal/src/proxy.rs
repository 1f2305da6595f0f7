//! A proxy between the functions and the local AWS: every call that a function makes passes through here.
//!
//! It records the calls, account by account, denies what the function's policies do not allow, and can do to one of
//! them what a network or AWS does on a bad day (`fault`). It knows an account by the access key that signs the call,
//! and a function by its process (`caller`): nothing in the functions knows of the proxy.

mod accounts;
mod call;
mod caller;
mod fault;
mod gap;
mod place;

mod strike;
mod tape;

pub use call::RecordedCall;
pub use fault::{Fault, Kind};
pub use place::{Target, places};

use accounts::{Accounts, Answer};
use anyhow::{Context, Result};
use caller::Caller;
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use iam::Policies;
use std::net::SocketAddr;
use std::sync::Arc;
use tape::{Tape, Treatment};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// A running proxy; dropping it ends it.
pub struct Proxy {
    /// `http://127.0.0.1:PORT`
    pub endpoint: String,
    accounts: Arc<Accounts>,
    listening: AbortHandle,
}

impl Proxy {
    pub(crate) async fn start() -> Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let accounts = Arc::new(Accounts::new());
        let listening = tokio::spawn(listen(listener, accounts.clone(), port)).abort_handle();
        Ok(Proxy {
            endpoint: format!("http://127.0.0.1:{port}"),
            accounts,
            listening,
        })
    }

    /// Sets the endpoint of the local AWS, which starts after the proxy.
    pub(crate) fn forward_to(&self, endpoint: &str) {
        self.accounts.set_upstream(endpoint);
    }

    /// From now on, an account's functions may do what their policies allow, and nothing else.
    pub(crate) fn enforce(&self, account: &str, policies: Policies) {
        let mut all = self.accounts.policies();
        all.insert(account.to_owned(), policies);
    }

    /// From now on, autoscaling of a service (`service/CLUSTER/SERVICE`) ends at so many tasks.
    pub fn scales_up_to(&self, account: &str, service: &str, most: i32) {
        let mut all = self.accounts.ceilings();
        let account = all.entry(account.to_owned()).or_default();
        account.insert(service.to_owned(), most);
    }

    /// Begins a new tape for an account, with a fault to put into it.
    pub fn record(&self, account: &str, fault: Option<Fault>) {
        let mut tapes = self.accounts.tapes();
        tapes.insert(account.to_owned(), Tape::new(fault));
    }

    /// The calls of an account since its tape began.
    pub fn calls(&self, account: &str) -> Vec<RecordedCall> {
        let tapes = self.accounts.tapes();
        tapes.get(account).map_or_else(Vec::new, Tape::calls)
    }

    /// Lets the account's held calls go on.
    pub fn let_go(&self, account: &str) {
        if let Some(tape) = self.accounts.tapes().get(account) {
            tape.open_gate();
        }
    }

    /// Calls of an account that were not passed on yet, whether or not somebody still waits for their answers.
    pub fn pending(&self, account: &str) -> usize {
        let tapes = self.accounts.tapes();
        tapes.get(account).map_or(0, Tape::pending)
    }

    /// Whether the tape's fault has struck.
    pub fn struck(&self, account: &str) -> bool {
        let tapes = self.accounts.tapes();
        tapes.get(account).is_some_and(Tape::struck)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, accounts: Arc<Accounts>, port: u16) {
    // Dropping the set ends every connection.
    let mut connections = JoinSet::new();
    while let Ok((stream, peer)) = listener.accept().await {
        connections.spawn(serve(stream, peer, port, accounts.clone()));
        while connections.try_join_next().is_some() {}
    }
}

/// One connection belongs to one process of one function.
async fn serve(stream: TcpStream, peer: SocketAddr, port: u16, accounts: Arc<Accounts>) {
    stream.set_nodelay(true).ok();
    let caller = tokio::task::spawn_blocking(move || Caller::find(peer.port(), port)).await;
    let caller = caller.ok().flatten();
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        let (accounts, caller) = (accounts.clone(), caller.clone());
        async move { answer(&accounts, caller.as_ref(), request).await }
    });
    // An error here is a connection that we cut, or that the function gave up.
    let connection = hyper::server::conn::http1::Builder::new();
    connection
        .serve_connection(TokioIo::new(stream), service)
        .await
        .ok();
}

async fn answer(
    accounts: &Arc<Accounts>,
    caller: Option<&Caller>,
    request: Request<Incoming>,
) -> Answer {
    let (head, body) = request.into_parts();
    let request = Request::from_parts(head, body.collect().await?.to_bytes());
    let caller = caller.context("the call comes from no function's process")?;
    let recorded = RecordedCall::read(&caller.function, &request)?;
    let account = recorded.call.account.clone();
    if let Err(reason) = accounts.allow(&recorded.call) {
        return strike::deny(&request, &reason);
    }
    match accounts.record(recorded) {
        Treatment::Forward => accounts.forward(request).await,
        Treatment::Fault(kind) => strike::strike(kind, accounts, caller, account, request).await,
    }
}
