//! The stage of a rehearsal: a local AWS, a service with blue active, and the release system beside it.

pub use crate::environment::{ENVIRONMENT, FIRST, REPOSITORY};

use crate::aws::{Aws, REGION, plain};
use crate::engine::Engine;
use crate::environment::{self, Change};
use crate::functions::{self, Built};
use crate::notices::Inbox;
use crate::package;
use crate::proxy::Proxy;
use crate::registry::Registry;
use crate::server::Server;
use crate::show::Show;
use crate::stack::{self, Values};
use anyhow::{Context, Result, ensure};
use iam::{Deployed, Policies};
use project::template;
use reqwest::Method;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long both services may take until they answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

/// What several stages can share: the server, the engine and the built functions.
pub struct Local {
    // The server is dropped first: it still calls the engine while it ends.
    server: Server,
    pub proxy: Proxy,
    engine: Engine,
    built: Built,
}

impl Local {
    /// Builds the functions, and starts the local AWS with the proxy and the engine.
    ///
    /// # Errors
    /// Something cannot be built, installed or started.
    pub async fn start(show: &Show) -> Result<Local> {
        show.step("building the five functions and the sample service");
        let built = functions::build(&|text| show.live(text)).await?;
        show.step("installing the local AWS (only the first time takes a while) and starting it");
        let engine = Engine::start(built.sample_service.clone()).await?;
        let proxy = Proxy::start().await?;
        let server = Server::start(engine.port, &proxy.endpoint).await?;
        proxy.forward_to(&server.endpoint);
        Ok(Local {
            server,
            proxy,
            engine,
            built,
        })
    }
}

/// How long a release takes: parameters of `template.yaml`.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub poll_seconds: u32,
    pub watch_seconds: u32,
    /// How much longer the watch goes on while its verdict is inconclusive.
    pub inconclusive_grace_seconds: u32,
}

impl Timing {
    fn parameters(self) -> Values {
        let grace = self.inconclusive_grace_seconds;
        let seconds = [
            ("PollSeconds", self.poll_seconds),
            ("WatchSeconds", self.watch_seconds),
            ("InconclusiveGraceSeconds", grace),
        ];
        seconds
            .map(|(name, value)| (name.to_owned(), value.to_string()))
            .into()
    }
}

/// Further parameters of `template.yaml`.
pub type Parameters<'a> = &'a [(&'a str, &'a str)];

/// What makes a stage different from others.
#[derive(Clone, Copy)]
pub struct Setup<'a> {
    pub timing: Timing,
    pub parameters: Parameters<'a>,
    /// What is otherwise than in the example environment.
    pub changes: &'a [Change],
}

impl Setup<'_> {
    /// The example environment with the usual parameters.
    pub fn usual(timing: Timing) -> Setup<'static> {
        Setup {
            timing,
            parameters: &[],
            changes: &[],
        }
    }
}

/// One account of the local AWS with everything deployed.
pub struct Stage {
    pub aws: Aws,
    /// Name of the service, which is the name of the release system's stack. Every stage has another one: the
    /// local CloudFormation ends the running functions of that name in all accounts when it creates one.
    pub service: String,
    pub timing: Timing,
    pub registry: Arc<Registry>,
    /// Outputs of the example environment, named as `template.yaml` names its parameters.
    pub environment: Values,
    /// Outputs of `template.yaml`.
    pub outputs: Values,
    /// The stack, with what the names in its policies stand for.
    pub deployed: Deployed,
    /// The notices that people get.
    pub inbox: Inbox,
}

impl Stage {
    /// Deploys both templates into an account of its own, which `number` chooses.
    ///
    /// # Errors
    /// A template cannot be deployed, or the sample service does not answer.
    pub async fn build(local: &Local, number: u64, setup: Setup<'_>, show: &Show) -> Result<Stage> {
        let account = (100_000_000_000 + number).to_string();
        let aws = Aws::new(&local.server.endpoint, &account);
        let service = format!("shop-{number}");
        let registry = local.engine.registry.clone();
        show.step(
            "pushing the sample service and deploying the example environment, twice two tasks",
        );
        let environment = environment::deploy(&aws, &registry, setup.changes).await?;
        show.step(
            "deploying template.yaml: five functions, the state machine, the trigger, two alarms",
        );
        let mut parameters = setup.timing.parameters();
        let more = setup.parameters.iter();
        parameters.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (outputs, deployed) =
            release_system(&aws, &service, &local.built, &environment, parameters).await?;
        local.proxy.enforce(&aws.account, Policies::of(&deployed)?);
        let topic = outputs.get("NoticesTopicArn").context("no topic")?;
        let inbox = Inbox::open(&aws, topic).await?;
        let stage = Stage {
            aws,
            service,
            timing: setup.timing,
            registry,
            environment,
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
    async fn wait_for_answers(&self) -> Result<()> {
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

/// Deploys `template.yaml` beside it; its parameters have the names of the environment's outputs.
async fn release_system(
    aws: &Aws,
    service: &str,
    built: &Built,
    environment: &Values,
    mut parameters: Values,
) -> Result<(Values, Deployed)> {
    let root = project::root();
    let definition = std::fs::read_to_string(root.join("statemachine/blue_green.asl.json"))?;
    let file = template::load(&root.join("template.yaml"))?;
    let known = |(name, _): &(String, String)| file["Parameters"].get(name).is_some();
    parameters.extend(environment.clone().into_iter().filter(known));
    let packed = package::package(aws, file, &built.packages, &definition).await?;
    let outputs = stack::deploy(aws, service, &packed, &parameters).await?;
    let deployed = Deployed {
        template: packed,
        name: service.to_owned(),
        region: REGION.to_owned(),
        account: aws.account.clone(),
        parameters,
        ids: stack::resources(aws, service).await?,
    };
    Ok((outputs, deployed))
}
