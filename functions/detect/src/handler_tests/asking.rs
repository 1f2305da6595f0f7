//! Asks detect for anything, and says how often it wrote.

use super::world::{ask_for, detect, held_by, mine, writes};
use crate::task::{Answer, Would};
use aws_sdk_ecr::operation::describe_images::DescribeImagesOutput;
use aws_sdk_ecr::types::ImageDetail;
use aws_sdk_sfn::types::ExecutionStatus::{self, Running};
use aws_smithy_mocks::{Rule, mock};
use aws_smithy_types::DateTime;
use serde_json::{Value, json};
use shared::record::{Phase, Record, Release, Time};
use shared::{Environment, Migration};

pub fn noon() -> Time {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

/// ECR has every image, and got it so many seconds after noon.
pub fn images(seconds: i64) -> Rule {
    mock!(aws_sdk_ecr::Client::describe_images).then_output(move || {
        let at = DateTime::from_secs(noon().timestamp() + seconds);
        let image = ImageDetail::builder().image_digest("sha256:new");
        let image = image.image_pushed_at(at).build();
        DescribeImagesOutput::builder().image_details(image).build()
    })
}

/// The record after a stable release that made blue live.
pub fn stable() -> Record {
    let old = held_by("old");
    let release = old.release.map(|it| Release {
        phase: Phase::Stable,
        from: Environment::Green,
        to: Environment::Blue,
        to_digest: "sha256:live".to_owned(),
        from_digest: Some("sha256:live".to_owned()),
        from_desired: 0,
        ..it
    });
    Record { release, ..mine() }
}

pub fn plan_of(request: &Value) -> Value {
    json!({"action": "plan", "request": request})
}

/// The answer, and how many writes it took.
pub async fn answered(record: Record, holder: ExecutionStatus, request: Value) -> (Answer, usize) {
    let write = writes();
    let detect = detect(record, &write, &images(1), holder);
    (ask_for(&detect, request).await, write.num_calls())
}

/// What a plan says would be done, once it is sure that the plan wrote nothing.
pub async fn planned(record: Record, request: Value) -> (Would, String, bool, Option<Migration>) {
    let (answer, writes) = answered(record, Running, plan_of(&request)).await;
    assert_eq!(writes, 0, "{request}");
    let Answer::Plan {
        would,
        reason,
        plan,
        migration,
        ..
    } = answer
    else {
        panic!("no plan of {request}: {answer:?}")
    };
    (would, reason, plan.is_some(), migration)
}

pub async fn refused(record: Record, holder: ExecutionStatus, request: Value, expect: &str) {
    let (answer, writes) = answered(record, holder, request).await;
    let Answer::Refuse { reason } = answer else {
        panic!("not refused: {answer:?}")
    };
    assert!(reason.contains(expect), "{expect}: {reason}");
    assert_eq!(writes, 0, "{reason}");
}
