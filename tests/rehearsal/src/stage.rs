//! The stage of a story: a local AWS, a service live in blue, and the release system beside it.

use crate::aws::{Aws, REGION};
use crate::engine::Engine;
use crate::functions::{self, Built};
use crate::iam::{Deployed, Policies};
use crate::install::workspace;
use crate::notices::Inbox;
use crate::proxy::Proxy;
use crate::registry::Registry;
use crate::server::Server;
use crate::show::Show;
use crate::stack::{self, Values};
use crate::template;
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Names on the stage.
pub const ENVIRONMENT: &str = "shop-env";
pub const REPOSITORY: &str = "shop";

/// The build that is live when a story begins.
pub const FIRST: &str = "v1.0.0";

/// How long both services may take until they answer.
const LIVE_TIMEOUT: Duration = Duration::from_secs(60);

/// What several stages can share: the server, the engine and the built functions.
pub struct Local {
    // The server goes first: it still asks the engine while it ends.
    server: Server,
    pub proxy: Proxy,
    engine: Engine,
    built: Built,
}

impl Local {
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

/// The stack's parameters that a story may want otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    pub poll_seconds: u32,
    pub watch_seconds: u32,
    /// For a watch that could not tell good from bad.
    pub grace_seconds: u32,
}

/// Further parameters of `template.yaml`, for a story that is about them.
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
    /// What the stack tells people.
    pub inbox: Inbox,
}

impl Stage {
    /// Deploys both templates into an account of its own, which `number` chooses.
    pub async fn build(
        local: &Local,
        number: u64,
        timing: Timing,
        more: Parameters<'_>,
        show: &Show,
    ) -> Result<Stage> {
        let aws = Aws::new(
            &local.server.endpoint,
            &format!("{:012}", 100_000_000_000 + number),
        );
        let service = format!("shop-{number}");
        show.step(
            "pushing the sample service and deploying the example environment, twice two tasks",
        );
        aws.ecr()
            .create_repository()
            .repository_name(REPOSITORY)
            .send()
            .await
            .context("cannot create a repository")?;
        local.engine.registry.push(&aws, REPOSITORY, FIRST).await?;
        let file = template::load(&workspace().join("tests/rehearsal/environment.yaml"))?;
        let parameters = [("RepositoryName", REPOSITORY), ("ImageTag", FIRST)];
        let environment = stack::deploy(&aws, ENVIRONMENT, &file, &values(parameters)).await?;
        show.step(
            "deploying template.yaml: five functions, the state machine, the trigger, two alarms",
        );
        let mut parameters = seconds(timing);
        parameters.extend(more.iter().map(|(name, value)| owned(name, value)));
        let (outputs, deployed) =
            release_system(&aws, &service, &local.built, &environment, parameters).await?;
        local.proxy.enforce(&aws.account, Policies::of(&deployed)?);
        let topic = outputs.get("NoticesTopicArn").context("no topic")?;
        let inbox = Inbox::open(&aws, topic).await?;
        let stage = Stage {
            aws,
            inbox,
            deployed,
            service,
            timing,
            registry: local.engine.registry.clone(),
            environment,
            outputs,
        };
        show.step(&format!(
            "waiting until {FIRST} answers in blue and in green"
        ));
        stage.wait_until_live().await?;
        Ok(stage)
    }

    /// A request through the load balancer's data plane; `preview` asks one environment's own listener.
    pub fn request(
        &self,
        client: &reqwest::Client,
        path: &str,
        preview: Option<u16>,
    ) -> reqwest::RequestBuilder {
        let port = preview.map_or_else(String::new, |port| format!(":{port}"));
        let host = format!("{ENVIRONMENT}-alb.alb.localhost{port}");
        // The data plane finds the account as the control plane does: by the access key.
        let key = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/eu-west-1/elb/aws4_request",
            self.aws.account
        );
        client
            .get(format!("{}{path}", self.aws.endpoint))
            .header("host", host)
            .header("authorization", key)
    }

    /// An output of `template.yaml`.
    pub fn output(&self, name: &str) -> Result<&str> {
        self.outputs
            .get(name)
            .map(String::as_str)
            .with_context(|| format!("template.yaml has no output {name}"))
    }

    async fn wait_until_live(&self) -> Result<()> {
        let (client, began) = (reqwest::Client::new(), Instant::now());
        for preview in [None, Some(8081), Some(8082)] {
            loop {
                let answer = self.request(&client, "/health", preview).send().await;
                if answer.is_ok_and(|response| response.status().is_success()) {
                    break;
                }
                if began.elapsed() > LIVE_TIMEOUT {
                    bail!(
                        "the sample service did not answer within {LIVE_TIMEOUT:?} (listener {preview:?})"
                    );
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        Ok(())
    }
}

async fn release_system(
    aws: &Aws,
    service: &str,
    built: &Built,
    environment: &Values,
    mut parameters: Values,
) -> Result<(Values, Deployed)> {
    let definition = std::fs::read_to_string(workspace().join("statemachine/blue_green.asl.json"))?;
    let file = template::load(&workspace().join("template.yaml"))?;
    let known = |name: &&String| file["Parameters"].get(name.as_str()).is_some();
    let environment = environment.iter().filter(|(name, _)| known(name));
    parameters.extend(environment.map(|(name, value)| owned(name, value)));
    let packed = stack::package(aws, file, &built.packages, &definition).await?;
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

fn seconds(timing: Timing) -> Values {
    let seconds = [
        ("PollSeconds", timing.poll_seconds),
        ("WatchSeconds", timing.watch_seconds),
        ("GraceSeconds", timing.grace_seconds),
    ];
    let seconds = seconds.map(|(name, value)| owned(name, &value.to_string()));
    seconds.into()
}

fn values<const N: usize>(pairs: [(&str, &str); N]) -> Values {
    pairs.map(|(name, value)| owned(name, value)).into()
}

fn owned(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
