//! A container: one process of the sample service on a loopback address of its own.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::AsyncReadExt;
use tokio::process::{ChildStdin, Command};
use tokio::sync::watch;

/// Where every container listens, as the task definition's port mapping says.
const PORT: u16 = 8080;

/// What a container was created with, and how its process is.
pub struct Container {
    pub id: String,
    pub name: String,
    pub image: String,
    pub labels: Value,
    variables: Vec<String>,
    build: String,
    digest: String,
    pub address: Ipv4Addr,
    /// None: created; `Some(None)`: running; `Some(Some(code))`: exited.
    status: watch::Sender<Option<Option<i32>>>,
    logs: Arc<Mutex<Vec<u8>>>,
    /// The process's standard input: it ends when that closes.
    process: Mutex<Option<ChildStdin>>,
}

impl Container {
    /// A container of `build`, from the body of Docker's create call.
    pub fn new(name: String, body: &Value, (digest, build): (String, String)) -> Result<Container> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let texts = |value: &Value| -> Vec<String> {
            value
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        Ok(Container {
            id: format!("{:08x}{number:056x}", std::process::id()),
            name,
            image: body["Image"].as_str().unwrap_or_default().to_owned(),
            labels: body["Labels"].clone(),
            variables: texts(&body["Env"]),
            build,
            digest,
            address: free_address()?,
            status: watch::Sender::new(None),
            logs: Arc::default(),
            process: Mutex::default(),
        })
    }

    pub fn start(self: &Arc<Container>, program: &Path) -> Result<()> {
        let pairs = self
            .variables
            .iter()
            .filter_map(|variable| variable.split_once('='));
        let mut child = Command::new(program)
            .env_clear()
            .envs(pairs)
            .env("LISTEN", format!("{}:{PORT}", self.address))
            .env("BUILD", &self.build)
            .env("DIGEST", &self.digest)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        let stdout = child.stdout.take();
        *self.process.lock().unwrap_or_else(PoisonError::into_inner) = child.stdin.take();
        self.status.send_replace(Some(None));
        let (logs, status) = (self.logs.clone(), self.status.clone());
        tokio::spawn(async move {
            if let Some(mut stdout) = stdout {
                let mut text = Vec::new();
                stdout.read_to_end(&mut text).await.ok();
                logs.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .extend(text);
            }
            status.send_replace(Some(child.wait().await.ok().and_then(code)));
        });
        Ok(())
    }

    /// Asks the process to end; the sample service finishes the requests in flight.
    pub fn stop(&self) {
        self.process
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
    }

    /// Waits for the process's end and gives its exit code.
    pub async fn wait(&self) -> i32 {
        let mut status = self.status.subscribe();
        match status
            .wait_for(|status| matches!(status, Some(Some(_))))
            .await
        {
            Ok(status) => (*status).flatten().unwrap_or_default(),
            Err(_) => 0,
        }
    }

    pub fn logs(&self) -> Vec<u8> {
        self.logs
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What Docker's inspect call tells of it.
    pub fn inspect(&self) -> Value {
        let (status, code) = match *self.status.borrow() {
            None => ("created", 0),
            Some(None) => ("running", 0),
            Some(Some(code)) => ("exited", code),
        };
        json!({
            "Id": self.id, "Name": format!("/{}", self.name), "Image": self.digest,
            "State": {"Status": status, "Running": status == "running", "ExitCode": code},
            "Config": {"Image": self.image, "Labels": self.labels, "Env": self.variables, "Tty": false},
            "HostConfig": {"LogConfig": {"Type": "json-file"}},
            "NetworkSettings": {"Networks": {"bridge": {"IPAddress": self.address.to_string()}}},
        })
    }
}

/// The exit code; a signal's number counts from 128, as in Docker.
fn code(status: ExitStatus) -> Option<i32> {
    status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
}

/// A loopback address on which nobody listens: RegisterTargets keeps one target for each address.
fn free_address() -> Result<Ipv4Addr> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // Several rehearsals may run on this machine; each begins in a range of its own.
    let range = std::process::id() % 200 + 20;
    for _ in 0..5000 {
        let number = NEXT.fetch_add(1, Ordering::Relaxed) % 50_000;
        let address =
            Ipv4Addr::from((127 << 24) + (range << 16) + ((number / 200) << 8) + number % 200 + 10);
        if TcpListener::bind((address, PORT)).is_ok() {
            return Ok(address);
        }
    }
    bail!("no free loopback address with port {PORT}: end what listens there, and run this again")
}
