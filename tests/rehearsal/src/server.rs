//! The local AWS as a child process that ends with us.

use crate::aws::http_client;
use crate::install;
use crate::show::Show;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long MiniStack may take to answer; it takes about a second, on a busy machine more.
const START_TIMEOUT: Duration = Duration::from_secs(180);

/// Ports that are tried: another process may take one before MiniStack binds it.
const TRIES: usize = 3;

/// A running MiniStack. Dropping it ends it, with the Lambda processes it started.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub endpoint: String,
    pub log: PathBuf,
}

impl Server {
    /// Starts MiniStack on a free port: its ECS drives the engine at `engine_port`, and its functions call AWS at
    /// `functions_endpoint`.
    ///
    /// # Errors
    /// Python or MiniStack cannot be installed, or MiniStack does not answer within 3 minutes.
    pub async fn start(engine_port: u16, functions_endpoint: &str) -> Result<Server> {
        let python = tokio::task::spawn_blocking(|| install::python(&Show::waiting())).await??;
        let mut tries = 1;
        loop {
            let mut server = Server::spawn(&python, engine_port, functions_endpoint)?;
            match server.ready().await {
                Err(_) if tries < TRIES => tries += 1,
                ready => return ready.map(|()| server),
            }
        }
    }

    fn spawn(python: &Path, engine_port: u16, functions: &str) -> Result<Server> {
        let port = free_port()?;
        let endpoint = format!("http://127.0.0.1:{port}");
        let log = install::home().join(format!("ministack-{port}.log"));
        let output =
            File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        // Its environment leaks into the functions, so it gets little: what it needs, and what they need.
        let inherited = std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "HOME");
        let child = Command::new(python)
            .arg(project::root().join("tests/rehearsal/launcher.py"))
            .env_clear()
            .envs(inherited)
            // The functions are unpacked and run there: a system's own folder may be small, or forbid to run.
            .env("TMPDIR", install::home())
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", "127.0.0.1")
            .env("AWS_ENDPOINT_URL", functions)
            .env("DOCKER_HOST", format!("tcp://127.0.0.1:{engine_port}"))
            .env("LAMBDA_EXECUTOR", "local")
            // What an event invokes is tried again after one minute and after two more, as by Lambda.
            .env("LAMBDA_ASYNC_RETRY_BASE_SECONDS", "60")
            .env("LAMBDA_ASYNC_RETRY_MAX_SECONDS", "120")
            // The tasks listen on loopback, which smoke checks only with this permission.
            .env("SMOKE_LOOPBACK", "allowed")
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .context("cannot start MiniStack")?;
        Ok(Server {
            child,
            endpoint,
            log,
        })
    }

    async fn ready(&mut self) -> Result<()> {
        let url = format!("{}/_ministack/health", self.endpoint);
        let (client, began) = (http_client(), Instant::now());
        let log = self.log.display();
        while began.elapsed() < START_TIMEOUT {
            if let Some(status) = self.child.try_wait()? {
                bail!("MiniStack ended with {status} while it started; its log is {log}");
            }
            let answer = client.get(&url).send().await;
            if answer.is_ok_and(|response| response.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("MiniStack did not answer within {START_TIMEOUT:?}; its log is {log}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The launcher ends its whole process group when this pipe closes.
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

/// A port that is free now; MiniStack cannot be handed a bound one.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
    Ok(listener.local_addr()?.port())
}
