//! An execution aborted from the console, in every state: the next push goes on from what the rule says then, and
//! names the release that was abandoned (I1, I5).

use crate::world::{live, push, release, word};
use anyhow::{Context, Result, ensure};
use boundary_tests::{local, on_the_local_aws, stage};
use rehearsal::follow::Follow;
use rehearsal::proxy::{Fault, Kind, Target, places};
use rehearsal::stage::Stage;
use rehearsal::state::State;
use rehearsal::traffic::publish_errors;
use std::sync::Arc;
use std::time::Duration;

/// Where an execution is aborted.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// As soon as it is in this state.
    In(&'static str),
    /// In this state, while this call of its function is on its way: the function, its how-manieth invocation, and
    /// the how-manieth call of this operation in it.
    During(&'static str, &'static str, usize, &'static str, usize),
}
use Moment::{During, In};

/// Every state that does something, and every write.
const MOMENTS: [Moment; 16] = [
    During("Detect environments", "Detect", 0, "DescribeServices", 0),
    During("Detect environments", "Detect", 0, "TransactWriteItems", 0),
    During("Detect environments", "Detect", 0, "TransactWriteItems", 1),
    During(
        "Register task definition",
        "Deploy",
        0,
        "RegisterTaskDefinition",
        0,
    ),
    During(
        "Deploy to idle environment",
        "Deploy",
        1,
        "UpdateService",
        0,
    ),
    In("Wait for tasks"),
    During("Check deployment", "Deploy", 2, "DescribeTargetHealth", 0),
    In("Smoke test idle environment"),
    During("Flip traffic", "Flip", 0, "TransactWriteItems", 0),
    During("Flip traffic", "Flip", 0, "ModifyRule", 0),
    During("Flip traffic", "Flip", 0, "ModifyRule", 1),
    During("Flip traffic", "Flip", 0, "TransactWriteItems", 1),
    In("Watch"),
    During("Evaluate metrics", "EvaluateMetrics", 0, "GetMetricData", 0),
    During("Flip back", "Flip", 1, "ModifyRule", 0),
    During("Record rollback", "Detect", 1, "TransactWriteItems", 0),
];

/// Stages for them: each sees its share of the moments, one after the other.
const STAGES: usize = 8;

#[test]
fn whenever_an_execution_is_aborted_the_next_push_goes_on() {
    let story = async |mine: Vec<Moment>| -> Result<()> {
        let stage = stage().await;
        local().proxy.record(&stage.aws.account, None);
        ensure!(word(&release(&stage, "v1.0.1").await?) == "released");
        let good = places(&local().proxy.calls(&stage.aws.account));
        for (round, moment) in mine.into_iter().enumerate() {
            abort(&stage, &good, moment, round)
                .await
                .with_context(|| format!("aborted {moment:?}"))?;
        }
        Ok(())
    };
    on_the_local_aws(async {
        let shares = (0..STAGES).map(|nth| MOMENTS.into_iter().skip(nth).step_by(STAGES));
        let stories = shares.map(|share| story(share.collect()));
        futures::future::try_join_all(stories).await
    })
    .expect("stories");
}

async fn abort(stage: &Arc<Stage>, good: &[Target], moment: Moment, round: usize) -> Result<()> {
    let account = &stage.aws.account;
    local().proxy.record(account, moment.fault(good)?);
    let mut follow = push(stage, &format!("v2.{round}.0")).await?;
    let rolls_back = matches!(moment, During("Flip back" | "Record rollback", ..));
    if rolls_back {
        follow.wait("Watch").await?;
        let active = State::read(stage).await?.active;
        publish_errors(stage, active.map_err(anyhow::Error::msg)?).await?;
    }
    let execution = stop(stage, follow, moment).await?;
    // The function was asked already: what is on its way arrives.
    local().proxy.let_go(account);
    let abandoned = State::read(stage).await?.record;
    let next = format!("v3.{round}.0");
    let end = release(stage, &next).await?;
    // The errors of a rollback may still count against the release after it.
    ensure!(word(&end) == "released" || rolls_back, "{end:?}");
    let state = State::read(stage).await?;
    ensure!(state.violations().is_empty(), "{:?}", state.violations());
    ensure!(live(stage).await? == next || rolls_back);
    let warnings = end.output["warnings"].to_string();
    let id = execution.rsplit(':').next().unwrap_or_default();
    let named = warnings.contains(&format!("release {id} was abandoned"));
    let held = abandoned.holder.as_deref() == Some(&execution);
    ensure!(
        named || !held || rolls_back,
        "held by {execution}, but {warnings}"
    );
    Ok(())
}

/// Waits for the moment and aborts the execution; its ARN.
async fn stop(stage: &Stage, mut follow: Follow<'_>, moment: Moment) -> Result<String> {
    let (In(state) | During(state, ..)) = moment;
    follow.wait(state).await?;
    while matches!(moment, During(..)) && local().proxy.pending(&stage.aws.account) == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let execution = follow.execution().to_owned();
    let call = stage.aws.sfn().stop_execution().execution_arn(&execution);
    call.send().await?;
    let end = follow.quiet_end().await?;
    ensure!(
        end.status.as_str() == "ABORTED" || matches!(moment, In(_)),
        "{end:?}"
    );
    Ok(execution)
}

impl Moment {
    /// The fault that holds its call; `good` are the calls of a release, of which a rollback's are a repetition.
    fn fault(self, good: &[Target]) -> Result<Option<Fault>> {
        let During(_, function, invocation, operation, nth) = self else {
            return Ok(None);
        };
        // A flip back makes the same calls as the flip.
        let like = if function == "Flip" { 0 } else { invocation };
        let mut calls = good.iter().filter(|it| {
            (it.function.as_str(), it.invocation, it.operation.as_str())
                == (function, like, operation)
        });
        let found = calls.nth(nth).context("no such call in a good release")?;
        let target = Target {
            invocation,
            ..found.clone()
        };
        Ok(Some(Fault {
            target,
            kind: Kind::Held,
        }))
    }
}
