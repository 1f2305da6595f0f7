//! A proxy between the functions and the local AWS: every call that a function makes passes through here.
//!
//! It records the calls, account by account, denies what the function's policies do not allow, turns away what comes more
//! often than the account's rates allow, and can do to one of them what a network or AWS does on a bad day (`fault`). It
//! knows an account by the access key that signs the call, and a function by the trace: nothing in the functions knows of
//! the proxy.

mod accounts;
mod answer;
mod call;
mod connection;
mod fault;
mod images;
mod place;
mod scan;
mod strike;
mod tape;

pub use call::RecordedCall;
pub use fault::{Fault, Kind};
pub use place::{Target, places};
pub use scan::Scan;

use accounts::Accounts;
use answer::Answer;
use anyhow::Result;
use aws_sdk_ecr::types::SigningStatus;
use connection::Connection;
use fixtures::{Limits, Rate};
use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use iam::Policies;
use std::net::SocketAddr;
use std::sync::Arc;
use tape::Tape;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A running proxy; dropping it ends it.
pub struct Proxy {
    /// `http://127.0.0.1:PORT`
    pub endpoint: String,
    accounts: Arc<Accounts>,
    _listening: JoinSet<()>,
}

impl Proxy {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start() -> Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let accounts = Arc::new(Accounts::new());
        let mut listening = JoinSet::new();
        listening.spawn(listen(listener, accounts.clone(), port));
        Ok(Proxy {
            endpoint: format!("http://127.0.0.1:{port}"),
            accounts,
            _listening: listening,
        })
    }

    /// Sets the endpoint of the local AWS, which starts after the proxy.
    pub fn forward_to(&self, endpoint: &str) {
        self.accounts.set_upstream(endpoint);
    }

    /// From now on, an account's functions may do everything: a second stack there has policies that nobody read.
    pub fn allow_all(&self, account: &str) {
        self.accounts
            .with(account, |account| account.policies = None);
    }

    /// From now on, an account's functions may do what their policies allow, and nothing else.
    pub(crate) fn enforce(&self, account: &str, policies: Policies) {
        self.accounts
            .with(account, |account| account.policies = Some(policies));
    }

    /// From now on, autoscaling of a service (`service/CLUSTER/SERVICE`) ends at so many tasks.
    pub fn scales_up_to(&self, account: &str, service: &str, most: i32) {
        self.accounts.with(account, |account| {
            account.ceilings.insert(service.to_owned(), most);
        });
    }

    /// From now on, ECR knows this of the scan of an account's image. No image has a scan before.
    pub fn scanned(&self, account: &str, digest: &str, scan: &Scan) {
        self.accounts.with(account, |account| {
            let image = account.images.entry(digest.to_owned()).or_default();
            image.scan = Some(scan.clone());
        });
    }

    /// From now on, ECR has this status of the signature of an account's image with a signing profile. No image has one before.
    pub fn signed(&self, account: &str, digest: &str, profile: &str, status: SigningStatus) {
        self.accounts.with(account, |account| {
            let image = account.images.entry(digest.to_owned()).or_default();
            image.signatures.retain(|(of, _)| of != profile);
            image.signatures.push((profile.to_owned(), status));
        });
    }

    /// From now on, these accounts ask AWS as one account with these limits: what comes more often is turned away. Those of
    /// before hold no more.
    pub fn limit(&self, accounts: &[&str], limits: Limits) {
        let rate = Rate::full(limits);
        for account in accounts {
            self.accounts.with(account, |account| {
                account.rate = Some(rate.clone());
                account.turned_away = 0;
            });
        }
    }

    /// Calls of an account that came more often than its latest limits allow.
    pub fn turned_away(&self, account: &str) -> usize {
        self.accounts.with(account, |account| account.turned_away)
    }

    /// Begins a new tape for an account, with a fault to put into it.
    pub fn record(&self, account: &str, fault: Option<Fault>) {
        self.accounts
            .with(account, |account| account.tape = Tape::new(fault));
    }

    /// The calls of an account since its tape began.
    pub fn calls(&self, account: &str) -> Vec<RecordedCall> {
        self.accounts.with(account, |account| account.tape.calls())
    }

    /// Lets the account's held calls go on.
    pub fn let_go(&self, account: &str) {
        self.accounts
            .with(account, |account| account.tape.open_gate());
    }

    /// Calls of an account that were not passed on yet, whether or not somebody still waits for their answers.
    pub fn pending(&self, account: &str) -> usize {
        self.accounts
            .with(account, |account| account.tape.pending())
    }

    /// Whether the tape's fault has struck.
    pub fn struck(&self, account: &str) -> bool {
        self.accounts.with(account, |account| account.tape.struck())
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

async fn serve(stream: TcpStream, peer: SocketAddr, ours: u16, accounts: Arc<Accounts>) {
    stream.set_nodelay(true).ok();
    let port = peer.port();
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        let accounts = accounts.clone();
        async move { answer(&accounts, Connection { port, ours }, request).await }
    });
    // An error here is a connection that we cut, or that the function gave up.
    let http = hyper::server::conn::http1::Builder::new();
    let connection = http.serve_connection(TokioIo::new(stream), service);
    connection.await.ok();
}

async fn answer(
    accounts: &Arc<Accounts>,
    connection: Connection,
    request: Request<Incoming>,
) -> Answer {
    let (head, body) = request.into_parts();
    let request = Request::from_parts(head, body.collect().await?.to_bytes());
    let recorded = RecordedCall::read(&request)?;
    let account = recorded.call.account.clone();
    if let Err(reason) = accounts.allow(&recorded.call) {
        return answer::deny(&request, &reason);
    }
    if !accounts.answers(&account, &recorded.call.operation) {
        return answer::throttle(&request);
    }
    match accounts.with(&account, |account| account.tape.record(recorded)) {
        None => accounts.forward(request).await,
        Some(kind) => strike::strike(kind, accounts, connection, account, request).await,
    }
}
