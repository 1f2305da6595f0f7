//! The stage of a rehearsal: a local AWS, a service with blue active, and the release system beside it.

use crate::aws::{Aws, REGION, plain};
use crate::engine::Engine;
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
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Names on the stage.
pub const ENVIRONMENT: &str = "shop-env";
pub const REPOSITORY: &str = "shop";

/// The build that both environments run when a scenario begins.
pub const FIRST: &str = "v1.0.0";

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
    pub async fn build(
        local: &Local,
        number: u64,
        timing: Timing,
        more: Parameters<'_>,
        show: &Show,
    ) -> Result<Stage> {
        let account = (100_000_000_000 + number).to_string();
        let aws = Aws::new(&local.server.endpoint, &account);
        let service = format!("shop-{number}");
        let registry = local.engine.registry.clone();
        show.step(
            "pushing the sample service and deploying the example environment, twice two tasks",
        );
        let environment = example_environment(&aws, &registry).await?;
        show.step(
            "deploying template.yaml: five functions, the state machine, the trigger, two alarms",
        );
        let mut parameters = timing.parameters();
        parameters.extend(more.iter().map(|(name, value)| owned(name, value)));
        let (outputs, deployed) =
            release_system(&aws, &service, &local.built, &environment, parameters).await?;
        local.proxy.enforce(&aws.account, Policies::of(&deployed)?);
        let topic = outputs.get("NoticesTopicArn").context("no topic")?;
        let inbox = Inbox::open(&aws, topic).await?;
        let stage = Stage {
            aws,
            service,
            timing,
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

    /// A GET request through the load balancer's data plane; `preview` is the port of one environment's own listener.
    pub fn request(&self, path: &str, preview: Option<u16>) -> reqwest::RequestBuilder {
        let port = preview.map_or_else(String::new, |port| format!(":{port}"));
        let host = format!("{ENVIRONMENT}-alb.alb.localhost{port}");
        // The data plane finds the account as the control plane does: by the access key.
        plain::request(&self.aws, "elb", Method::GET, path).header("host", host)
    }

    /// An output of `template.yaml`.
    ///
    /// # Errors
    /// There is no such output.
    pub fn output(&self, name: &str) -> Result<&str> {
        let output = self.outputs.get(name).map(String::as_str);
        output.with_context(|| format!("template.yaml has no output {name}"))
    }

    /// Waits until customers get answers, and until each environment's own listener gives some.
    async fn wait_for_answers(&self) -> Result<()> {
        let began = Instant::now();
        let answers = async |preview| {
            let answer = self.request("/health", preview).send().await;
            answer.is_ok_and(|response| response.status().is_success())
        };
        for preview in [None, Some(8081), Some(8082)] {
            while !answers(preview).await {
                ensure!(
                    began.elapsed() < ANSWER_TIMEOUT,
                    "the sample service did not answer within {ANSWER_TIMEOUT:?} (listener {preview:?})"
                );
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }
}

/// Deploys the service and its load balancer, and gives the stack's outputs.
async fn example_environment(aws: &Aws, registry: &Registry) -> Result<Values> {
    let call = aws.ecr().create_repository().repository_name(REPOSITORY);
    call.send().await.context("cannot create a repository")?;
    registry.push(aws, REPOSITORY, FIRST).await?;
    let file = template::load(&project::root().join("tests/rehearsal/environment.yaml"))?;
    let parameters = [("RepositoryName", REPOSITORY), ("ImageTag", FIRST)];
    let parameters = parameters.map(|(name, value)| owned(name, value));
    stack::deploy(aws, ENVIRONMENT, &file, &parameters.into()).await
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

fn owned(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
