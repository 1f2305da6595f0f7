//! What the tests on the local AWS share: one local AWS for a test program, and a stage of its own for each story.

use rehearsal::show::Show;
use rehearsal::stage::{Local, Parameters, Stage, Timing};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use tokio::runtime::Runtime;

/// One runtime for all tests: the engine that they share lives on it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("a runtime"));

/// One local AWS for all tests. It ends with this process, because it watches a pipe that we hold.
static LOCAL: LazyLock<Local> = LazyLock::new(|| {
    RUNTIME
        .block_on(Local::start(&Show::new()))
        .expect("a local AWS")
});

/// As short as the looks of a release allow.
pub const TIMING: Timing = Timing {
    poll_seconds: 1,
    watch_seconds: 6,
    grace_seconds: 4,
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

/// A stage that nobody else uses: v1.0.0 is live in blue.
pub async fn stage() -> Arc<Stage> {
    stage_with(&[]).await
}

/// The same, with further parameters of the stack.
pub async fn stage_with(parameters: Parameters<'_>) -> Arc<Stage> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let stage = Stage::build(&LOCAL, number, TIMING, parameters, &Show::silent()).await;
    Arc::new(stage.expect("a stage"))
}
