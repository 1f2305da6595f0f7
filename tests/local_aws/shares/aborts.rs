//! An execution aborted from the console, in every state: the next push goes on from what the rule says then, and
//! names the release that was abandoned (I1, I5).

use anyhow::{Context, Result, ensure};
use local_aws::{held, hold, let_go, live, local, on_the_local_aws, push, release, result, stage};
use rehearsal::follow::Follow;
use rehearsal::metrics::publish_errors;
use rehearsal::stage::Stage;
use rehearsal::state::State;
use std::sync::Arc;

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
const MOMENTS: [Moment; 19] = [
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
    During("Record smoke test", "Detect", 1, "TransactWriteItems", 0),
    During("Check alarms", "EvaluateMetrics", 0, "DescribeAlarms", 0),
    During("Flip traffic", "Flip", 0, "TransactWriteItems", 0),
    During("Flip traffic", "Flip", 0, "ModifyRule", 0),
    During("Flip traffic", "Flip", 0, "ModifyRule", 1),
    During("Flip traffic", "Flip", 0, "TransactWriteItems", 1),
    In("Watch"),
    In("Probe new environment"),
    During("Evaluate metrics", "EvaluateMetrics", 1, "GetMetricData", 0),
    During("Flip back", "Flip", 1, "ModifyRule", 0),
    During("Record rollback", "Detect", 2, "TransactWriteItems", 0),
];

/// Stages for them: each sees its share of the moments, one after the other.
const STAGES: usize = 8;

#[test]
fn whenever_an_execution_is_aborted_the_next_push_goes_on() {
    let story = async |moments: Vec<Moment>| -> Result<()> {
        let stage = stage().await;
        for (round, moment) in moments.into_iter().enumerate() {
            abort(&stage, moment, round)
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

async fn abort(stage: &Arc<Stage>, moment: Moment, round: usize) -> Result<()> {
    moment.prepare(stage);
    let rolls_back = matches!(moment, During("Flip back" | "Record rollback", ..));
    if rolls_back {
        let active = State::read(stage).await?.active;
        let active = active.map_err(anyhow::Error::msg)?;
        publish_errors(stage, active.other()).await?;
    }
    let follow = push(stage, &format!("v2.{round}.0")).await?;
    let execution = stop(stage, follow, moment).await?;
    // The function was invoked already: what is on its way takes effect.
    let_go(stage);
    let abandoned = State::read(stage).await?.record;
    let next = format!("v3.{round}.0");
    let end = release(stage, &next).await?;
    // The errors of a rollback may still count against the release after it.
    ensure!(result(&end) == "released" || rolls_back, "{end:?}");
    let state = State::read(stage).await?;
    ensure!(state.violations().is_empty(), "{:?}", state.violations());
    ensure!(live(stage).await? == next || rolls_back);
    let warnings = end.output["warnings"].to_string();
    let id = execution.rsplit(':').next().unwrap_or_default();
    let named = warnings.contains(&format!("release {id} was abandoned"));
    let held = abandoned.holder == Some(execution.as_str().into());
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
    if let During(..) = moment {
        held(stage).await?;
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
    /// Holds its call, from the beginning of a tape.
    fn prepare(self, stage: &Stage) {
        match self {
            In(_) => local().proxy.record(&stage.aws.account, None),
            During(_, function, invocation, operation, call) => {
                hold(stage, function, invocation, operation, call);
            }
        }
    }
}
