//! One local AWS for all tests of a program, and stages that nobody else uses.

use super::told::hold_events;
use anyhow::Result;
use rehearsal::report::Report;
use rehearsal::scenario::Scenario;
use rehearsal::show::Show;
use rehearsal::stage::{Local, Parameters, Setup, Stage, Timing};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;

/// One runtime for all tests: the engine that they share lives on it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// One local AWS for all tests. It ends with this process, because it watches a pipe that we hold.
static LOCAL: LazyLock<Local> = LazyLock::new(|| {
    RUNTIME
        .block_on(Local::start(&Show::waiting()))
        .expect("a local AWS")
});

/// As short as the polls of a release allow.
pub const TIMING: Timing = Timing {
    poll_seconds: 1,
    watch_seconds: 6,
    inconclusive_grace_seconds: 4,
};

/// The local AWS that all tests of this program share.
pub fn local() -> &'static Local {
    &LOCAL
}

/// Runs a test that needs the local AWS.
pub fn on_the_local_aws<T>(test: impl Future<Output = T>) -> T {
    LazyLock::force(&LOCAL);
    RUNTIME.block_on(test)
}

/// Runs a story on a stage of its own, with these parameters of the stack beside the usual ones.
pub fn on_a_stage(parameters: Parameters<'_>, story: impl AsyncFnOnce(Arc<Stage>) -> Result<()>) {
    let end = on_the_local_aws(async {
        let stage = stage_with(parameters).await;
        story(stage.clone()).await?;
        hold_events(&stage).await
    });
    end.expect("a story");
}

/// Runs a scenario on a stage of its own.
///
/// # Errors
/// The local AWS does not answer, or an event of the scenario does not fit its schema.
pub async fn run(scenario: Scenario, show: &Show) -> Result<Report> {
    let stage = stage_of(scenario).await;
    let report = rehearsal::run::scenario(scenario, &stage, show).await?;
    hold_events(&stage).await?;
    Ok(report)
}

/// A stage that nobody else uses: v1.0.0 is live in blue.
pub async fn stage() -> Arc<Stage> {
    stage_with(&[]).await
}

/// The same, with further parameters of the stack.
pub async fn stage_with(parameters: Parameters<'_>) -> Arc<Stage> {
    stage_from(Setup {
        parameters,
        ..Setup::usual(TIMING)
    })
    .await
}

/// The stage of a scenario.
async fn stage_of(scenario: Scenario) -> Arc<Stage> {
    stage_from(Setup {
        timing: TIMING,
        parameters: scenario.parameters(),
        changes: &scenario.changes(),
    })
    .await
}

/// A stage with everything chosen.
pub async fn stage_from(setup: Setup<'_>) -> Arc<Stage> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let stage = Stage::build(&LOCAL, number, setup, &Show::silent()).await;
    Arc::new(stage.expect("a stage"))
}
