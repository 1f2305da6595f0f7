//! The tasks around a release in steps: its traffic, a step's verdict, and the look back.

use super::*;
use crate::look_back::LookBack;
use aws_sdk_cloudwatch::operation::get_metric_data::{GetMetricDataInput, GetMetricDataOutput};
use aws_sdk_cloudwatch::types::{MetricDataResult, StatusCode};
use aws_smithy_types::DateTime;
use chrono::TimeDelta;

/// CloudWatch has these series, with a point for each of the last minutes, the last one first; the others are empty. It
/// answers those that it is asked for.
fn cloudwatch_with(
    answered: &'static [(&'static str, &'static [f64])],
) -> aws_sdk_cloudwatch::Client {
    let metrics = mock!(aws_sdk_cloudwatch::Client::get_metric_data).then_compute_output(
        move |asked: &GetMetricDataInput| {
            let [from, end] = [asked.start_time(), asked.end_time()];
            let [from, end] = [from, end].map(|time| time.map_or(0, DateTime::secs));
            let minute = Utc::now().timestamp().div_euclid(60) * 60;
            let result = |id: &str| {
                let points = answered.iter().find(|(name, _)| *name == id);
                let points = points.map_or(&[][..], |(_, points)| points);
                let times = (1..).map(|number| minute - number * 60);
                let times = times.take_while(|at| *at >= from);
                let answered = times.zip(points.iter().copied());
                let answered = answered.filter(|(at, _)| *at < end);
                let (times, values): (Vec<_>, Vec<_>) = answered
                    .map(|(at, value)| (DateTime::from_secs(at), value))
                    .unzip();
                MetricDataResult::builder()
                    .id(id)
                    .status_code(StatusCode::Complete)
                    .set_values(Some(values))
                    .set_timestamps(Some(times))
                    .build()
            };
            let ids = crate::series::SERIES.iter().map(|series| series.id);
            GetMetricDataOutput::builder()
                .set_metric_data_results(Some(ids.map(result).collect()))
                .build()
        },
    );
    let alarms = mock!(aws_sdk_cloudwatch::Client::describe_alarms).then_output(|| {
        let own = MetricAlarm::builder()
            .alarm_name("shop-green-5xx")
            .state_value(StateValue::Ok);
        DescribeAlarmsOutput::builder()
            .metric_alarms(own.build())
            .build()
    });
    mock_client!(aws_sdk_cloudwatch, RuleMode::MatchAny, [&metrics, &alarms])
}

async fn answer(answered: &'static [(&'static str, &'static [f64])], more: Value) -> Value {
    let mut task = task(more);
    task["plan"]["steps"] = json!([{"share": 10, "seconds": 300}, {"share": 100, "seconds": 120}]);
    let evaluate = Evaluate {
        cloudwatch: cloudwatch_with(answered),
        ..evaluate(StateValue::Ok)
    };
    json!(evaluate.handle(task).await.expect("an answer"))
}

const BUSY: &[(&str, &[f64])] = &[
    ("previous_requests", &[6_000.0; 30]),
    ("previous_target_5xx", &[6.0; 30]),
];

#[tokio::test]
async fn the_traffic_of_the_active_environment_says_what_the_steps_will_find() {
    let found = answer(BUSY, json!({"action": "check-traffic"})).await;
    assert_eq!(found["judgeable"], true, "{found}");
    let traffic = &found["traffic"];
    assert_eq!(traffic["usual"]["requestsPerMinute"], 6_000.0);
    assert_eq!(traffic["secondsToFullTraffic"], 300);
    let step = &traffic["steps"][0];
    assert_eq!(
        (&step["share"], &step["requests"]),
        (&json!(10), &json!(1_200.0))
    );
    let quiet: &[(&str, &[f64])] = &[("previous_requests", &[60.0; 30])];
    let refused = answer(quiet, json!({"action": "check-traffic"})).await;
    assert_eq!(refused["judgeable"], false);
    assert!(
        refused["reason"]
            .as_str()
            .is_some_and(|it| it.contains("780 s would do")),
        "{refused}"
    );
}

/// What is active began a minute ago, and green had the traffic before it.
#[tokio::test]
async fn the_traffic_of_the_service_is_read_from_before_the_active_version() {
    let mut plan = json!(fixtures::release_plan());
    plan["activeSince"] = json!(Utc::now() - TimeDelta::seconds(70));
    let busy: &[(&str, &[f64])] = &[("new_requests", &[6_000.0; 30])];
    let found = answer(busy, json!({"action": "check-traffic", "plan": plan})).await;
    let rate = &found["traffic"]["usual"]["requestsPerMinute"];
    assert_eq!((&found["judgeable"], rate), (&json!(true), &json!(6_000.0)));
}

#[tokio::test]
async fn traffic_that_cannot_be_read_is_an_error() {
    let task = task(json!({"action": "check-traffic"}));
    let error = evaluate(StateValue::Ok)
        .handle(task)
        .await
        .expect_err("no metrics");
    assert_eq!(error.name(), "AccessDenied");
}

