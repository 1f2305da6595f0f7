//! `cargo rehearse`: the whole release system on this machine, for a person to watch.
#![allow(clippy::print_stdout, reason = "the rehearsal talks to a person")]

use anyhow::Result;
use clap::{Parser, ValueEnum};
use rehearsal::scenario::Scenario;
use rehearsal::show::Show;
use rehearsal::stage::{Local, REPOSITORY, Setup, Stage, Timing};
use rehearsal::traffic::Traffic;
use rehearsal::{aws, faults, preview, relay, run, walk};
use std::process::ExitCode;
use std::sync::Arc;

/// Rehearses a blue-green release on a local AWS: the same template, real functions, real traffic.
#[derive(Parser)]
#[command(name = "cargo rehearse", bin_name = "cargo rehearse")]
struct Arguments {
    /// Something else than a scenario
    #[arg(value_enum)]
    command: Option<Command>,
    /// The scenario to run (`all` for every one)
    #[arg(
        long,
        value_name = "NAME",
        default_value = "good",
        conflicts_with = "command"
    )]
    scenario: String,
    /// Lists the scenarios
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Command {
    /// leaves the local AWS running until Ctrl-C
    Up,
    /// puts every fault at every AWS call of a release and of a rollback
    Faults,
    /// previews a release of v2.0.0 with a migration, and changes nothing
    Plan,
    /// walks through README's section "Deploy" with the SAM CLI: build, deploy, release, update and remove
    Deploy,
}

/// Short enough to watch, long enough to see each look.
const TIMING: Timing = Timing {
    poll_seconds: 2,
    watch_seconds: 15,
    inconclusive_grace_seconds: 10,
};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.list {
        list();
        return ExitCode::SUCCESS;
    }
    let scenarios = match chosen(&arguments.scenario) {
        Ok(scenarios) => scenarios,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    let work = async {
        let show = Show::new();
        let local = Local::start(&show).await?;
        match arguments.command {
            Some(Command::Up) => up(&local, &show).await,
            Some(Command::Faults) => sweep(&local, &show).await,
            Some(Command::Plan) => show_preview(&local, &show).await,
            Some(Command::Deploy) => deploy(&local, &show).await,
            None => rehearse(&local, &scenarios, &show).await,
        }
    };
    let result = tokio::select! {
        result = work => result,
        // Dropping the work ends every process that it started.
        _ = tokio::signal::ctrl_c() => {
            eprintln!("ended by Ctrl-C");
            return ExitCode::from(130);
        }
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the rehearsal could not be held: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn chosen(name: &str) -> Result<Vec<Scenario>, String> {
    if name == "all" {
        return Ok(Scenario::value_variants().to_vec());
    }
    let scenario = Scenario::from_str(name, false);
    let scenario = scenario.map(|scenario| vec![scenario]);
    scenario.map_err(|_| format!("no scenario {name}; `cargo rehearse --list` shows them"))
}

fn list() {
    let scenarios = Scenario::value_variants().iter();
    for value in scenarios.filter_map(ValueEnum::to_possible_value) {
        let help = value.get_help().map(ToString::to_string);
        println!("{:18} {}", value.get_name(), help.unwrap_or_default());
    }
    println!("{:18} every one of them, one after the other", "all");
}

/// Runs the scenarios one after the other, each on a stage of its own; whether all ended as they should.
async fn rehearse(local: &Local, scenarios: &[Scenario], show: &Show) -> Result<bool> {
    let mut passed = true;
    for (number, scenario) in (1..).zip(scenarios) {
        let setup = Setup {
            timing: TIMING,
            parameters: scenario.parameters(),
            changes: &scenario.changes(),
        };
        let stage = Stage::build(local, number, setup, show).await?;
        let report = run::scenario(*scenario, &Arc::new(stage), show).await?;
        report.lines().iter().for_each(|line| show.say(line));
        passed &= report.passed();
    }
    if scenarios.len() > 1 {
        let which = if passed { "all" } else { "not all" };
        show.say(&format!("{which} scenarios ended as they should"));
    }
    Ok(passed)
}

/// The preview of a release; an error if it changed something.
async fn show_preview(local: &Local, show: &Show) -> Result<bool> {
    let stage = Stage::build(local, 1, Setup::usual(TIMING), show).await?;
    let lines = preview::run(local, &stage, show).await?;
    lines.iter().for_each(|line| println!("{line}"));
    Ok(true)
}

/// The walk through README's section "Deploy"; whether all went as it says.
async fn deploy(local: &Local, show: &Show) -> Result<bool> {
    let report = walk::run(local, TIMING, show).await?;
    report.lines().iter().for_each(|line| show.say(line));
    Ok(report.passed())
}

/// The full sweep; whether nothing was broken.
async fn sweep(local: &Local, show: &Show) -> Result<bool> {
    let summary = faults::sweep(local, show).await?;
    summary.lines().iter().for_each(|line| println!("{line}"));
    Ok(summary.passed())
}

async fn up(local: &Local, show: &Show) -> Result<bool> {
    let stage = Arc::new(Stage::build(local, 1, Setup::usual(TIMING), show).await?);
    local.proxy.allow_all(&stage.aws.account);
    let _alarms = relay::Alarms::relay(&stage);
    let traffic = Traffic::start(&stage);
    stage
        .registry
        .push(&stage.aws, REPOSITORY, "v1.1.0")
        .await?;
    show.say("the local AWS is up, blue is active, on v1.0.0, and v1.1.0 is in the repository");
    println!("{}", commands(&stage)?);
    loop {
        show.live(&traffic.counts().live());
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}

/// Commands for a person to try.
fn commands(stage: &Stage) -> Result<String> {
    let (endpoint, account, region) = (&stage.aws.endpoint, &stage.aws.account, aws::REGION);
    let machine = stage.output("StateMachineArn")?;
    let table = stage.output("RecordTableName")?;
    let start = format!("aws stepfunctions start-execution --state-machine-arn {machine} --input");
    Ok(format!(
        r#"
export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={region}
export AWS_ACCESS_KEY_ID={account} AWS_SECRET_ACCESS_KEY=rehearsal

# preview v1.1.0, release it, see what became of it, and roll back
{start} '{{"action": "plan", "request": {{"tag": "v1.1.0"}}}}'
{start} '{{"tag": "v1.1.0"}}'
aws stepfunctions list-executions --state-machine-arn {machine}
aws dynamodb scan --table-name {table}
{start} '{{"action": "rollback", "reason": "just to see"}}'

Ctrl-C ends it."#
    ))
}
