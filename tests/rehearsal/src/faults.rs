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
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A deployment here is steady at the first look, and the watch over at the first verdict: no loop is gone twice.
const TIMING: Timing = Timing {
    poll_seconds: 3,
    watch_seconds: 2,
    grace_seconds: 0,
};

/// What all the runs came to.
pub struct Summary {
    pub outcomes: Vec<Outcome>,
}

impl Summary {
    /// Whether every fault struck, and none of them broke anything.
    pub fn passed(&self) -> bool {
        self.outcomes.iter().all(|it| it.violations.is_empty())
    }

    /// Every run that broke something, the table, and the last line.
    pub fn lines(&self) -> Vec<String> {
        table::lines(&self.outcomes)
    }
}

/// Records, plans, and runs `part` of the plan on `width` stages at a time.
pub async fn sweep(local: &Local, part: Part, width: u64, show: &Show) -> Result<Summary> {
    show.step(&format!("building {width} stages"));
    let silent = Show::silent();
    let stages = (1..=width.max(2)).map(|number| Stage::build(local, number, TIMING, &[], &silent));
    let stages = futures::future::try_join_all(stages).await?;
    let stages: Vec<_> = stages.into_iter().map(Arc::new).collect();
    // The errors of a rollback stay in CloudWatch for a while, and would count against a good release after it.
    let (for_rollbacks, for_good) = stages.split_at((stages.len() / 3).max(1));
    show.say("recording a good release and a rollback");
    let (good, rollback) = tokio::try_join!(
        run::record(local, &for_good[0], Story::Good),
        run::record(local, &for_rollbacks[0], Story::Rollback)
    )?;
    let plan = plan::plan(&good, &rollback, part);
    show.say(&format!("{} runs on {} stages", plan.len(), stages.len()));
    let (total, done) = (plan.len(), AtomicUsize::new(0));
    let queue = |story| {
        let runs: VecDeque<Run> = plan
            .iter()
            .filter(|it| it.story == story)
            .cloned()
            .collect();
        Mutex::new(runs)
    };
    let (good, rollback) = (queue(Story::Good), queue(Story::Rollback));
    let tell = |outcome: &Outcome| {
        let done = 1 + done.fetch_add(1, Ordering::Relaxed);
        show.live(&format!("{done} of {total} runs"));
        if done % 50 == 0 {
            show.say(&format!("{done} of {total} runs"));
        }
        let violations = outcome.violations.iter();
        violations.for_each(|it| show.say(&format!("{} ({}): {it}", outcome.run, outcome.end)));
    };
    let good = for_good
        .iter()
        .map(|stage| worker(local, stage, &good, &tell));
    let rollbacks = for_rollbacks
        .iter()
        .map(|stage| worker(local, stage, &rollback, &tell));
    let outcomes = futures::future::join_all(good.chain(rollbacks)).await;
    let mut outcomes: Vec<Outcome> = outcomes.into_iter().flatten().collect();
    outcomes.sort_by(|a, b| a.run.cmp(&b.run));
    Ok(Summary { outcomes })
}

async fn worker(
    local: &Local,
    stage: &Arc<Stage>,
    queue: &Mutex<VecDeque<Run>>,
    tell: &(dyn Fn(&Outcome) + Sync),
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let next = || {
        queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    };
    while let Some(run) = next() {
        let outcome = run::one(local, stage, run).await;
        tell(&outcome);
        outcomes.push(outcome);
    }
    outcomes
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
