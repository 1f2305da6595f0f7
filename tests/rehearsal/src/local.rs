//! The local AWS with what several stages share.

use crate::aws::Aws;
use crate::engine::Engine;
use crate::functions;
use crate::install;
use crate::package;
use crate::proxy::Proxy;
use crate::server::Server;
use crate::show::Show;
use anyhow::Result;
use std::sync::Arc;

/// The account that has what all stages deploy. Theirs have other numbers.
const ACCOUNT: &str = "100000000000";

/// What several stages can share: the server with the functions' packages, and the engine.
pub struct Local {
    // The server is dropped first: it still calls the engine while it ends.
    pub(crate) server: Server,
    pub proxy: Arc<Proxy>,
    pub(crate) engine: Engine,
}

impl Local {
    /// Builds the functions, and starts the local AWS with the proxy and the engine.
    ///
    /// # Errors
    /// Something cannot be built, installed or started.
    pub async fn start(show: &Show) -> Result<Local> {
        show.step("packing the five functions and the sample service");
        let built = functions::build(&|text| show.progress(text)).await?;
        let installing = show.clone();
        tokio::task::spawn_blocking(move || install::python(&installing)).await??;
        show.step("starting the local AWS");
        let engine = Engine::start(built.sample_service.clone()).await?;
        let proxy = Arc::new(Proxy::start().await?);
        let server = Server::start(engine.port, &proxy.endpoint).await?;
        proxy.forward_to(&server.endpoint);
        package::upload(&Aws::new(&server.endpoint, ACCOUNT), &built.packages).await?;
        Ok(Local {
            server,
            proxy,
            engine,
        })
    }

    /// Where it answers: `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        &self.server.endpoint
    }
}
