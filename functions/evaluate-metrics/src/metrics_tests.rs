//! The tests of `metrics.rs`.

use super::*;
use aws_sdk_cloudwatch::operation::get_metric_data::GetMetricDataOutput;
use aws_smithy_mocks::{Rule, RuleMode, mock, mock_client};

fn page(
    id: &'static str,
    values: &'static [f64],
    status: StatusCode,
    next: Option<&'static str>,
) -> Rule {
    mock!(Client::get_metric_data).then_output(move || {
        let result = MetricDataResult::builder()
            .id(id)
            .status_code(status.clone());
        // One point a minute, from the minute of the flip.
        let minutes = (0..values.len() as i64).map(|minute| DateTime::from_secs(minute * 60));
        let result = result
            .set_timestamps(Some(minutes.collect()))
            .set_values(Some(values.to_vec()))
            .build();
        GetMetricDataOutput::builder()
            .metric_data_results(result)
            .set_next_token(next.map(str::to_owned))
            .build()
    })
}

async fn read(rules: &[&Rule]) -> Result<Counts, Error> {
    let client = mock_client!(aws_sdk_cloudwatch, RuleMode::Sequential, rules);
    let names = Names {
        target_group: "targetgroup/green/1".to_owned(),
        load_balancer: "app/shop/2".to_owned(),
    };
    counts(&client, &names, Time::default(), Time::default()).await
}

#[tokio::test]
async fn points_of_all_pages_are_summed_and_silence_stays_absent() {
    let first = page(
        "target_5xx",
        &[3.0, 4.0],
        StatusCode::PartialData,
        Some("more"),
    );
    let second = page("target_5xx", &[7.0], StatusCode::Complete, None);
    let found = read(&[&first, &second]).await.expect("counts");
    assert_eq!(
        found,
        Counts {
            target_5xx: Some(14.0),
            ..Counts::default()
        }
    );
}

#[tokio::test]
async fn the_load_balancers_errors_of_the_flips_minute_may_be_older_than_the_flip() {
    let errors = page(
        "load_balancer_5xx",
        &[50.0, 2.0],
        StatusCode::Complete,
        None,
    );
    let found = read(&[&errors]).await.expect("counts");
    assert_eq!(found.load_balancer_5xx, Some(2.0));
}

#[tokio::test]
async fn a_series_that_cannot_be_read_is_not_taken_for_zero() {
    let failed = page("requests", &[], StatusCode::InternalError, None);
    assert_eq!(
        read(&[&failed]).await.expect_err("no data").name(),
        "AwsUnavailable"
    );
}

#[tokio::test]
async fn a_value_that_cannot_be_a_count_or_has_no_time_is_not_passed_over() {
    for value in [f64::NAN, f64::INFINITY, -1.0] {
        let odd = mock!(Client::get_metric_data).then_output(move || answer(&[0], &[value]));
        let error = read(&[&odd]).await.expect_err("no count");
        assert_eq!(error.name(), "UnexpectedAnswer", "{value}");
    }
    let timeless = mock!(Client::get_metric_data).then_output(|| answer(&[], &[14.0]));
    let error = read(&[&timeless]).await.expect_err("no time").to_string();
    assert!(
        error.contains("in target_5xx, found 1 values and 0 times"),
        "{error}"
    );
}

fn answer(times: &[i64], values: &[f64]) -> GetMetricDataOutput {
    let times = times.iter().map(|it| DateTime::from_secs(*it));
    let result = MetricDataResult::builder().id("target_5xx");
    let result = result.set_timestamps(Some(times.collect()));
    let result = result.set_values(Some(values.to_vec())).build();
    GetMetricDataOutput::builder()
        .metric_data_results(result)
        .build()
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