#[tokio::test]
async fn a_split_that_is_not_there_flips_a_step_back() {
    let found = answer(BUSY, json!({"step": 0})).await;
    assert_eq!(found["decision"], "flip-back");
    let reason = "the rules forward to green, not to green (10 %)";
    assert!(
        found["reason"]
            .as_str()
            .is_some_and(|it| it.starts_with(reason)),
        "{found}"
    );
    let last = answer(BUSY, json!({"step": 1, "flippedAt": Utc::now() - TimeDelta::minutes(20), "shareSince": Utc::now()})).await;
    assert_eq!(
        (&last["decision"], &last["numbers"]["share"]),
        (&json!("watch"), &json!(100))
    );
    assert_eq!(last["wouldFlipBack"], Value::Null);
}

#[tokio::test]
async fn a_step_that_the_plan_has_not_is_no_task() {
    let task = task(json!({"step": 1}));
    let error = evaluate(StateValue::Ok)
        .handle(task)
        .await
        .expect_err("no such step");
    assert_eq!(error.name(), "InvalidInput");
}

/// A shadow's poll keeps what an earlier one would have done.
#[tokio::test]
async fn what_would_have_been_goes_from_poll_to_poll() {
    let mut evaluate = evaluate(StateValue::Ok);
    evaluate.policy.mode = shared::VerdictMode::Shadow;
    let earlier = json!({"wouldFlipBack": "healthy targets 0 of 4"});
    let answer = json!(evaluate.handle(task(earlier)).await.expect("an answer"));
    assert_eq!(answer["wouldFlipBack"], "healthy targets 0 of 4");
    assert_eq!(answer["decision"], "watch");
}

#[tokio::test]
async fn after_a_flip_back_the_previous_environment_is_looked_at() {
    let flipped_at = Utc::now() - TimeDelta::minutes(5);
    let task = json!({"action": "look-back", "flippedAt": flipped_at, "share": 10});
    assert_eq!(
        answer(BUSY, task.clone()).await,
        json!(LookBack { note: None })
    );
    const FAILING: &[f64] = &[600.0, 600.0, 600.0];
    let worse: &[(&str, &[f64])] = &[
        ("previous_requests", &[6_000.0; 60]),
        ("previous_target_5xx", FAILING),
    ];
    let note = answer(worse, task).await["note"].to_string();
    assert!(note.contains("errors go on in blue, too"), "{note}");
}

/// Minutes of a watch that nearly two weeks of waiting for an approval have made long, and of the hour before it.
const WAITED: i64 = 14 * 24 * 60 - 120;
const MINUTES: usize = WAITED as usize + 60;

/// Each series that may have a point a minute.
const FOR_DAYS: &[(&str, &[f64])] = &[
    ("previous_requests", &[6_000.0; MINUTES]),
    ("previous_target_5xx", &[6.0; MINUTES]),
    ("previous_connection_errors", &[1.0; MINUTES]),
    ("previous_p50", &[0.012_345_678_9; MINUTES]),
    ("previous_p99", &[0.123_456_789_1; MINUTES]),
    ("previous_healthy_hosts", &[4.0; MINUTES]),
    ("load_balancer_5xx", &[2.0; MINUTES]),
    ("new_requests", &[6_000.0; MINUTES]),
    ("new_target_5xx", &[6.0; MINUTES]),
    ("new_connection_errors", &[0.0; MINUTES]),
    ("new_p50", &[0.012_345_678_9; MINUTES]),
    ("new_p99", &[0.123_456_789_1; MINUTES]),
    ("new_healthy_hosts", &[4.0; MINUTES]),
    ("new_unhealthy_hosts", &[0.0; MINUTES]),
];

#[tokio::test]
async fn a_release_that_waits_for_days_is_read_and_judged_in_time_and_its_answer_fits() {
    let flipped_at = Utc::now() - TimeDelta::minutes(WAITED);
    let times = json!({"flippedAt": flipped_at, "shareSince": flipped_at, "step": 1});
    let began = std::time::Instant::now();
    let found = answer(FOR_DAYS, times).await;
    // The function has 30 s, and is built with optimizations.
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    fixtures::assert_bounded(&found);
    assert_eq!(found["verdict"], "healthy", "{found}");
    let numbers = &found["numbers"];
    assert_eq!(numbers["baseline"]["minutes"], 60, "{numbers}");
    assert_eq!(numbers["minutes"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_machine_that_remembers_hears_since_when_nothing_is_known() {
    let now = Utc::now();
    let quiet = json!({"flippedAt": now, "step": 1, "inconclusiveSince": null});
    let first = answer(&[], quiet.clone()).await;
    assert_eq!(first["verdict"], "inconclusive");
    let since = first["inconclusiveSince"].clone();
    assert!(since.is_string(), "{first}");
    let mut again = quiet;
    again["inconclusiveSince"] = since.clone();
    assert_eq!(answer(&[], again).await["inconclusiveSince"], since);
}
