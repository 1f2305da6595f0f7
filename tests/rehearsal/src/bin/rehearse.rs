//! `cargo rehearse`: the whole release system on this machine, as a story that a person can watch.
#![allow(clippy::print_stdout, reason = "the rehearsal talks to a person")]

use anyhow::Result;
use clap::{Parser, ValueEnum};
use rehearsal::scenario::Scenario;
use rehearsal::show::Show;
use rehearsal::stage::{Local, REPOSITORY, Stage, Timing};
use rehearsal::{aws, faults, relay};
use std::process::ExitCode;
use std::sync::Arc;

/// Rehearses a blue-green release on a local AWS: the same template, real functions, real traffic.
#[derive(Parser)]
#[command(name = "cargo rehearse", bin_name = "cargo rehearse")]
struct Arguments {
    /// Something else than a story
    #[arg(value_enum)]
    command: Option<Command>,
    /// The story to tell (`all` for every one)
    #[arg(
        long,
        value_name = "NAME",
        default_value = "good",
        conflicts_with = "command"
    )]
    scenario: String,
    /// Lists the stories
    #[arg(long)]
    list: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Command {
    /// leaves the local AWS running until Ctrl-C
    Up,
    /// puts every fault at every AWS call of a release and of a rollback
    Faults,
    /// tells what a release of v2.0.0 with a migration would do, and does nothing
    Plan,
}

/// Short enough to watch, long enough to see each look.
const TIMING: Timing = Timing {
    poll_seconds: 2,
    watch_seconds: 15,
    grace_seconds: 10,
};

/// Stages of the sweep: most of a run is waiting, and two cores carry so many.
const STAGES: u64 = 20;

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
        match arguments.command {
            Some(Command::Up) => up().await.map(|()| true),
            Some(Command::Faults) => sweep().await,
            Some(Command::Plan) => plan().await,
            None => rehearse(&scenarios).await,
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
    scenario
        .map(|it| vec![it])
        .map_err(|_| format!("no scenario {name}; `cargo rehearse --list` shows them"))
}

fn list() {
    for value in Scenario::value_variants()
        .iter()
        .filter_map(ValueEnum::to_possible_value)
    {
        println!(
            "{:18} {}",
            value.get_name(),
            value
                .get_help()
                .map(ToString::to_string)
                .unwrap_or_default()
        );
    }
    println!("{:18} every one of them, one after the other", "all");
}

/// Tells the stories one after the other, each on a stage of its own; whether all ended as they should.
async fn rehearse(scenarios: &[Scenario]) -> Result<bool> {
    let show = Show::new();
    let local = Local::start(&show).await?;
    let mut passed = true;
    for (number, scenario) in (1..).zip(scenarios) {
        let stage =
            Arc::new(Stage::build(&local, number, TIMING, scenario.parameters(), &show).await?);
        let report = scenario.run(&stage, &show).await?;
        report.lines().iter().for_each(|line| show.say(line));
        passed &= report.passed();
    }
    if scenarios.len() > 1 {
        show.say(if passed {
            "all scenarios ended as they should"
        } else {
            "not all scenarios ended as they should"
        });
    }
    Ok(passed)
}

/// The plan of a release; whether it would be released, and nothing changed.
async fn plan() -> Result<bool> {
    let show = Show::new();
    let local = Local::start(&show).await?;
    let stage = Stage::build(&local, 1, TIMING, &[], &show).await?;
    let lines = rehearsal::plan::tell(&local, &stage, &show).await?;
    lines.iter().for_each(|line| println!("{line}"));
    Ok(true)
}

/// The full sweep; whether nothing was broken.
async fn sweep() -> Result<bool> {
    let show = Show::new();
    let local = Local::start(&show).await?;
    let summary = faults::sweep(&local, faults::Part::All, STAGES, &show).await?;
    summary.lines().iter().for_each(|line| println!("{line}"));
    Ok(summary.passed())
}

async fn up() -> Result<()> {
    let show = Show::new();
    let local = Local::start(&show).await?;
    let stage = Arc::new(Stage::build(&local, 1, TIMING, &[], &show).await?);
    let _alarms = relay::Alarms::relay(&stage);
    let traffic = rehearsal::traffic::Traffic::start(&stage);
    stage
        .registry
        .push(&stage.aws, REPOSITORY, "v1.1.0")
        .await?;
    show.say("the local AWS is up, v1.0.0 is live in blue, and v1.1.0 is in the repository");
    let (endpoint, account) = (&stage.aws.endpoint, &stage.aws.account);
    println!(
        "\nexport AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION={}",
        aws::REGION
    );
    println!("export AWS_ACCESS_KEY_ID={account} AWS_SECRET_ACCESS_KEY=rehearsal");
    println!("\n# plan v1.1.0, release it, see what became of it, and go back");
    let machine = stage.output("StateMachineArn")?;
    let start = format!("aws stepfunctions start-execution --state-machine-arn {machine} --input");
    println!("{start} '{{\"action\": \"plan\", \"request\": {{\"tag\": \"v1.1.0\"}}}}'");
    println!("{start} '{{\"tag\": \"v1.1.0\"}}'");
    println!("aws stepfunctions list-executions --state-machine-arn {machine}");
    println!(
        "aws dynamodb scan --table-name {}",
        stage.output("RecordTableName")?
    );
    println!("{start} '{{\"action\": \"rollback\", \"reason\": \"just to see\"}}'");
    println!("\nCtrl-C ends it.");
    loop {
        show.live(&rehearsal::follow::line(&traffic.counts()));
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
}
