//! A fault at every call: the calls of a good release and of a rollback are recorded, and then the whole release
//! runs again for every call and every fault, on the real state machine.
//!
//! A few stages work at the same time. One stage sees many runs, each beginning where the one before it ended: that
//! the next release goes through is a check of its own.

mod outcome;
mod runs;
mod table;

pub use outcome::Outcome;
pub use runs::{Course, Part, Run};

use crate::show::Show;
use crate::stage::{Local, Stage, Timing};
use anyhow::Result;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A deployment here is steady at the first look, and the watch over at the first verdict: no loop has a second round.
const TIMING: Timing = Timing {
    poll_seconds: 3,
    watch_seconds: 2,
    inconclusive_grace_seconds: 0,
};

/// What all the runs came to.
pub struct Summary {
    pub outcomes: Vec<Outcome>,
}

impl Summary {
    /// Whether every fault struck, and none of them broke anything.
    pub fn passed(&self) -> bool {
        let mut outcomes = self.outcomes.iter();
        outcomes.all(|outcome| outcome.violations.is_empty())
    }

    /// Every run that broke something, the table, and the last line.
    pub fn lines(&self) -> Vec<String> {
        table::lines(&self.outcomes)
    }
}

/// Records both courses, and runs `part` of the sweep on `width` stages at a time.
///
/// # Errors
/// A stage cannot be built, or a course breaks something without any fault.
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
        outcome::record(local, &for_good[0], Course::Good),
        outcome::record(local, &for_rollbacks[0], Course::Rollback)
    )?;
    let runs = runs::all(&good, &rollback, part);
    show.say(&format!("{} runs on {} stages", runs.len(), stages.len()));
    let progress = Progress::of(runs.len(), show);
    let (good, rollback): (VecDeque<_>, VecDeque<_>) =
        runs.into_iter().partition(|run| run.course == Course::Good);
    let (good, rollback) = (Mutex::new(good), Mutex::new(rollback));
    let good = for_good
        .iter()
        .map(|stage| worker(local, stage, &good, &progress));
    let rollbacks = for_rollbacks
        .iter()
        .map(|stage| worker(local, stage, &rollback, &progress));
    let outcomes = futures::future::join_all(good.chain(rollbacks)).await;
    let mut outcomes: Vec<Outcome> = outcomes.into_iter().flatten().collect();
    outcomes.sort_by(|a, b| a.run.cmp(&b.run));
    Ok(Summary { outcomes })
}

/// How far the sweep is.
struct Progress<'a> {
    total: usize,
    done: AtomicUsize,
    show: &'a Show,
}

impl Progress<'_> {
    fn of(total: usize, show: &Show) -> Progress<'_> {
        let done = AtomicUsize::new(0);
        Progress { total, done, show }
    }

    /// Counts a run, and shows what it broke.
    fn count(&self, outcome: &Outcome) {
        let done = 1 + self.done.fetch_add(1, Ordering::Relaxed);
        let text = format!("{done} of {} runs", self.total);
        self.show.live(&text);
        if done.is_multiple_of(50) {
            self.show.say(&text);
        }
        outcome.broken().for_each(|line| self.show.say(&line));
    }
}

/// Takes runs from a queue until it is empty.
async fn worker(
    local: &Local,
    stage: &Arc<Stage>,
    queue: &Mutex<VecDeque<Run>>,
    progress: &Progress<'_>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.pop_front()
    };
    while let Some(run) = next() {
        let outcome = outcome::of(local, stage, run).await;
        progress.count(&outcome);
        outcomes.push(outcome);
    }
    outcomes
}
