//! `cargo rehearse`: the whole release system on this machine, for a person to watch.
#![allow(clippy::print_stdout, reason = "the rehearsal talks to a person")]

mod arguments;

use anyhow::Result;
use arguments::{Arguments, Chosen, Command};
use rehearsal::report::{self, Report};
use rehearsal::scenario::list;
use rehearsal::show::{Canvas, Show};
use rehearsal::stage::{COMMANDS_IN_REQUESTS, Local, Setup, Stage, Timing};
use rehearsal::{faults, preview, run, up, walk};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// Short enough to watch, long enough to see each look.
const TIMING: Timing = Timing {
    poll_seconds: 2,
    watch_seconds: 15,
    inconclusive_grace_seconds: 10,
};

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::read();
    if arguments.list {
        let lines = list::lines(Canvas::of_stdout());
        lines.iter().for_each(|line| println!("{line}"));
        return ExitCode::SUCCESS;
    }
    let work = async {
        let show = Show::new();
        let local = Local::start(&show).await?;
        match arguments.command {
            Some(Command::Up) => up(&local, &show).await,
            Some(Command::Faults) => sweep(&local, &show).await,
            Some(Command::Plan) => show_preview(&local, &show).await,
            Some(Command::Deploy) => deploy(&local, &show).await,
            None => rehearse(&local, &arguments, &show).await,
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
    status(result)
}

fn status(result: Result<bool>) -> ExitCode {
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("the rehearsal could not be held: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the scenarios one after the other, each on a stage of its own; whether all ended as they should.
async fn rehearse(local: &Local, arguments: &Arguments, show: &Show) -> Result<bool> {
    let Chosen(scenarios) = &arguments.scenario;
    let mut reports = Vec::new();
    for (number, scenario) in (1..).zip(scenarios) {
        let setup = Setup {
            timing: TIMING,
            parameters: scenario.parameters(),
            changes: &scenario.changes(),
        };
        let stage = Stage::build(local, number, setup, show).await?;
        let report = run::scenario(*scenario, &Arc::new(stage), show).await?;
        show.block(&report.board(show.canvas()));
        reports.push(report);
    }
    let passed = reports.iter().all(Report::passed);
    if scenarios.len() > 1 {
        let which = if passed { "all" } else { "not all" };
        show.say(&format!("{which} scenarios ended as they should"));
    }
    write(&reports, arguments.picture.as_deref(), show)?;
    Ok(passed)
}

/// Writes the report, whose path is the last line, and the picture if it is wanted.
fn write(reports: &[Report], picture: Option<&Path>, show: &Show) -> Result<()> {
    if let (Some(path), Some(report)) = (picture, reports.first()) {
        report::write_picture(report, path)?;
        show.line(&format!("picture: {}", path.display()));
    }
    let page = report::write(reports)?;
    show.line(&format!("report: {}", page.display()));
    Ok(())
}

/// The preview of a release; an error if it changed something.
async fn show_preview(local: &Local, show: &Show) -> Result<bool> {
    let setup = Setup {
        parameters: &[COMMANDS_IN_REQUESTS],
        ..Setup::usual(TIMING)
    };
    let stage = Stage::build(local, 1, setup, show).await?;
    let lines = preview::run(local, &stage, show).await?;
    show.texts(&lines);
    Ok(true)
}

/// The walk through README's section "Deploy"; whether all went as it says.
async fn deploy(local: &Local, show: &Show) -> Result<bool> {
    let report = walk::run(local, TIMING, show).await?;
    show.block(&report.board(show.canvas()));
    Ok(report.passed())
}

/// The full sweep; whether nothing was broken.
async fn sweep(local: &Local, show: &Show) -> Result<bool> {
    let summary = faults::sweep(local, show).await?;
    summary.lines().iter().for_each(|line| println!("{line}"));
    Ok(summary.passed())
}

/// A local AWS for a person to try; it ends only by Ctrl-C.
async fn up(local: &Local, show: &Show) -> Result<bool> {
    let stage = Stage::build(local, 1, Setup::usual(TIMING), show).await?;
    up::run(local, Arc::new(stage), show).await?;
    Ok(true)
}
