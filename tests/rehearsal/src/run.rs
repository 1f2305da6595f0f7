//! Runs a scenario, and compares its end with what it should be.

mod migration;
mod operator;
mod release;
mod sync;

pub use migration::{CONTRACT, EXPAND};

use crate::report::Report;
use crate::scenario::{Scenario, Script};
use crate::show::Show;
use crate::stage::Stage;
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
    match scenario.script() {
        Script::Push { build, ending } => {
            release::run(scenario, build, ending, stage, show, &mut report).await?;
        }
        Script::Sync => {
            sync::run(&mut Operator::start(stage, show, &mut report).await?).await?;
        }
        Script::Migration => {
            migration::run(&mut Operator::start(stage, show, &mut report).await?).await?;
        }
    }
    Ok(report)
}
