//! The stage of a rehearsal: a local AWS, a service with blue active, and the release system beside it.

pub use crate::environment::{ENVIRONMENT, FIRST, REPOSITORY};
pub use crate::local::Local;
pub use crate::site::{COMMANDS_IN_REQUESTS, Parameters, Setup, Timing};

use crate::aws::{Aws, REGION, plain};
use crate::notices::Inbox;
use crate::proxy::Proxy;
use crate::registry::Registry;
use crate::show::Show;
use crate::site::Site;
use crate::stack::{self, Values};
use anyhow::{Context, Result, ensure};
use iam::{Deployed, Policies};
use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long both services may take until they answer, on a busy machine too.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(300);

/// One account of the local AWS with everything deployed.
pub struct Stage {
    pub aws: Aws,
    /// Name of the service, which is the name of the release system's stack. Every stage has another one: the
    /// local CloudFormation ends the running functions of that name in all accounts when it creates one.
    pub service: String,
    pub timing: Timing,
    pub registry: Arc<Registry>,
    /// Between its functions and AWS.
    pub proxy: Arc<Proxy>,
    /// Outputs of the example environment, named as `template.yaml` names its parameters.
    pub environment: Values,
    /// Outputs of `template.yaml`.
    pub outputs: Values,
    /// The stack, with what the names in its policies stand for.
    pub deployed: Deployed,
    /// What people and programs learn of its releases.
    pub inbox: Inbox,
}

impl Stage {
    /// Deploys both templates into an account of its own, which `number` chooses.
    ///
    /// # Errors
    /// A template cannot be deployed, or the sample service does not answer.
    pub async fn build(local: &Local, number: u64, setup: Setup<'_>, show: &Show) -> Result<Stage> {
        let site = Site::prepare(local, number, setup, show).await?;
        show.step(
            "deploying template.yaml: five functions, two state machines, the trigger, two alarms",
        );
        site.deploy().await?;
        Stage::open(local, site, show).await
    }

    /// The stage of a site whose stack is up. The proxy holds its functions to their policies; customers get answers.
    ///
    /// # Errors
    /// There is no such stack, or the sample service does not answer.
    pub async fn open(local: &Local, site: Site, show: &Show) -> Result<Stage> {
        let (aws, service) = (site.aws, site.service);
        let outputs = stack::outputs(&aws, &service).await?;
        let deployed = Deployed {
            template: stack::template(&aws, &service).await?,
            name: service.clone(),
            region: REGION.to_owned(),
            account: aws.account.clone(),
            parameters: site.parameters,
            ids: stack::resources(&aws, &service).await?,
        };
        local.proxy.enforce(&aws.account, Policies::of(&deployed)?);
        let inbox = Inbox::open(&aws, &outputs).await?;
        let stage = Stage {
            aws,
            service,
            timing: site.timing,
            registry: site.registry,
            proxy: local.proxy.clone(),
            environment: site.environment,
            outputs,
            deployed,
            inbox,
        };
        show.step(&format!(
            "waiting until {FIRST} answers in blue and in green"
        ));
        stage.wait_for_answers().await?;
        Ok(stage)
    }

    /// A GET request through the load balancer's data plane; to the public's listener where no other's port is given.
    pub fn request(&self, path: &str, port: Option<u16>) -> reqwest::RequestBuilder {
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        let host = format!("{ENVIRONMENT}-alb.alb.localhost{port}");
        // The data plane finds the account as the control plane does: by the access key.
        plain::request(&self.aws, "elb", Method::GET, path).header("host", host)
    }

    /// The build that answers on a listener of its own.
    ///
    /// # Errors
    /// Nobody answers there, or something else does.
    pub async fn version(&self, port: u16) -> Result<String> {
        let request = self.request("/api/v1/version", Some(port));
        let answer: Value = request.send().await?.json().await?;
        Ok(answer["version"].as_str().context("no version")?.to_owned())
    }

    /// An output of `template.yaml`.
    ///
    /// # Errors
    /// There is no such output.
    pub fn output(&self, name: &str) -> Result<&str> {
        let output = self.outputs.get(name).map(String::as_str);
        output.with_context(|| format!("template.yaml has no output {name}"))
    }

    /// Waits until customers get answers, and until the load balancer finds every task healthy.
    pub(crate) async fn wait_for_answers(&self) -> Result<()> {
        let began = Instant::now();
        let answers = async || {
            let answer = self.request("/health", None).send().await;
            answer.is_ok_and(|response| response.status().is_success())
        };
        while !answers().await || !self.all_healthy().await? {
            ensure!(
                began.elapsed() < ANSWER_TIMEOUT,
                "the sample service did not answer in both environments within {ANSWER_TIMEOUT:?}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(())
    }
}

impl Drop for Stage {
    /// What nobody uses any more, running functions and tasks, takes no time of the others.
    fn drop(&mut self) {
        let (aws, service) = (self.aws.clone(), self.service.clone());
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                stack::delete(&aws, &service).await.ok();
                stack::delete(&aws, ENVIRONMENT).await.ok();
            });
        }
    }
}
