//! A fault at every call and at every task: the calls and the tasks of a good release and of a rollback are recorded, and
//! then the whole release runs again for every call and every fault, and for every task, which times out, on the real
//! state machine. However it ends, the end must be explained wherever a person looks.
//!
//! A few stages work at the same time. One stage sees many runs, each beginning where the one before it ended: that
//! the next release goes through is a check of its own.

mod explained;
mod outcome;
mod runs;
mod table;

pub use outcome::Outcome;
pub use runs::{Course, Part, Run, Strike};

use crate::show::Show;
use crate::stage::{Local, Setup, Stage, Timing};
use anyhow::Result;
use futures::stream::{self, Stream, StreamExt};
use std::cell::RefCell;

/// A deployment here is steady at the first look, and the watch over at the first verdict: no loop has a second round.
const TIMING: Timing = Timing {
    poll_seconds: 3,
    watch_seconds: 2,
    inconclusive_grace_seconds: 0,
};

/// The number of the first stage: tests beside the sweep count their own from 1.
const FIRST: u64 = 1001;

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
    let stages = (FIRST..FIRST + width.max(2))
        .map(|number| Stage::build(local, number, Setup::usual(TIMING), &silent));
    let stages = futures::future::try_join_all(stages).await?;
    // The errors of a rollback stay in CloudWatch for a while, and would count against a good release after it.
    let (for_rollbacks, for_good) = stages.split_at((stages.len() / 3).max(1));
    show.say("recording a good release and a rollback");
    let (good, rollback) = tokio::try_join!(
        outcome::record(local, &for_good[0], Course::Good),
        outcome::record(local, &for_rollbacks[0], Course::Rollback)
    )?;
    let runs = runs::all(&good, &rollback, part);
    show.say(&format!("{} runs on {} stages", runs.len(), stages.len()));
    let queue = |course| RefCell::new(runs.iter().filter(move |run| run.course == course));
    let (good, rollback) = (queue(Course::Good), queue(Course::Rollback));
    let good = for_good.iter().map(|stage| worker(local, stage, &good));
    let rollbacks = for_rollbacks
        .iter()
        .map(|stage| worker(local, stage, &rollback));
    let mut running = stream::select_all(good.chain(rollbacks).map(Box::pin));
    let mut outcomes: Vec<Outcome> = Vec::new();
    while let Some(outcome) = running.next().await {
        let text = format!("{} of {} runs", outcomes.len() + 1, runs.len());
        show.live(&text);
        if (outcomes.len() + 1).is_multiple_of(50) {
            show.say(&text);
        }
        outcome.broken().for_each(|line| show.say(&line));
        outcomes.push(outcome);
    }
    outcomes.sort_by(|a, b| a.run.cmp(&b.run));
    Ok(Summary { outcomes })
}

/// The outcomes of one stage, which takes runs from a queue until it is empty.
fn worker<'a>(
    local: &'a Local,
    stage: &'a Stage,
    queue: &'a RefCell<impl Iterator<Item = &'a Run>>,
) -> impl Stream<Item = Outcome> + 'a {
    stream::unfold((), async move |()| {
        let run = queue.borrow_mut().next()?;
        Some((outcome::of(local, stage, run.clone()).await, ()))
    })
}
