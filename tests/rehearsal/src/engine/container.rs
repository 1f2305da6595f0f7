//! A container: one process of the sample service, on the loopback address of its task.

use super::place::{PORT, Place};
use crate::lock::lock;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{Notify, watch};

/// How a container's process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Status {
    Created,
    Running,
    /// With its exit code.
    Exited(i32),
}

/// What a container was created with, and its process.
pub struct Container {
    pub id: String,
    pub name: String,
    /// The body of Docker's create call: image, labels, variables and command.
    pub body: Value,
    build: String,
    digest: String,
    database: PathBuf,
    place: Arc<Place>,
    process: Arc<Process>,
    /// The process's standard input: the sample service ends when that closes.
    input: Mutex<Option<ChildStdin>>,
}

struct Process {
    status: watch::Sender<Status>,
    logs: Mutex<Vec<u8>>,
    killed: Notify,
}

impl Container {
    /// A container of `build` at an address, on the database of its repository.
    pub fn new(
        name: String,
        body: &Value,
        (digest, build): (String, String),
        database: PathBuf,
        place: Arc<Place>,
    ) -> Container {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let process = Process {
            status: watch::Sender::new(Status::Created),
            logs: Mutex::default(),
            killed: Notify::new(),
        };
        Container {
            id: format!("{:08x}{number:056x}", std::process::id()),
            name,
            body: body.clone(),
            build,
            digest,
            database,
            place,
            process: Arc::new(process),
            input: Mutex::default(),
        }
    }

    /// The label with the ARN of its task.
    pub fn task(&self) -> Option<&str> {
        task(&self.body)
    }

    /// Where it listens; nobody else has a place there but the containers of its task.
    pub fn place(&self) -> Arc<Place> {
        self.place.clone()
    }

    /// Runs `program` with the container's variables and command. Nothing happens to one that was started.
    pub fn start(&self, program: &Path) -> Result<()> {
        let mut input = lock(&self.input);
        if *self.process.status.borrow() != Status::Created {
            return Ok(());
        }
        let variables = texts(&self.body["Env"]);
        let variables = variables.iter();
        let mut child = Command::new(program)
            .args(texts(&self.body["Cmd"]))
            .env_clear()
            .envs(variables.filter_map(|variable| variable.split_once('=')))
            .env("LISTEN", format!("{}:{PORT}", self.place.address))
            .env("BUILD", &self.build)
            .env("DIGEST", &self.digest)
            .env("DATABASE", &self.database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot run {}", program.display()))?;
        *input = child.stdin.take();
        self.process.status.send_replace(Status::Running);
        tokio::spawn(supervise(child, self.process.clone()));
        Ok(())
    }

    /// Asks the process to end; the sample service finishes the requests in flight. Kills it after `patience`.
    pub async fn stop(&self, patience: Duration) {
        lock(&self.input).take();
        if *self.process.status.borrow() == Status::Running
            && tokio::time::timeout(patience, self.wait()).await.is_err()
        {
            self.kill().await;
        }
    }

    /// Ends the process at once, and waits for its end.
    pub async fn kill(&self) {
        if *self.process.status.borrow() == Status::Running {
            self.end();
            self.wait().await;
        }
    }

    /// Ends the process at once, for a caller that cannot wait.
    pub fn end(&self) {
        self.process.killed.notify_one();
    }

    /// Waits for the process's end and gives its exit code.
    pub async fn wait(&self) -> i32 {
        let mut status = self.process.status.subscribe();
        let ended = status.wait_for(|status| matches!(status, Status::Exited(_)));
        match ended.await.map(|status| *status) {
            Ok(Status::Exited(code)) => code,
            Ok(Status::Created | Status::Running) | Err(_) => 0,
        }
    }

    /// What the process wrote so far.
    pub fn logs(&self) -> Vec<u8> {
        lock(&self.process.logs).clone()
    }

    /// The answer to Docker's inspect call.
    pub fn inspect(&self) -> Value {
        let (status, code) = match *self.process.status.borrow() {
            Status::Created => ("created", 0),
            Status::Running => ("running", 0),
            Status::Exited(code) => ("exited", code),
        };
        let body = &self.body;
        json!({
            "Id": self.id, "Name": format!("/{}", self.name), "Image": self.digest,
            "State": {"Status": status, "Running": status == "running", "ExitCode": code},
            "Config": {"Image": body["Image"], "Labels": body["Labels"], "Env": texts(&body["Env"]),
                "Cmd": texts(&body["Cmd"]), "Tty": false},
            "HostConfig": {"LogConfig": {"Type": "json-file"}},
            "NetworkSettings": {"Networks": {"bridge": {"IPAddress": self.place.address.to_string()}}},
        })
    }
}

/// Stays with a process until its end. Its log is complete before it counts as exited.
async fn supervise(mut child: Child, process: Arc<Process>) {
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let ended = async {
        tokio::select! {
            ended = child.wait() => return ended,
            () = process.killed.notified() => {}
        }
        child.start_kill().ok();
        child.wait().await
    };
    let logs = &process.logs;
    let (ended, (), ()) = tokio::join!(ended, keep(stdout, logs), keep(stderr, logs));
    // A process whose end cannot be read counts as failed, never as running.
    let code = ended.map_or(255, code);
    process.status.send_replace(Status::Exited(code));
}

/// Keeps what a process writes, as it writes it.
async fn keep(from: Option<impl AsyncRead + Unpin>, logs: &Mutex<Vec<u8>>) {
    let (Some(mut from), mut piece) = (from, [0; 4096]) else {
        return;
    };
    while let Ok(length @ 1..) = from.read(&mut piece).await {
        lock(logs).extend(&piece[..length]);
    }
}

/// The exit code; a signal's number counts from 128, as in Docker.
fn code(status: ExitStatus) -> i32 {
    let signal = status.signal().map(|signal| 128 + signal);
    status.code().or(signal).unwrap_or(255)
}

/// The ARN of the task that a container belongs to, from the body of its create call.
pub(super) fn task(body: &Value) -> Option<&str> {
    body["Labels"]["com.amazonaws.ecs.task-arn"].as_str()
}

/// The texts of a list.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let values = value.as_array().into_iter().flatten();
    let texts = values.filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
#[path = "container_tests.rs"]
mod tests;
