//! How fast is a flip beside a script that does the same, and what does each function cost beside one that only greets?
//! `cargo bench -p bench` builds everything in release and says it in lines that begin with `bench:` (README.md).
#![allow(clippy::print_stdout, reason = "the lines are what it is for")]

mod aws;
mod built;
mod pairs;
mod process;
mod runtime_api;
mod tasks;

use anyhow::{Result, ensure};
use aws::Aws;
use built::{FLOOR, FUNCTIONS, aws_cli, binary, build, sizes};
use pairs::{Compared, compare, floor, median};
use process::{Invoked, Used};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How many times as much as a flip the script must take: by CPU and by time where AWS answers at once, and by time where
/// each answer takes 20 ms.
const GOAL_CPU: f64 = 100.0;
const GOAL_TIME: f64 = 80.0;
const GOAL_TIME_20_MS: f64 = 12.0;

/// Processes of each function.
const PROCESSES: usize = 11;

fn main() -> Result<()> {
    build()?;
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    for function in [FLOOR].iter().chain(&FUNCTIONS) {
        measure(&runtime, function)?;
    }
    let floor = floor(&runtime)?;
    println!("bench: whole process of the floor: {}", text(floor));
    let cli = aws_cli()?;
    let at_once = compare(&runtime, &cli, Duration::ZERO)?;
    let late = compare(&runtime, &cli, Duration::from_millis(20))?;
    say(0, &at_once);
    say(20, &late);
    let goals = [
        goal("cpu", 0, at_once.times_by_cpu, GOAL_CPU),
        goal("time", 0, at_once.times_by_time, GOAL_TIME),
        goal("time", 20, late.times_by_time, GOAL_TIME_20_MS),
    ];
    ensure!(goals.iter().all(|is_met| *is_met), "a goal is not met");
    Ok(())
}

/// A line for a function: each of its processes has an AWS of its own, in which nothing has happened.
fn measure(runtime: &Runtime, function: &str) -> Result<()> {
    let binary = binary(function);
    let once = || -> Result<Invoked> {
        let aws = Aws::start(runtime, Duration::ZERO, &tasks::record())?;
        let job = tasks::job(function, aws.port);
        let variables = tasks::variables(&aws.url());
        let invoked = process::function(runtime, &binary, &variables, &job.task, true)?;
        let (field, expected) = &job.expected;
        ensure!(
            invoked.answer[field] == *expected,
            "{function}: {}",
            invoked.answer
        );
        Ok(invoked)
    };
    let invoked: Vec<Invoked> = (0..PROCESSES).map(|_| once()).collect::<Result<_>>()?;
    let ms = |of: fn(&Invoked) -> Duration| median(&invoked, |it| of(it).as_secs_f64() * 1e3);
    let (init, cold) = (ms(|it| it.init), ms(|it| it.whole.time));
    let (warm, cpu) = (ms(|it| it.warm), ms(|it| it.whole.cpu));
    let memory = median(&invoked, |it| it.peak_kb as f64) / 1024.0;
    let [binary_mb, zipped_mb] = sizes(&binary)?.map(|bytes| bytes as f64 / 1e6);
    println!(
        "bench: function={function} init_ms={init:.1} cold_ms={cold:.1} warm_ms={warm:.1} cpu_ms={cpu:.1} \
         memory_mb={memory:.1} binary_mb={binary_mb:.2} zipped_mb={zipped_mb:.2}"
    );
    Ok(())
}

fn say(delay_ms: u64, compared: &Compared) {
    let (by_script, by_flip) = compared.calls;
    println!(
        "bench: answer_ms={delay_ms} pairs={} script: {}, {by_script} calls; flip: {}, {by_flip} calls; \
         times_by_time={:.1} times_by_cpu={:.1}",
        compared.pairs,
        text(compared.script),
        text(compared.flip),
        compared.times_by_time,
        compared.times_by_cpu,
    );
}

fn goal(what: &str, delay_ms: u64, found: f64, least: f64) -> bool {
    let is_met = found >= least;
    println!(
        "bench: goal={what} answer_ms={delay_ms} found={found:.1} at_least={least} met={is_met}"
    );
    is_met
}

fn text(used: Used) -> String {
    let [time, cpu] = [used.time, used.cpu].map(|it| it.as_secs_f64() * 1e3);
    format!("{time:.1} ms, CPU {cpu:.1} ms")
}
