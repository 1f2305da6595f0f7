//! The local AWS as a child process that ends with us.

use crate::install;
use anyhow::{Context, Result, bail};
use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long MiniStack may take to answer; it takes about a second.
const START_TIMEOUT: Duration = Duration::from_secs(60);

/// A running MiniStack. Dropping it ends it, with the Lambda processes it started.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub endpoint: String,
    pub log: PathBuf,
}

impl Server {
    /// Starts MiniStack on a free port, its ECS driving the engine at `engine_port`.
    pub async fn start(engine_port: u16) -> Result<Server> {
        let python = tokio::task::spawn_blocking(install::python).await??;
        let port = free_port()?;
        let endpoint = format!("http://127.0.0.1:{port}");
        let log = install::home().join(format!("ministack-{port}.log"));
        let output =
            File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        // Its environment leaks into the functions, so it gets little: what it needs, and what they need.
        let child = Command::new(python)
            .arg(install::workspace().join("tests/rehearsal/launcher.py"))
            .env_clear()
            .envs(
                std::env::vars()
                    .filter(|(name, _)| ["PATH", "HOME", "TMPDIR"].contains(&name.as_str())),
            )
            .env("GATEWAY_PORT", port.to_string())
            .env("BIND_HOST", "127.0.0.1")
            .env("AWS_ENDPOINT_URL", &endpoint)
            .env("DOCKER_HOST", format!("tcp://127.0.0.1:{engine_port}"))
            .env("LAMBDA_EXECUTOR", "local")
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .process_group(0)
            .spawn()
            .context("cannot start MiniStack")?;
        let mut server = Server {
            child,
            endpoint,
            log,
        };
        server.ready().await?;
        Ok(server)
    }

    async fn ready(&mut self) -> Result<()> {
        let (url, began) = (
            format!("{}/_ministack/health", self.endpoint),
            Instant::now(),
        );
        while began.elapsed() < START_TIMEOUT {
            if let Some(status) = self.child.try_wait()? {
                bail!(
                    "MiniStack ended with {status} while it started; its log is {}",
                    self.log.display()
                );
            }
            if reqwest::get(&url)
                .await
                .is_ok_and(|response| response.status().is_success())
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!(
            "MiniStack did not answer within {START_TIMEOUT:?}; its log is {}",
            self.log.display()
        )
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
    Ok(TcpListener::bind("127.0.0.1:0")
        .context("no free port on loopback")?
        .local_addr()?
        .port())
}
