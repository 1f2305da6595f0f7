//! What the proxy keeps for each account, and the way to the local AWS. All connections share it.

use super::answer::{Answer, json_answer};
use super::call::signer;
use super::images::{self, Image, Question};
use super::tape::Tape;
use crate::aws::http_client;
use crate::lock::lock;
use anyhow::Context;
use fixtures::Rate;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Response};
use iam::{Call, Policies, needs};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Mutex, OnceLock};

/// The most tasks of a service, by its name as Application Auto Scaling has it: `service/CLUSTER/SERVICE`.
type Ceilings = HashMap<String, i32>;

#[derive(Default)]
pub(super) struct Account {
    pub tape: Tape,
    /// None: its functions may do everything.
    pub policies: Option<Policies>,
    pub ceilings: Ceilings,
    /// What ECR knows of images, by their digests.
    pub images: HashMap<String, Image>,
    /// None: its functions may ask as often as they like.
    pub rate: Option<Rate>,
    /// Calls that came more often than its rates allow.
    pub turned_away: usize,
}

pub(super) struct Accounts {
    /// `http://127.0.0.1:PORT` of the local AWS. It starts after the proxy, whose endpoint it gets.
    upstream: OnceLock<String>,
    client: reqwest::Client,
    /// By their 12 digits.
    accounts: Mutex<HashMap<String, Account>>,
}

impl Accounts {
    pub(super) fn new() -> Accounts {
        Accounts {
            upstream: OnceLock::new(),
            client: http_client(),
            accounts: Mutex::default(),
        }
    }

    pub(super) fn set_upstream(&self, endpoint: &str) {
        // A second endpoint would be a second server, which has a proxy of its own.
        self.upstream.set(endpoint.to_owned()).ok();
    }

    /// What `work` makes of an account. No other call passes meanwhile.
    pub(super) fn with<T>(&self, account: &str, work: impl FnOnce(&mut Account) -> T) -> T {
        work(lock(&self.accounts).entry(account.to_owned()).or_default())
    }

    /// What IAM says to a call; a call that is not understood is not allowed either.
    pub(super) fn allow(&self, call: &Call) -> Result<(), String> {
        let needs = needs(call).map_err(|error| format!("{error:#}"))?;
        self.with(&call.account, |account| match &account.policies {
            Some(policies) => needs
                .iter()
                .try_for_each(|need| policies.allows(&call.function, need)),
            None => Ok(()),
        })
    }

    /// Whether the account's rates leave an answer for this call.
    pub(super) fn answers(&self, account: &str, operation: &str) -> bool {
        self.with(account, |account| {
            let rate = account.rate.as_ref();
            let answers = rate.is_none_or(|rate| rate.takes(operation));
            account.turned_away += usize::from(!answers);
            answers
        })
    }

    pub(super) async fn forward(&self, request: Request<Bytes>) -> Answer {
        let [account, _, service] = signer(&request)?;
        if service == "application-autoscaling" {
            let ceilings = self.with(account, |account| account.ceilings.clone());
            return scalable_targets(&request, &ceilings);
        }
        match Question::of(&request) {
            Some(question) => {
                let known = self.with(account, |account| account.images.clone());
                let upstream = async |request| self.upstream(request).await;
                images::answer(question, &request, &known, upstream).await
            }
            None => self.upstream(request).await,
        }
    }

    /// What the local AWS answers.
    async fn upstream(&self, request: Request<Bytes>) -> Answer {
        let upstream = self.upstream.get().context("the local AWS is not up yet")?;
        let (head, body) = request.into_parts();
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let url = format!("{upstream}{path}");
        let call = self.client.request(head.method, url).headers(head.headers);
        let answer = call.body(body).send().await?;
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

/// Answers DescribeScalableTargets, the one call of Application Auto Scaling that a function makes. The local AWS does
/// not have that service: on a stage nothing scales by itself, unless a test says so.
fn scalable_targets(request: &Request<Bytes>, ceilings: &Ceilings) -> Answer {
    let input: Value = serde_json::from_slice(request.body())?;
    let ids = input["ResourceIds"].as_array().into_iter().flatten();
    let scaled = ids.filter_map(|id| Some((id, ceilings.get(id.as_str()?)?)));
    let targets = scaled.map(|(id, most)| {
        json!({"ServiceNamespace": "ecs", "ResourceId": id, "ScalableDimension": "ecs:service:DesiredCount",
            "MinCapacity": 1, "MaxCapacity": most, "RoleARN": "arn:aws:iam::1:role/scaling", "CreationTime": 0})
    });
    json_answer(&json!({"ScalableTargets": targets.collect::<Vec<_>>()}))
}
