//! Services of one account that AWS turns away, as they all ask at once: whoever may wait does, and an alarm gets through.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

use crate::common::{
    UNHURRIED, alarm_event, deliver, held, hold, hold_events, let_go, local, on_a_stage,
    on_the_local_aws, push, result, settled, stage_with,
};
use anyhow::{Result, ensure};
use chrono::Utc;
use fixtures::Limits;
use futures::future::{join_all, try_join_all};
use rehearsal::follow::Follow;
use rehearsal::stage::Stage;
use shared::Environment::{Blue, Green};
use std::sync::Arc;
use std::time::{Duration, Instant};

const SERVICES: usize = 4;

/// Longer than any story needs to get to the watch and to its end, on a busy machine too.
const WATCH_SECONDS: u32 = 600;

/// Until each service has asked in vain; a busy machine needs a minute.
const TURNED_AWAY_WITHIN: Duration = Duration::from_secs(300);

/// No read of Elastic Load Balancing is answered.
const NOBODY: &str = "elb-describe=0:0";

/// Fewer reads of it are answered than the watches of the services ask for.
const FEW: &str = "elb-describe=1:2";

/// Lambda delivers an event twice more after an error.
const DELIVERIES: usize = 3;

/// From now on, the services ask AWS as one account with these limits.
fn limit(stages: &[Arc<Stage>], limits: Limits) {
    let accounts: Vec<&str> = stages.iter().map(|it| it.aws.account.as_str()).collect();
    local().proxy.limit(&accounts, limits);
}

/// How many calls of each service were turned away since then.
fn refusals(stages: &[Arc<Stage>]) -> Vec<usize> {
    let of = |stage: &Arc<Stage>| local().proxy.turned_away(&stage.aws.account);
    stages.iter().map(of).collect()
}

/// Waits until each service has been turned away since then.
async fn turned_away(stages: &[Arc<Stage>]) -> Result<()> {
    let began = Instant::now();
    while refusals(stages).contains(&0) {
        ensure!(
            began.elapsed() < TURNED_AWAY_WITHIN,
            "{:?}",
            refusals(stages)
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// Delivers an alarm of the new environment as Lambda does.
async fn alarm(stage: &Stage) -> Result<String> {
    let event = alarm_event(stage, Green, Utc::now()).await?;
    let mut answer = String::new();
    for _ in 0..DELIVERIES {
        answer = deliver(stage, &event).await?;
        if answer != "AwsUnavailable" {
            break;
        }
    }
    Ok(answer)
}

/// Given four services that are released at once in an account that answers no read of its load balancers
/// When it answers again, and no more while all of them are watched, and an alarm of one goes off where few are answered
/// Then the alarm flips that one back, and the others are released.
#[test]
fn services_wait_out_what_aws_turns_away_and_an_alarm_gets_through() {
    on_the_local_aws(story()).expect("a story");
}

async fn story() -> Result<()> {
    let stages = join_all((0..SERVICES).map(|_| stage_with(&[UNHURRIED]))).await;
    try_join_all(stages.iter().map(|it| it.watch_for(WATCH_SECONDS))).await?;
    limit(&stages, Limits::but(NOBODY));
    let mut releases = try_join_all(stages.iter().map(|it| push(it, "v1.1.0"))).await?;
    turned_away(&stages).await?;
    limit(&stages, Limits::documented());
    try_join_all(releases.iter_mut().map(|it| it.wait("Watch"))).await?;

    limit(&stages, Limits::but(NOBODY));
    turned_away(&stages).await?;
    let (alarmed, others) = stages.split_first().expect("a service");
    let decision = alarm_among_few(&stages, alarmed).await?;
    assert_eq!(decision, "flipped-back");
    limit(&stages, Limits::documented());
    try_join_all(others.iter().map(|it| it.end_watch())).await?;
    let ends = try_join_all(releases.into_iter().map(Follow::quiet_end)).await?;
    let results: Vec<&str> = ends.iter().map(result).collect();
    let released = "released";
    assert_eq!(results, ["ReleaseRolledBack", released, released, released]);
    settled(alarmed, Blue).await?;
    try_join_all(others.iter().map(|it| settled(it, Green))).await?;
    try_join_all(stages.iter().map(|it| hold_events(it))).await?;
    Ok(())
}

/// What flip answers to an alarm while all services are watched, and few of their reads are answered.
async fn alarm_among_few(stages: &[Arc<Stage>], alarmed: &Stage) -> Result<String> {
    limit(stages, Limits::but(FEW));
    let began = Instant::now();
    let decision = alarm(alarmed).await?;
    println!(
        "rates: alarm_s={:.1} turned_away_meanwhile={:?}",
        began.elapsed().as_secs_f64(),
        refusals(stages)
    );
    Ok(decision)
}

/// Given a release whose alarms are being looked at before its flip
/// When AWS throws the flip back until its own tries are used up
/// Then no rule was written, alarms are looked at again, and it is released.
#[test]
fn a_flip_that_is_thrown_back_looks_at_alarms_again() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let stages = [stage.clone()];
        hold(&stage, "EvaluateMetrics", 0, "DescribeAlarms", 0);
        let mut release = push(&stage, "v1.1.0").await?;
        held(&stage).await?;
        limit(&stages, Limits::but(NOBODY));
        let_go(&stage);
        release.wait("Wait for targets").await?;
        let thrown_back = Utc::now();
        assert_ne!(refusals(&stages), [0]);
        assert!(!release.has_entered("Tell of flip"));
        limit(&stages, Limits::documented());
        let end = release.quiet_end().await?;
        assert_eq!(result(&end), "released", "{end:?}");
        let again = end.entered_since("Check alarms", thrown_back);
        assert_eq!(again, 1, "{end:?}");
        settled(&stage, Green).await?;
        Ok(())
    });
}
