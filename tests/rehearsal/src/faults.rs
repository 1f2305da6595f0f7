//! A fault at every call: the calls of a good release and of a rollback are recorded, and then the whole release
//! runs again for every call and every fault, on the real state machine.
//!
//! A few stages work at the same time. One stage sees many runs, each beginning where the one before it ended: that
//! the next release goes through is a check of its own.

mod plan;
mod run;
mod table;

pub use plan::{Part, Run, Story};
pub use run::Outcome;

use crate::proxy::Kind;
use crate::show::Show;
use crate::stage::{Local, Stage, Timing};
use anyhow::Result;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// A deployment here is steady at the first look, and the watch over at the first verdict: no loop is gone twice.
const TIMING: Timing = Timing {
    poll_seconds: 3,
    watch_seconds: 2,
};

/// What all the runs came to.
pub struct Summary {
    pub outcomes: Vec<Outcome>,
}

impl Summary {
    /// Runs whose fault struck, and that broke nothing.
    pub fn passed(&self) -> bool {
        self.outcomes.iter().all(|it| it.violations.is_empty())
    }

    /// Every run that broke something, the table, and the last line.
    pub fn lines(&self) -> Vec<String> {
        table::lines(&self.outcomes)
    }
}

/// Records, plans, and runs `part` of the plan on `width` stages at a time.
pub async fn sweep(local: &Local, part: Part, width: usize, show: &Show) -> Result<Summary> {
    let first = Arc::new(Stage::build(local, 1, TIMING, show).await?);
    let good = run::record(local, &first, Story::Good).await?;
    let rollback = run::record(local, &first, Story::Rollback).await?;
    let runs: VecDeque<Run> = plan::plan(&good, &rollback, part).into();
    show.say(&format!("{} runs, {width} at a time", runs.len()));
    let (total, queue) = (runs.len(), Arc::new(Mutex::new(runs)));
    let mut stages = vec![first];
    for number in 2..=width {
        stages.push(Arc::new(
            Stage::build(local, number as u64, TIMING, &Show::silent()).await?,
        ));
    }
    let workers = stages
        .iter()
        .map(|stage| worker(local, stage, &queue, total, show));
    let mut outcomes: Vec<Outcome> = Vec::new();
    for done in futures::future::join_all(workers).await {
        outcomes.extend(done?);
    }
    outcomes.sort_by(|a, b| a.run.cmp(&b.run));
    Ok(Summary { outcomes })
}

async fn worker(
    local: &Local,
    stage: &Arc<Stage>,
    queue: &Mutex<VecDeque<Run>>,
    total: usize,
    show: &Show,
) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    loop {
        let (run, left) = {
            let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(run) = queue.pop_front() else {
                return Ok(outcomes);
            };
            (run, queue.len())
        };
        let outcome = run::one(local, stage, &run).await?;
        let done = format!("{} of {total} runs", total - left);
        show.live(&done);
        if left % 50 == 0 {
            show.say(&done);
        }
        for violation in &outcome.violations {
            show.say(&format!("{run}: {violation}"));
        }
        show.say(&format!("{run}: {} {:.0}s", outcome.end, outcome.seconds));
        outcomes.push(outcome);
    }
}

impl Kind {
    /// Every fault, in the order of the table.
    pub const ALL: [Kind; 9] = [
        Kind::Throttled,
        Kind::ServerError,
        Kind::Refused,
        Kind::Denied,
        Kind::CutBefore,
        Kind::CutAfter,
        Kind::Slow,
        Kind::Killed,
        Kind::LateEffect,
    ];
}
