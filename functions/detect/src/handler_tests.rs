//! detect at its edge: what it writes, and that a second delivery writes nothing.

mod artifacts;
mod asked;
mod asking;
mod aws;
mod bars;
mod builds;
mod commands;
mod contracts;
mod ends;
mod executions;
mod freezes;
mod freezing;
mod images;
mod judgeable;
mod origins;
mod people;
mod policies;
mod previews;
mod records;
mod registry;
mod revisions;
mod scans;
mod signatures;
mod smoke;
mod sql;
mod statuses;
mod steps;
mod stopped;
mod stops;
mod tags;
mod verifier;
mod windows;

use crate::task::Answer;
use asking::{ask, writes};
use aws_sdk_ecr::operation::describe_images::DescribeImagesError;
use aws_sdk_ecr::types::error::ImageNotFoundException;
use aws_sdk_sfn::types::ExecutionStatus;
use aws_smithy_mocks::mock;
use records::{ME, held_by, newest};
use registry::image_found;
use shared::Environment;

#[tokio::test]
async fn the_newest_request_claims_the_record_and_gets_a_plan() {
    let write = writes();
    let answer = ask(newest(), &write, &image_found(), ExecutionStatus::Running).await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    assert_eq!(
        (plan.image.uri.as_str(), plan.to),
        ("host/shop@sha256:new", Environment::Green)
    );
    assert_eq!(write.num_calls(), 1);
}

#[tokio::test]
async fn a_task_delivered_twice_gets_the_same_plan_and_makes_no_write_call() {
    let write = writes();
    let answer = ask(
        held_by(ME),
        &write,
        &image_found(),
        ExecutionStatus::Running,
    )
    .await;
    assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 0);
}

#[tokio::test]
async fn a_running_release_is_waited_for_and_an_aborted_one_is_taken_over_by_name() {
    let write = writes();
    let answer = ask(
        held_by("old"),
        &write,
        &image_found(),
        ExecutionStatus::Running,
    )
    .await;
    assert!(matches!(answer, Answer::Wait { .. }), "{answer:?}");
    assert_eq!(write.num_calls(), 0);
    let answer = ask(
        held_by("old"),
        &write,
        &image_found(),
        ExecutionStatus::Aborted,
    )
    .await;
    let Answer::Release { plan, .. } = answer else {
        panic!("no release: {answer:?}")
    };
    assert!(
        plan.warnings[0].contains("release old was abandoned"),
        "{:?}",
        plan.warnings
    );
}

#[tokio::test]
async fn a_tag_that_does_not_exist_is_refused_before_anything_is_written() {
    let write = writes();
    let missing = mock!(aws_sdk_ecr::Client::describe_images).then_error(|| {
        DescribeImagesError::ImageNotFoundException(ImageNotFoundException::builder().build())
    });
    let answer = ask(newest(), &write, &missing, ExecutionStatus::Running).await;
    let Answer::Refuse { reason, .. } = answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(
        reason
            .as_str()
            .contains("tag v1.1.0 does not exist in repository shop"),
        "{reason}"
    );
    assert_eq!(write.num_calls(), 0);
}
