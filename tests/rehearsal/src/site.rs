//! An account in which the example environment is up, for `template.yaml` to be deployed into.

use crate::aws::Aws;
use crate::environment::{self, Change};
use crate::local::Local;
use crate::package;
use crate::registry::Registry;
use crate::show::Show;
use crate::stack::{self, Values};
use anyhow::Result;
use project::template;
use std::sync::Arc;

/// How long a release takes: parameters of `template.yaml`.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Of a deployment, and of the metrics.
    pub poll_seconds: u32,
    pub watch_seconds: u32,
    /// How much longer the watch goes on while its verdict is inconclusive.
    pub inconclusive_grace_seconds: u32,
}

impl Timing {
    pub(crate) fn parameters(self) -> Values {
        let grace = self.inconclusive_grace_seconds;
        let seconds = [
            ("PollSeconds", self.poll_seconds),
            ("DeployPollSeconds", self.poll_seconds),
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

/// A parameter with which requests may bring commands: migrations, and contract steps.
pub const COMMANDS_IN_REQUESTS: (&str, &str) = ("CommandsFrom", "request");

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

/// Everything that there is before the release system.
pub struct Site {
    pub aws: Aws,
    /// Name of the stack to come.
    pub service: String,
    pub(crate) timing: Timing,
    pub(crate) registry: Arc<Registry>,
    /// Outputs of the example environment.
    pub(crate) environment: Values,
    /// Parameters of `template.yaml` that get no default.
    pub parameters: Values,
}

impl Site {
    /// Deploys the example environment into an account of its own, which `number` chooses.
    ///
    /// # Errors
    /// The environment cannot be deployed.
    pub async fn prepare(
        local: &Local,
        number: u64,
        setup: Setup<'_>,
        show: &Show,
    ) -> Result<Site> {
        let account = (100_000_000_000 + number).to_string();
        let aws = Aws::new(&local.server.endpoint, &account);
        let registry = local.engine.registry.clone();
        show.step(
            "pushing the sample service and deploying the example environment, twice two tasks",
        );
        let environment = environment::deploy(&aws, &registry, setup.changes).await?;
        let mut parameters = setup.timing.parameters();
        // The outputs have the names of the parameters.
        let file = template::load(&project::root().join("template.yaml"))?;
        let known = |(name, _): &(String, String)| file["Parameters"].get(name).is_some();
        parameters.extend(environment.clone().into_iter().filter(known));
        let more = setup.parameters.iter();
        parameters.extend(more.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Ok(Site {
            aws,
            service: format!("shop-{number}"),
            timing: setup.timing,
            registry,
            environment,
            parameters,
        })
    }

    /// Deploys `template.yaml` as the SAM CLI does, with the functions that are uploaded already.
    pub(crate) async fn deploy(&self) -> Result<()> {
        let url = package::template_url(&self.aws);
        stack::deploy_from(&self.aws, &self.service, &url, &self.parameters).await?;
        Ok(())
    }
}
