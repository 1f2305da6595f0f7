//! CloudWatch reports nothing, too late, too little, or does not answer: never healthy, and the policy decides and says
//! so.

use super::{verdict, warnings, watched};
use crate::common::{
    PATIENT, TIMING, hold_events, local, on_a_stage, on_the_local_aws, push, release, result,
    stage, stage_with,
};
use anyhow::{Result, ensure};
use chrono::TimeDelta;
use rehearsal::follow::{End, Follow};
use rehearsal::notices::Notice;
use rehearsal::proxy::{Fault, Kind, Target};
use rehearsal::stage::{Parameters, Stage};
use rehearsal::traffic::Traffic;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The ends of the watch and of its grace, in seconds after the flip.
const WATCH: u64 = TIMING.watch_seconds as u64;
const GRACE: u64 = WATCH + TIMING.inconclusive_grace_seconds as u64;

/// Until a look waits for more than its grace; a busy machine needs a minute.
const OUTLASTED_WITHIN: Duration = Duration::from_secs(300);

/// A parameter that flips back what cannot be proven.
const STRICT: (&str, &str) = ("OnInconclusive", "flip-back");

/// Kept after the grace, without a verdict; the output and a notice say why.
async fn kept(stage: &Stage, end: &End, why: &str) -> Result<()> {
    assert_eq!(
        (result(end), verdict(end)),
        ("released", "inconclusive"),
        "{end:?}"
    );
    assert!(watched(end) >= GRACE, "{} s", watched(end));
    let warnings = warnings(end);
    assert!(
        warnings.contains("kept without a verdict") && warnings.contains(why),
        "{warnings}"
    );
    let event = stage.inbox.event("released").await?;
    assert_eq!(event.text("severity"), "bad-end");
    let title = "v1.1.0 kept on green without a verdict";
    let kept = |notice: &Notice| notice.title().ends_with(title) && notice.message.contains(why);
    stage.inbox.wait(kept).await?;
    hold_events(stage).await
}

fn flipped_back(end: &End, why: &str) {
    assert_eq!(result(end), "ReleaseRolledBack", "{end:?}");
    let by_policy = end.cause.contains("OnInconclusive says flip-back");
    assert!(by_policy && end.cause.contains(why), "{}", end.cause);
}

/// Given a release that gets no traffic
/// When its watch and its grace are over
/// Then it is kept or flipped back, as the policy says.
#[test]
fn a_release_without_traffic_ends_by_policy() {
    on_the_local_aws(async {
        let why = "no request was reported for the new target group";
        let (lenient, strict) = tokio::join!(stage(), async { stage_with(&[STRICT]).await });
        let (end, back) = tokio::join!(quiet(&lenient), quiet(&strict));
        kept(&lenient, &end, why).await.expect("a notice");
        flipped_back(&back, why);
    });
}

async fn quiet(stage: &Stage) -> End {
    release(stage, "v1.1.0").await.expect("an end")
}

/// Given a CloudWatch that fails at every poll
/// When the watch and its grace are over
/// Then the release is neither kept nor flipped back, and what CloudWatch says when it answers again decides.
#[test]
fn a_cloudwatch_that_does_not_answer_proves_nothing_and_is_waited_for() {
    on_the_local_aws(async {
        let why = "no request was reported for the new target group";
        let (lenient, strict) = tokio::join!(stage(), async { stage_with(&[STRICT]).await });
        let outage = async |stage| {
            let why = "cloudwatch:GetMetricData failed: InternalFailure";
            outage(stage, Kind::Down, why).await
        };
        let (end, back) = tokio::join!(outage(&lenient), outage(&strict));
        kept(&lenient, &end.expect("an end"), why)
            .await
            .expect("a notice");
        flipped_back(&back.expect("an end"), why);
    });
}

/// A fault hits every reading of the metrics until the release has outlasted its grace for nothing else.
async fn outage(stage: &Stage, kind: Kind, why: &str) -> Result<End> {
    let target = Target {
        function: "EvaluateMetrics".to_owned(),
        invocation: 1,
        operation: "GetMetricData".to_owned(),
        call: 0,
    };
    let fault = Some(Fault { target, kind });
    local().proxy.record(&stage.aws.account, fault);
    let release = push(stage, "v1.1.0").await?;
    let began = Instant::now();
    while !outlasts_its_grace(stage, &release, why).await? {
        ensure!(began.elapsed() < OUTLASTED_WITHIN, "no look waits for more");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    local().proxy.record(&stage.aws.account, None);
    release.quiet_end().await
}

/// Whether a look has said that it waits for what AWS did not let it read, and why.
async fn outlasts_its_grace(stage: &Stage, release: &Follow<'_>, why: &str) -> Result<bool> {
    let call = stage.aws.sfn().get_execution_history();
    let call = call.execution_arn(release.execution()).reverse_order(true);
    let history = call.max_results(100).send().await?;
    let entered = history.events().iter().filter_map(|event| {
        let details = event.state_entered_event_details()?;
        (details.name() == "Release healthy?").then_some(details.input()?)
    });
    let mut looks = entered.filter_map(|input| serde_json::from_str::<Value>(input).ok());
    let says = |look: &Value| look["reason"].as_str().is_some_and(|it| it.contains(why));
    Ok(looks.any(|look| look["unread"] == true && says(&look)))
}

/// Given live traffic without an error
/// When CloudWatch says of every series that it reports only a part, until the grace is over
/// Then the release is not healthy before it reports them whole.
#[test]
fn partial_data_proves_nothing() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let _traffic = Traffic::start(&stage);
        let why = "answered PartialData for the series";
        let end = outage(&stage, Kind::Partial, why).await?;
        let found = (result(&end), verdict(&end));
        assert_eq!(found, ("released", "healthy"), "{end:?}");
        assert!(watched(&end) > GRACE, "{} s", watched(&end));
        Ok(())
    });
}

/// Given live traffic without an error, which CloudWatch reports late
/// When it reports within the grace, or after it
/// Then the watch waits for it and ends healthy, or ends without a verdict.
#[test]
fn points_that_come_late_are_waited_for_and_not_for_ever() {
    let release = async |delay: TimeDelta, grace: Parameters<'_>| -> (Arc<Stage>, End) {
        let stage = stage_with(grace).await;
        let _traffic = Traffic::with_late_metrics(&stage, delay);
        let end = quiet(&stage).await;
        (stage, end)
    };
    on_the_local_aws(async {
        let after_watch = TimeDelta::seconds(i64::from(TIMING.watch_seconds) + 1);
        let ((_, late), (stage, too_late)) = tokio::join!(
            release(after_watch, &[PATIENT]),
            release(TimeDelta::hours(1), &[])
        );
        assert_eq!(
            (result(&late), verdict(&late)),
            ("released", "healthy"),
            "{late:?}"
        );
        assert!(watched(&late) > WATCH, "{} s", watched(&late));
        kept(&stage, &too_late, "no request was reported")
            .await
            .expect("a notice");
    });
}
