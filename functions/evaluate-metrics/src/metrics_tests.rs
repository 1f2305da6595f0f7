//! The tests of `metrics.rs`.

use super::*;
use aws_sdk_cloudwatch::operation::get_metric_data::GetMetricDataOutput;
use aws_smithy_mocks::{Rule, RuleMode, mock};
use chrono::TimeDelta;
use fixtures::mock_client;

/// Each series by its id: its points, by seconds after the flip's minute, and its status.
type Answered = Vec<(&'static str, Vec<(i64, f64)>, StatusCode)>;

const FLIP: i64 = 1_800_014_400;

fn result(id: &str, points: &[(i64, f64)], status: &StatusCode) -> MetricDataResult {
    let times = points.iter().map(|(at, _)| DateTime::from_secs(FLIP + at));
    MetricDataResult::builder()
        .id(id)
        .status_code(status.clone())
        .set_timestamps(Some(times.collect()))
        .set_values(Some(points.iter().map(|(_, value)| *value).collect()))
        .build()
}

/// A page on which every other series is complete and empty.
fn page(answered: Answered, next: Option<&'static str>) -> Rule {
    mock!(Client::get_metric_data).then_output(move || {
        let results =
            SERIES.iter().map(
                |series| match answered.iter().find(|(id, _, _)| *id == series.id) {
                    Some((id, points, status)) => result(id, points, status),
                    None => result(series.id, &[], &StatusCode::Complete),
                },
            );
        GetMetricDataOutput::builder()
            .set_metric_data_results(Some(results.collect()))
            .set_next_token(next.map(str::to_owned))
            .build()
    })
}

fn dimensions() -> Dimensions {
    Dimensions {
        previous_target_group: "targetgroup/blue/1".to_owned(),
        new_target_group: "targetgroup/green/1".to_owned(),
        load_balancer: "app/shop/2".to_owned(),
    }
}

async fn read_all(rules: &[&Rule]) -> Result<Metrics, Error> {
    let client = mock_client!(aws_sdk_cloudwatch, RuleMode::Sequential, rules);
    let flipped_at = Time::from_timestamp(FLIP + 30, 0).expect("a time");
    let window = Window {
        from: flipped_at - TimeDelta::hours(1),
        flipped_at,
        now: flipped_at,
    };
    super::read(&client, &dimensions(), window).await
}

#[tokio::test]
async fn points_of_all_pages_stand_in_their_minutes_and_silence_stays_absent() {
    use StatusCode::{Complete, PartialData};
    let first = page(
        vec![("new_requests", vec![(0, 40.0)], PartialData)],
        Some("more"),
    );
    let second = page(
        vec![
            ("new_requests", vec![(60, 90.0)], Complete),
            ("new_target_5xx", vec![(60, 7.0)], Complete),
            ("previous_requests", vec![(-60, 100.0)], Complete),
            (
                "load_balancer_5xx",
                vec![(-60, 1.0), (0, 2.0), (60, 3.0)],
                Complete,
            ),
        ],
        None,
    );
    let found = read_all(&[&first, &second]).await.expect("metrics");
    let counts: Vec<_> = found
        .new
        .iter()
        .map(|it| (it.requests, it.target_5xx, it.load_balancer_5xx))
        .collect();
    assert_eq!(
        counts,
        [
            (Some(40.0), None, Some(2.0)),
            (Some(90.0), Some(7.0), Some(3.0))
        ]
    );
    assert_eq!(found.previous.len(), 1);
    assert_eq!(
        (
            found.previous[0].requests,
            found.previous[0].load_balancer_5xx
        ),
        (Some(100.0), Some(1.0))
    );
    assert_eq!(found.gaps, [""; 0]);
}

#[tokio::test]
async fn a_series_that_is_answered_in_part_is_named() {
    let answered = vec![("new_requests", vec![(0, 40.0)], StatusCode::PartialData)];
    let found = read_all(&[&page(answered, None)]).await.expect("metrics");
    assert_eq!(
        found.gaps,
        ["cloudwatch:GetMetricData answered PartialData for the series new_requests"]
    );
    assert_eq!(found.new[0].requests, Some(40.0));
}

#[tokio::test]
async fn missing_errors_of_the_baseline_are_not_taken_for_none() {
    for status in [
        StatusCode::InternalError,
        StatusCode::PartialData,
        StatusCode::Forbidden,
    ] {
        let answered = vec![("previous_target_5xx", Vec::new(), status)];
        let error = read_all(&[&page(answered, None)])
            .await
            .expect_err("no baseline");
        assert!(
            error
                .to_string()
                .contains("for the series previous_target_5xx"),
            "{error}"
        );
    }
    let nothing =
        mock!(Client::get_metric_data).then_output(|| GetMetricDataOutput::builder().build());
    let error = read_all(&[&nothing]).await.expect_err("no series at all");
    assert!(
        error
            .to_string()
            .contains("answered nothing for the series"),
        "{error}"
    );
}

#[tokio::test]
async fn a_value_that_cannot_be_a_count_or_has_no_time_is_an_error() {
    for value in [f64::NAN, f64::INFINITY, -1.0] {
        let odd = page(
            vec![("new_requests", vec![(0, value)], StatusCode::Complete)],
            None,
        );
        let error = read_all(&[&odd]).await.expect_err("no count");
        assert_eq!(error.name(), "UnexpectedAnswer", "{value}");
    }
    let timeless = mock!(Client::get_metric_data).then_output(|| {
        let result = MetricDataResult::builder()
            .id("new_requests")
            .values(14.0)
            .build();
        GetMetricDataOutput::builder()
            .metric_data_results(result)
            .build()
    });
    let error = read_all(&[&timeless])
        .await
        .expect_err("no time")
        .to_string();
    assert!(
        error.contains("in new_requests, found 1 values and 0 times"),
        "{error}"
    );
}

#[test]
fn a_target_groups_series_has_both_dimensions_and_the_load_balancers_own_only_its() {
    let names = |id: &str| {
        let series = SERIES
            .iter()
            .find(|series| series.id == id)
            .expect("a series");
        let query = query(series, &dimensions());
        let metric = query
            .metric_stat()
            .and_then(|it| it.metric())
            .expect("a metric");
        let values = metric.dimensions().iter().filter_map(|it| it.value());
        values.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names("new_p99"), ["app/shop/2", "targetgroup/green/1"]);
    assert_eq!(
        names("previous_requests"),
        ["app/shop/2", "targetgroup/blue/1"]
    );
    assert_eq!(names("load_balancer_5xx"), ["app/shop/2"]);
}

#[test]
fn dimensions_are_the_tails_of_arns() {
    let arn = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/shop/50dc";
    assert_eq!(dimension(arn), "app/shop/50dc");
    assert_eq!(
        dimension("arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/a/6d0"),
        "targetgroup/a/6d0"
    );
}

#[tokio::test]
async fn what_one_part_lacks_the_other_does_not_hide() {
    use StatusCode::{Complete, PartialData};
    let of = |status| page(vec![("new_requests", vec![(0, 40.0)], status)], None);
    let client = mock_client!(
        aws_sdk_cloudwatch,
        RuleMode::Sequential,
        [&of(PartialData), &of(Complete)]
    );
    let flipped_at = Time::from_timestamp(FLIP, 0).expect("a time");
    let window = Window {
        from: flipped_at,
        flipped_at,
        now: flipped_at + TimeDelta::days(3),
    };
    let found = super::read(&client, &dimensions(), window).await;
    assert_eq!(found.expect("metrics").gaps.len(), 1);
}
