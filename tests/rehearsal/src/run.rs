//! Runs a scenario, and compares its end with what it should be.

mod images;
mod migration;
mod operator;
mod people;
mod real_stack;
mod refused_wiring;
mod release;
mod steps;
mod sync;

pub use migration::{CONTRACT, EXPAND};

use crate::report::Report;
use crate::scenario::{Scenario, Script};
use crate::show::Show;
use crate::stage::Stage;
use crate::traffic::Traffic;
use anyhow::Result;
use operator::Operator;
use std::sync::Arc;

/// Runs a scenario on a stage that nothing else uses.
///
/// # Errors
/// The stage does not answer, or an execution does not end. A scenario that ends otherwise than it should is no error:
/// the report says so.
pub async fn scenario(scenario: Scenario, stage: &Arc<Stage>, show: &Show) -> Result<Report> {
    let mut report = Report::new(scenario.name());
    report.about = scenario.help();
    let traffic = Traffic::with_late_metrics(stage, scenario.metrics_delay());
    let mut operator = Operator::start(stage, show, traffic, report).await?;
    match scenario.script() {
        Script::Push { build, ending } => {
            release::run(scenario, build, ending, &mut operator).await?;
        }
        Script::RealStack => real_stack::run(&mut operator).await?,
        Script::RefusedWiring => refused_wiring::run(&mut operator).await?,
        Script::Images(check) => images::run(check, &mut operator).await?,
        Script::Sync => sync::run(&mut operator).await?,
        Script::Migration => migration::run(&mut operator).await?,
        Script::Steps => steps::run(scenario, &mut operator).await?,
        Script::People(decides) => people::run(decides, &mut operator).await?,
    }
    operator.report.answers = operator.traffic.end().await;
    operator.report.served(&operator.traffic.counts());
    Ok(operator.report)
}
