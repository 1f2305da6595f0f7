//! A fault at every call and at every task: the calls and the tasks of a good release and of a rollback are recorded, of
//! all the traffic at once and in steps, and then the whole release runs again for every call and every fault, and for
//! every task, which times out, on the real state machine. However it ends, the end must be explained wherever a person
//! looks.
//!
//! Dozens of stages work at the same time, because a run waits most of the time. One stage sees many runs, each beginning
//! where the one before it ended: that the next release goes through is a check of its own.

mod course;
mod explained;
mod outcome;
mod people;
mod runs;
mod table;

pub use course::Course;
pub use outcome::Outcome;
pub use runs::{Run, Strike};

use crate::show::Show;
use crate::stage::{Local, Stage, Timing};
use anyhow::{Context, Result};
use futures::stream::{self, Stream, StreamExt};
use std::cell::RefCell;

/// A deployment here is steady at the first look, unless the machine is busy, and the watch over at the first verdict: no
/// other loop has a second round.
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

/// Records each course, and runs the sweep on all its stages at a time.
///
/// # Errors
/// A stage cannot be built, or a course breaks something without any fault.
pub async fn sweep(local: &Local, show: &Show) -> Result<Summary> {
    let groups = stages(local, show).await?;
    show.say("recording each course without a fault");
    let recordings = groups
        .iter()
        .map(|(course, stages)| outcome::record(local, &stages[0], *course));
    let runs = runs::all(&futures::future::try_join_all(recordings).await?);
    let width: usize = groups.iter().map(|(_, stages)| stages.len()).sum();
    show.say(&format!("{} runs on {width} stages", runs.len()));
    let queues =
        Course::ALL.map(|course| RefCell::new(runs.iter().filter(move |run| run.course == course)));
    let workers = groups.iter().zip(&queues).flat_map(|((_, stages), queue)| {
        stages.iter().map(move |stage| worker(local, stage, queue))
    });
    let mut running = stream::select_all(workers.map(Box::pin));
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

/// The stages of each course. The errors of a rollback stay in CloudWatch for a while, and would count against a good
/// release after it.
async fn stages(local: &Local, show: &Show) -> Result<Vec<(Course, Vec<Stage>)>> {
    show.step("building the stages");
    let mut numbers = FIRST..;
    let groups = Course::ALL.map(|course| {
        let numbers: Vec<u64> = numbers.by_ref().take(course.stages()).collect();
        async move {
            let silent = Show::silent();
            let build = async |number| {
                let stage = Stage::build(local, number, course.setup(TIMING), &silent).await?;
                check_seldom(&stage).await?;
                anyhow::Ok(stage)
            };
            let stages = futures::future::try_join_all(numbers.into_iter().map(build)).await?;
            anyhow::Ok((course, stages))
        }
    });
    futures::future::try_join_all(groups).await
}

/// Lets the load balancer check the targets of a stage every 60 s. A new target is checked at once in any case, and none of
/// them becomes unhealthy here: two hundred of them, checked as often as elsewhere, are a quarter of the local AWS's work.
async fn check_seldom(stage: &Stage) -> Result<()> {
    let (elb, groups) = (stage.aws.elb(), stage.target_groups()?);
    for group in [groups.blue, groups.green] {
        let call = elb.modify_target_group().target_group_arn(group);
        let call = call.health_check_interval_seconds(60).send().await;
        call.context("cannot set how often targets are checked")?;
    }
    Ok(())
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
