//! The script as a CI job runs it.

use anyhow::{Context, Result, ensure};
use rehearsal::install;
use rehearsal::show::Show;
use rehearsal::stage::Stage;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// A busy machine needs minutes for a release.
const ENDED_WITHIN: Duration = Duration::from_secs(900);

/// A call of the script.
pub struct Script {
    command: Command,
    /// Where it leaves outputs. Beside it, under other endings, stand its summary and what it says.
    outputs: PathBuf,
}

/// How a call ended.
#[derive(Debug)]
pub struct Ran {
    /// None if a signal ended it.
    pub code: Option<i32>,
    /// Everything it has said.
    pub said: String,
    /// What it left for the later steps of a job.
    pub outputs: String,
    /// What it left for the page of the job.
    pub summary: String,
}

impl Script {
    /// The script on a stage's machine, as the execution `name`, with further options.
    pub async fn new(stage: &Stage, name: &str, options: &[&str]) -> Result<Script> {
        Script::on(stage, stage.output("StateMachineArn")?, name, options).await
    }

    /// The same on another machine.
    pub async fn on(stage: &Stage, machine: &str, name: &str, options: &[&str]) -> Result<Script> {
        let cli = tokio::task::spawn_blocking(|| install::aws_cli(&Show::waiting())).await??;
        let home = install::home().join("ci").join(&stage.service);
        std::fs::create_dir_all(&home)?;
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let outputs = home.join(NEXT.fetch_add(1, Ordering::Relaxed).to_string());
        // The script adds to it, and an earlier run of the tests may have left one.
        let summary = outputs.with_extension("md");
        std::fs::write(&outputs, "")?;
        std::fs::write(&summary, "")?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths([cli].into_iter().chain(std::env::split_paths(&path)))?;
        let mut command = Command::new("env");
        command
            // Tests that run in the background of a shell ignore SIGINT, and bash cannot trap what it was to ignore.
            .args(["--default-signal=INT", "bash"])
            .arg(project::root().join(".github/actions/release/release.sh"))
            .args(["--state-machine", machine, "--name", name, "--poll", "1"])
            .args(options)
            .env_clear()
            .env("PATH", path)
            // No settings of the person who runs the tests.
            .env("HOME", &home)
            .env("AWS_ENDPOINT_URL", &stage.aws.endpoint)
            .env("AWS_ACCESS_KEY_ID", &stage.aws.account)
            .env("AWS_SECRET_ACCESS_KEY", "rehearsal")
            .env("GITHUB_OUTPUT", &outputs)
            .env("GITHUB_STEP_SUMMARY", &summary)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        Ok(Script { command, outputs })
    }

    /// Lets it ask another endpoint.
    pub fn at(mut self, endpoint: &str) -> Script {
        self.command.env("AWS_ENDPOINT_URL", endpoint);
        self
    }

    /// Runs it to its end.
    pub async fn run(self) -> Result<Ran> {
        self.start()?.end().await
    }

    /// Starts it.
    pub fn start(mut self) -> Result<Running> {
        let log = self.outputs.with_extension("log");
        let file = std::fs::File::create(&log)?;
        self.command.stdout(file.try_clone()?).stderr(file);
        let child = self.command.spawn().context("cannot run bash")?;
        let outputs = self.outputs;
        Ok(Running {
            child,
            log,
            outputs,
        })
    }
}

/// The script while it runs.
pub struct Running {
    child: Child,
    log: PathBuf,
    outputs: PathBuf,
}

impl Running {
    /// Waits until it has said something.
    pub async fn says(&self, text: &str) -> Result<()> {
        let began = Instant::now();
        while !self.said()?.contains(text) {
            let said = self.said()?;
            ensure!(began.elapsed() < ENDED_WITHIN, "no {text:?} in {said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(())
    }

    /// Sends it a signal, such as TERM.
    pub async fn signal(&self, name: &str) -> Result<()> {
        let id = self.child.id().context("it has ended")?;
        let kill = Command::new("kill")
            .args(["-s", name, &id.to_string()])
            .status();
        ensure!(kill.await?.success(), "no such process");
        Ok(())
    }

    /// Waits for its end.
    pub async fn end(mut self) -> Result<Ran> {
        let status = tokio::time::timeout(ENDED_WITHIN, self.child.wait()).await;
        let said = self.said()?;
        let status = status.with_context(|| format!("it did not end: {said}"))??;
        let summary = std::fs::read_to_string(self.outputs.with_extension("md"))?;
        let outputs = std::fs::read_to_string(&self.outputs)?;
        Ok(Ran {
            code: status.code(),
            said,
            outputs,
            summary,
        })
    }

    fn said(&self) -> Result<String> {
        Ok(std::fs::read_to_string(&self.log)?)
    }
}

impl Ran {
    /// It ended with this code, having said this, and the job knows the code and shows where the execution is.
    #[track_caller]
    pub fn assert(&self, code: i32, says: &str) {
        assert_eq!(self.code, Some(code), "{}", self.said);
        assert!(self.said.contains(says), "no {says:?} in {}", self.said);
        let known = self.outputs.starts_with(&format!("exit-code={code}\n"));
        assert!(known, "{}", self.outputs);
        let shown = self.summary.starts_with("### Release ");
        assert_eq!(
            shown,
            !self.outputs.ends_with("\nurl=\n"),
            "{}",
            self.summary
        );
    }
}
