//! What the proxy keeps for each account, and the way to the local AWS. All connections share it.

use super::call::RecordedCall;
use super::gap::{self, Ceilings};
use super::tape::{Tape, Treatment};
use crate::aws::http_client;
use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use iam::{Call, Policies, needs};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// What a call is answered; an error closes the connection without an answer.
pub(super) type Answer = Result<Response<Full<Bytes>>>;

/// Something for each account, by its 12 digits.
type PerAccount<T> = HashMap<String, T>;

pub(super) struct Accounts {
    /// `http://127.0.0.1:PORT` of the local AWS. It starts after the proxy, whose endpoint it gets.
    upstream: OnceLock<String>,
    client: reqwest::Client,
    tapes: Mutex<PerAccount<Tape>>,
    policies: Mutex<PerAccount<Policies>>,
    /// Where autoscaling ends.
    ceilings: Mutex<PerAccount<Ceilings>>,
}

impl Accounts {
    pub(super) fn new() -> Accounts {
        Accounts {
            upstream: OnceLock::new(),
            client: http_client(),
            tapes: Mutex::default(),
            policies: Mutex::default(),
            ceilings: Mutex::default(),
        }
    }

    pub(super) fn set_upstream(&self, endpoint: &str) {
        // A second endpoint would be a second server, which has a proxy of its own.
        self.upstream.set(endpoint.to_owned()).ok();
    }

    pub(super) fn tapes(&self) -> MutexGuard<'_, PerAccount<Tape>> {
        lock(&self.tapes)
    }

    pub(super) fn policies(&self) -> MutexGuard<'_, PerAccount<Policies>> {
        lock(&self.policies)
    }

    pub(super) fn ceilings(&self) -> MutexGuard<'_, PerAccount<Ceilings>> {
        lock(&self.ceilings)
    }

    /// What IAM says to a call; a call that is not understood is not allowed either.
    pub(super) fn allow(&self, call: &Call) -> Result<(), String> {
        let needs = needs(call).map_err(|error| format!("{error:#}"))?;
        let policies = self.policies();
        let Some(policies) = policies.get(&call.account) else {
            return Ok(());
        };
        needs
            .iter()
            .try_for_each(|need| policies.allows(&call.function, need))
    }

    /// Records a call and says what is to be done with it.
    pub(super) fn record(&self, recorded: RecordedCall) -> Treatment {
        let mut tapes = self.tapes();
        let tape = tapes.entry(recorded.call.account.clone()).or_default();
        tape.record(recorded)
    }

    pub(super) fn gate(&self, account: &str) -> impl Future<Output = ()> + Send + use<> {
        self.tapes().entry(account.to_owned()).or_default().gate()
    }

    /// Notes on the tape that a late effect is there.
    pub(super) fn landed(&self, account: &str) {
        if let Some(tape) = self.tapes().get_mut(account) {
            tape.landed();
        }
    }

    pub(super) async fn forward(&self, request: Request<Bytes>) -> Answer {
        if let Some(account) = gap::account(&request) {
            let ceilings = self.ceilings().get(account).cloned();
            return gap::scalable_targets(&request, &ceilings.unwrap_or_default());
        }
        let upstream = self.upstream.get().context("the local AWS is not up yet")?;
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
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
