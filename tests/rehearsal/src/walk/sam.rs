//! The SAM CLI as README calls it; what it would ask for is told to it.

use crate::aws::{Aws, REGION};
use crate::functions::FUNCTIONS;
use crate::install;
use crate::show::Show;
use crate::site::Site;
use crate::stack::Values;
use anyhow::{Context, Result, ensure};
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::Command;
use tokio::time::timeout;

/// What it and Cargo need of our environment. Nothing may lead them to somebody's real account.
const INHERITED: [&str; 6] = [
    "HOME",
    "CARGO_HOME",
    "CARGO_TARGET_DIR",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "TMPDIR",
];

/// Lines of its output that an error shows.
const LAST_LINES: usize = 15;

/// From one look at a command that runs to the next.
const LOOK: Duration = Duration::from_secs(1);

/// A command that succeeded.
pub(super) struct Ran {
    pub seconds: f64,
    pub output: String,
}

pub(super) struct Sam {
    /// The folder of the SAM CLI, of cargo-lambda and of their Python.
    programs: PathBuf,
    aws: Aws,
    /// The stack's name.
    service: String,
    /// What the stack is deployed with.
    pub parameters: Values,
}

impl Sam {
    /// Installs it, once.
    pub async fn install(site: &Site, show: &Show) -> Result<Sam> {
        let installing = show.clone();
        Ok(Sam {
            programs: tokio::task::spawn_blocking(move || install::sam(&installing)).await??,
            aws: site.aws.clone(),
            service: site.service.clone(),
            parameters: site.parameters.clone(),
        })
    }

    pub async fn build(&self, show: &Show) -> Result<Ran> {
        self.run("build", &[], show).await
    }

    /// Creates the stack, or updates it; without a change it says so and succeeds.
    pub async fn deploy(&self, show: &Show) -> Result<Ran> {
        let mut arguments = vec!["--capabilities", "CAPABILITY_IAM", "--resolve-s3"];
        arguments.extend(["--no-confirm-changeset", "--no-fail-on-empty-changeset"]);
        let parameters = self.parameters.iter();
        let parameters = parameters.map(|(name, value)| format!("{name}={value}"));
        let parameters: Vec<_> = parameters.collect();
        arguments.extend(["--stack-name", &self.service, "--parameter-overrides"]);
        arguments.extend(parameters.iter().map(String::as_str));
        self.run("deploy", &arguments, show).await
    }

    pub async fn delete(&self, show: &Show) -> Result<Ran> {
        let name = ["--stack-name", &self.service];
        let arguments = [&name[..], &["--region", REGION, "--no-prompts"]].concat();
        self.run("delete", &arguments, show).await
    }

    /// Runs a command in the project's folder; what it says goes into a file.
    async fn run(&self, command: &str, arguments: &[&str], show: &Show) -> Result<Ran> {
        let log = install::home().join(format!("sam-{command}.log"));
        let file = File::create(&log)?;
        show.step(&format!("sam {command} (its output: {})", log.display()));
        let began = Instant::now();
        let mut sam = Command::new(self.programs.join("sam"));
        sam.arg(command).args(arguments);
        sam.current_dir(project::root()).kill_on_drop(true);
        sam.env_clear()
            .envs(self.environment()?)
            .stdin(Stdio::null());
        sam.stdout(file.try_clone()?).stderr(file);
        let mut child = sam.spawn().context("cannot run the SAM CLI")?;
        let output = || fs::read(&log).map(|said| String::from_utf8_lossy(&said).into_owned());
        let status = loop {
            match timeout(LOOK, child.wait()).await {
                Ok(status) => break status?,
                Err(_) => show.progress(&format!("sam {command}: {}", how_far(&output()?))),
            }
        };
        let (seconds, output) = (began.elapsed().as_secs_f64(), output()?);
        let lines = last(&output, LAST_LINES);
        ensure!(
            status.success(),
            "sam {command} ended with {status}:\n{lines}"
        );
        Ok(Ran { seconds, output })
    }

    fn environment(&self) -> Result<Vec<(String, OsString)>> {
        let inherited = INHERITED.into_iter();
        let inherited = inherited.filter_map(|name| Some((name, std::env::var_os(name)?)));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path);
        // Its Python, which knows where the linker is, comes first.
        let path = std::env::join_paths([self.programs.clone()].into_iter().chain(folders))?;
        let own = [
            ("PATH", path),
            ("AWS_ENDPOINT_URL", self.aws.endpoint.clone().into()),
            ("AWS_ACCESS_KEY_ID", self.aws.account.clone().into()),
            ("AWS_SECRET_ACCESS_KEY", "rehearsal".into()),
            ("AWS_DEFAULT_REGION", REGION.into()),
            ("SAM_CLI_TELEMETRY", "0".into()),
            ("__SAM_CLI_APP_DIR", install::home().join("sam-home").into()),
        ];
        let all = inherited.chain(own);
        Ok(all.map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

/// The function that it builds, or what it said last.
fn how_far(output: &str) -> String {
    match output.matches("Building codeuri").count() {
        0 => last(output, 1),
        number => format!("function {number} of {}", FUNCTIONS.len()),
    }
}

/// The last lines of a text. A carriage return begins a line too: the SAM CLI shows its uploads so.
fn last(text: &str, most: usize) -> String {
    let lines = text.split(['\n', '\r']).map(str::trim);
    let lines: Vec<_> = lines.filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(most)..].join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_person_sees_how_far_it_is() {
        let said = "Waiting\n\tUploading 3 %\r\tUploading 9 %\r\n\n";
        assert_eq!(super::how_far(said), "Uploading 9 %");
        assert_eq!(super::how_far(""), "");
        let said = "Building codeuri: detect\nRunning\nBuilding codeuri: flip\nRunning\n";
        assert_eq!(super::how_far(said), "function 2 of 5");
    }

    #[test]
    fn the_commands_are_those_of_the_readme() {
        let readme = project::read("README.md");
        let commands = "\nsam build\nsam deploy --guided --capabilities CAPABILITY_IAM\n";
        assert!(readme.contains(commands), "the walk calls {commands}");
        assert!(readme.contains("`sam delete`"));
    }
}
