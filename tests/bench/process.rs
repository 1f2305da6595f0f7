//! Whole processes, from their start to their end: how long they take, and how much CPU they and their children use.

use crate::runtime_api::RuntimeApi;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Variables of a process.
pub type Variables = Vec<(&'static str, String)>;

/// What a process used.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    pub time: Duration,
    pub cpu: Duration,
}

/// A function process that did a task, and then did it again.
pub struct Invoked {
    /// From the start until it asked for a task.
    pub init: Duration,
    /// From the start to the first answer, with the CPU of all that it did.
    pub whole: Used,
    /// The second task, as a warm function does it.
    pub warm: Duration,
    /// The most memory that it ever had, in KB.
    pub peak_kb: u64,
    pub answer: Value,
}

/// Runs a script to its end.
pub fn script(path: &Path, variables: &Variables) -> Result<(Used, String)> {
    let before = ended_cpu()?;
    let began = Instant::now();
    let mut bash = Command::new("bash");
    let output = bash.arg(path).envs(variables.iter().cloned()).output()?;
    let time = began.elapsed();
    let cpu = ended_cpu()?.saturating_sub(before);
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{}: {said}", path.display());
    let text = String::from_utf8(output.stdout)?.trim().to_owned();
    Ok((Used { time, cpu }, text))
}

/// Starts a function, and ends it after its first answer; with `again`, after its second one.
pub fn function(
    runtime: &Runtime,
    binary: &Path,
    variables: &Variables,
    task: &Value,
    again: bool,
) -> Result<Invoked> {
    let api = RuntimeApi::start(runtime)?;
    let began = Instant::now();
    let mut child = start(binary, &api.address, variables)?;
    let measured = measure(&api, &child, began, task, again);
    // The driver of a function never lets it end by itself.
    child.kill()?;
    child.wait()?;
    measured.with_context(|| binary.display().to_string())
}

fn measure(
    api: &RuntimeApi,
    child: &Child,
    began: Instant,
    task: &Value,
    again: bool,
) -> Result<Invoked> {
    let init = api.up()? - began;
    let (_, answered, answer) = api.invoke(task.clone())?;
    let time = answered - began;
    let cpu = live_cpu(child.id())?;
    let mut warm = Duration::ZERO;
    if again {
        let (given, answered, _) = api.invoke(task.clone())?;
        warm = answered - given;
    }
    Ok(Invoked {
        init,
        whole: Used { time, cpu },
        warm,
        peak_kb: peak_kb(child.id())?,
        answer,
    })
}

fn start(binary: &Path, api: &str, variables: &Variables) -> Result<Child> {
    let child = Command::new(binary)
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", api)
        .env("AWS_LAMBDA_FUNCTION_NAME", "shop")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .envs(variables.iter().cloned())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    child.with_context(|| binary.display().to_string())
}

/// Of all processes that have ended, with their own children: the fields `cutime` and `cstime` of proc_pid_stat(5), which
/// count hundredths of a second. That is enough for a script of seconds.
fn ended_cpu() -> Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat
        .rsplit_once(')')
        .context("no name in /proc/self/stat")?;
    let hundredths = fields.split_whitespace().skip(13).take(2);
    let hundredths: Vec<u64> = hundredths.map(str::parse).collect::<Result<_, _>>()?;
    Ok(Duration::from_millis(hundredths.iter().sum::<u64>() * 10))
}

/// Of a process that lives, with all of its threads: the first field of schedstat, in nanoseconds.
fn live_cpu(process: u32) -> Result<Duration> {
    let mut sum = 0;
    for thread in fs::read_dir(format!("/proc/{process}/task"))? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        let first = text.split_whitespace().next();
        sum += first.context("no schedstat")?.parse::<u64>()?;
    }
    Ok(Duration::from_nanos(sum))
}

fn peak_kb(process: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|it| it.split_whitespace().next());
    Ok(peak.context("no VmHWM")?.parse()?)
}
