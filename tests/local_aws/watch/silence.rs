//! CloudWatch reports nothing, too late, too little, or does not answer: never healthy, and the policy decides and says
//! so.

use super::{verdict, warnings, watched};
use crate::common::{
    PATIENT, TIMING, hold_events, local, on_a_stage, on_the_local_aws, release, result, stage,
    stage_with,
};
use anyhow::Result;
use chrono::TimeDelta;
use rehearsal::follow::End;
use rehearsal::notices::Notice;
use rehearsal::proxy::{Fault, Kind, Target};
use rehearsal::stage::{Parameters, Stage};
use rehearsal::traffic::Traffic;
use std::sync::Arc;

/// The ends of the watch and of its grace, in seconds after the flip.
const WATCH: u64 = TIMING.watch_seconds as u64;
const GRACE: u64 = WATCH + TIMING.inconclusive_grace_seconds as u64;

/// A parameter that flips back what cannot be proven.
const STRICT: (&str, &str) = ("OnInconclusive", "flip-back");

/// Releases under a fault that hits every reading of the metrics.
async fn under(stage: &Stage, kind: Kind) -> Result<End> {
    let target = Target {
        function: "EvaluateMetrics".to_owned(),
        invocation: 1,
        operation: "GetMetricData".to_owned(),
        call: 0,
    };
    let fault = Some(Fault { target, kind });
    local().proxy.record(&stage.aws.account, fault);
    let end = release(stage, "v1.1.0").await?;
    assert!(local().proxy.struck(&stage.aws.account));
    Ok(end)
}

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
/// Then the release is kept or flipped back, as the policy says, and not for the failures themselves.
#[test]
fn a_cloudwatch_that_does_not_answer_proves_nothing() {
    on_the_local_aws(async {
        let why = "cloudwatch:GetMetricData failed: InternalFailure";
        let (lenient, strict) = tokio::join!(stage(), async { stage_with(&[STRICT]).await });
        let (end, back) = tokio::join!(under(&lenient, Kind::Down), under(&strict, Kind::Down));
        kept(&lenient, &end.expect("an end"), why)
            .await
            .expect("a notice");
        flipped_back(&back.expect("an end"), why);
    });
}

/// Given live traffic without an error
/// When CloudWatch says of every series that it reports only a part
/// Then the release is not healthy, but kept by policy, naming the answer.
#[test]
fn partial_data_proves_nothing() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let _traffic = Traffic::start(&stage);
        let end = under(&stage, Kind::Partial).await?;
        kept(&stage, &end, "answered PartialData for the series").await
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
