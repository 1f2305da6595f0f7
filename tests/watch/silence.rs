//! CloudWatch tells nothing, too late, too little, or does not answer: never healthy, and the policy decides, saying so.

use crate::{push, verdict, warnings, watched, word};
use anyhow::Result;
use boundary_tests::{TIMING, local, on_the_local_aws, stage, stage_with};
use chrono::TimeDelta;
use rehearsal::follow::End;
use rehearsal::proxy::{Fault, Kind, Target};
use rehearsal::stage::Stage;
use rehearsal::traffic::Traffic;
use std::sync::Arc;

/// The ends of the watch and of its grace, in seconds after the flip.
const WATCH: u64 = TIMING.watch_seconds as u64;
const GRACE: u64 = WATCH + TIMING.grace_seconds as u64;

/// A parameter that returns what cannot be proven.
const STRICT: (&str, &str) = ("WhenInconclusive", "flip-back");

/// Releases under a fault that hits every look at the metrics.
async fn under(stage: &Stage, kind: Kind) -> Result<End> {
    let target = Target {
        function: "EvaluateMetrics".to_owned(),
        invocation: 1,
        operation: "GetMetricData".to_owned(),
        call: 0,
    };
    let fault = Some(Fault { target, kind });
    local().proxy.record(&stage.aws.account, fault);
    let end = push(stage, "v1.1.0").await?.quiet_end().await?;
    assert!(local().proxy.struck(&stage.aws.account));
    Ok(end)
}

/// Kept after the grace, without a verdict; the output and a notice tell why.
async fn kept(stage: &Stage, end: &End, why: &str) -> Result<()> {
    assert_eq!(
        (word(end), verdict(end)),
        ("released", "inconclusive"),
        "{end:?}"
    );
    assert!(watched(end) >= GRACE, "{} s", watched(end));
    let told = warnings(end);
    assert!(
        told.contains("kept without a verdict") && told.contains(why),
        "{told}"
    );
    let told = |subject: &str| subject.starts_with("Release kept without a verdict");
    let notice = stage.inbox.wait(|it| told(&it.subject)).await?;
    assert!(notice.message.contains(why), "{notice:?}");
    Ok(())
}

fn returned(end: &End, why: &str) {
    assert_eq!(word(end), "ReleaseRolledBack", "{end:?}");
    let told = end.cause.contains(why) && end.cause.contains("WhenInconclusive says flip-back");
    assert!(told, "{}", end.cause);
}

/// Given a release that gets no traffic
/// When its watch and its grace are over
/// Then it is kept or returned, as the policy says.
#[test]
fn a_release_without_traffic_ends_by_policy() {
    on_the_local_aws(async {
        let why = "no request was reported for the new target group";
        let (lenient, strict) = tokio::join!(stage(), async { stage_with(&[STRICT]).await });
        let (end, back) = tokio::join!(quiet(&lenient), quiet(&strict));
        kept(&lenient, &end, why).await.expect("a notice");
        returned(&back, why);
    });
}

async fn quiet(stage: &Stage) -> End {
    let follow = push(stage, "v1.1.0").await.expect("a push");
    follow.quiet_end().await.expect("an end")
}

/// Given a CloudWatch that fails at every look
/// When the watch and its grace are over
/// Then the release is kept or returned, as the policy says, and was not returned for the failures themselves.
#[test]
fn a_cloudwatch_that_does_not_answer_proves_nothing() {
    on_the_local_aws(async {
        let why = "cloudwatch:GetMetricData failed: InternalFailure";
        let (lenient, strict) = tokio::join!(stage(), async { stage_with(&[STRICT]).await });
        let (end, back) = tokio::join!(under(&lenient, Kind::Down), under(&strict, Kind::Down));
        kept(&lenient, &end.expect("an end"), why)
            .await
            .expect("a notice");
        returned(&back.expect("an end"), why);
    });
}

/// Given live traffic without an error
/// When CloudWatch says of every series that it tells only a part
/// Then the release is not healthy, but kept by policy, naming the answer.
#[test]
fn partial_data_proves_nothing() {
    let story = async |stage: Arc<Stage>| -> Result<()> {
        let _traffic = Traffic::start(&stage);
        let end = under(&stage, Kind::Partial).await?;
        kept(&stage, &end, "answered PartialData for the series").await
    };
    on_the_local_aws(async { story(stage().await).await }).expect("a story");
}

/// Given live traffic without an error, of which CloudWatch tells late
/// When it tells within the grace, or after it
/// Then the watch waits for it and ends healthy, or ends without a verdict.
#[test]
fn points_that_come_late_are_waited_for_and_not_for_ever() {
    let release = async |delay: u32| -> (Arc<Stage>, End) {
        let stage = stage().await;
        let delay = TimeDelta::seconds(delay.into());
        let _traffic = Traffic::told_late(&stage, delay);
        let end = quiet(&stage).await;
        (stage, end)
    };
    on_the_local_aws(async {
        let (watch, grace) = (TIMING.watch_seconds, TIMING.grace_seconds);
        let ((_, late), (stage, too_late)) =
            tokio::join!(release(watch + 1), release(watch + grace + 60));
        assert_eq!(
            (word(&late), verdict(&late)),
            ("released", "healthy"),
            "{late:?}"
        );
        assert!(watched(&late) > WATCH, "{} s", watched(&late));
        kept(&stage, &too_late, "no request was reported")
            .await
            .expect("a notice");
    });
}
