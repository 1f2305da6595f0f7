//! Pushes of what is no container image, of tags that are kept out, and of images that nobody can pull.

use super::asking::{ask_for, context, plan_of, writes};
use super::records::{ME, held_by, newest};
use super::registry::{Stored, client, image_found, registry_of, stored};
use crate::claim::Context;
use crate::task::{Answer, PreviewedAction};
use aws_sdk_ecr::Client;
use aws_sdk_ecr::operation::batch_get_image::BatchGetImageOutput;
use aws_sdk_ecr::operation::describe_images::DescribeImagesOutput;
use aws_sdk_ecr::types::{Image, ImageDetail, ImageIdentifier, ImageStatus};
use aws_sdk_sfn::types::ExecutionStatus::Running;
use aws_smithy_mocks::{Rule, mock};
use record::Record;
use serde_json::{Value, json};

pub const PUSHED: &str = "sha256:b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2";

/// The event of a push, as ECR sends it.
pub fn push_of(tag: &str) -> Value {
    json!({
        "version": "0", "id": "13cde686-328b-6117-af20-0e5566167482", "detail-type": "ECR Image Action",
        "source": "aws.ecr", "account": "111122223333", "time": "2026-11-23T12:00:00Z",
        "region": "eu-west-1", "resources": [],
        "detail": {"result": "SUCCESS", "repository-name": "shop", "image-digest": PUSHED,
            "action-type": "PUSH", "image-tag": tag}
    })
}

/// What BuildKit pushes with `--cache-to type=registry,ref=shop:buildcache,image-manifest=true`.
fn cache() -> Stored {
    let kind = "application/vnd.buildkit.cacheconfig.v0";
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": kind, "size": 10},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": 10}],
    });
    Stored {
        detail: ImageDetail::builder().artifact_media_type(kind),
        ..stored("buildcache", PUSHED, manifest)
    }
}

/// Asks for `request` where the registry has these images; the answer, and how many writes it took.
pub async fn asked(record: Record, images: Vec<Stored>, request: Value) -> (Answer, usize) {
    let write = writes();
    let mut context = context(record, &write, &image_found(), Running);
    context.observer.ecr = registry_of(images);
    (ask_for(&context, request).await, write.num_calls())
}

/// A record in which nobody has asked for anything.
pub fn unqueued() -> Record {
    Record {
        newest: None,
        ..newest()
    }
}

pub fn skipped(answered: (Answer, usize)) -> String {
    let (Answer::Skip { reason, .. }, 0) = answered else {
        panic!("not skipped without a write: {answered:?}")
    };
    reason
}

#[tokio::test]
async fn a_build_cache_takes_no_place_in_the_order_and_is_nothing_to_release() {
    let expect = format!(
        "{PUSHED} (tag buildcache) is no container image: its artifact type is application/vnd.buildkit.cacheconfig.v0"
    );
    for request in [push_of("buildcache"), json!({"tag": "buildcache"})] {
        let answered = asked(unqueued(), vec![cache()], request.clone()).await;
        assert_eq!(skipped(answered), expect);
        let preview = asked(unqueued(), vec![cache()], plan_of(&request)).await;
        assert!(
            matches!(&preview, (Answer::Preview { would: PreviewedAction::Skip, reason, .. }, 0) if *reason == expect),
            "{preview:?}"
        );
    }
}

#[tokio::test]
async fn what_has_become_no_image_since_this_execution_claimed_is_refused_to_release_the_record() {
    let answer = asked(held_by(ME), vec![cache()], json!({"tag": "buildcache"})).await;
    assert!(matches!(answer, (Answer::Refuse { .. }, 0)), "{answer:?}");
}

#[tokio::test]
async fn an_image_of_which_ecr_cannot_tell_what_it_is_is_released() {
    for manifest in [json!({}), json!("no manifest"), json!({"layers": 5})] {
        let image = stored("v1.1.0", PUSHED, manifest);
        let answer = asked(newest(), vec![image], json!({"tag": "v1.1.0"})).await;
        assert!(matches!(answer, (Answer::Release { .. }, 1)), "{answer:?}");
    }
}

fn keeping_out() -> Context {
    let mut context = context(unqueued(), &writes(), &image_found(), Running);
    context.tags.prefix = Some("v".to_owned());
    context.tags.exceptions = vec!["*-arm64".to_owned()];
    context
}

#[tokio::test]
async fn a_tag_that_is_kept_out_starts_no_release_by_a_push_and_one_by_name() {
    for (tag, expect) in [
        ("v1.3.0-arm64", "fits the exception *-arm64"),
        ("latest", "does not begin with v"),
    ] {
        let answer = ask_for(&keeping_out(), push_of(tag)).await;
        assert!(
            matches!(&answer, Answer::Skip { reason, .. } if reason.contains(expect)),
            "{answer:?}"
        );
        let mut context = keeping_out();
        context.store = super::asking::context(newest(), &writes(), &image_found(), Running).store;
        let answer = ask_for(&context, json!({ "tag": tag })).await;
        assert!(matches!(answer, Answer::Release { .. }), "{answer:?}");
    }
    let answer = ask_for(&keeping_out(), push_of("v1.3.0")).await;
    assert!(!matches!(answer, Answer::Skip { .. }), "{answer:?}");
}

#[tokio::test]
async fn an_archived_image_is_refused_until_it_is_restored() {
    for (status, remedy) in [
        (
            ImageStatus::Archived,
            "Restore it first, and request it again",
        ),
        (
            ImageStatus::Activating,
            "It is being restored: request it again",
        ),
    ] {
        let image = || Stored {
            detail: ImageDetail::builder().image_status(status.clone()),
            ..stored("v1.1.0", PUSHED, json!({}))
        };
        for request in [json!({"tag": "v1.1.0"}), push_of("v1.1.0")] {
            let (answer, writes) = asked(unqueued(), vec![image()], request).await;
            let Answer::Refuse { reason, .. } = answer else {
                panic!("not refused: {answer:?}")
            };
            let expect =
                format!("is {status}, expected ACTIVE, so no task could pull it. {remedy}");
            assert!(reason.as_str().contains(&expect), "{reason}");
            assert_eq!(writes, 0);
        }
    }
}

#[tokio::test]
async fn an_archived_image_that_runs_is_found_gone() {
    let live = Stored {
        detail: ImageDetail::builder().image_status(ImageStatus::Archived),
        ..stored("v1.0.0", "sha256:live", json!({}))
    };
    let images = vec![stored("v1.1.0", PUSHED, json!({})), live];
    let plan = plan_of(&json!({"tag": "v1.1.0"}));
    let (Answer::Preview { findings, .. }, 0) = asked(newest(), images, plan).await else {
        panic!("no preview")
    };
    let mut gone = findings.iter().filter(|it| it.name == "image-gone");
    let found = gone.next().map(|it| it.found.as_str());
    assert!(
        found.is_some_and(|it| it.contains("sha256:live")),
        "{found:?}"
    );
}

/// A tag that is moved to `PUSHED` after ECR has given the manifest of what it named before.
fn moved_tag(before: &'static str) -> (Client, Rule) {
    let detail = mock!(Client::describe_images).then_output(|| {
        let image = ImageDetail::builder().image_digest(PUSHED).build();
        DescribeImagesOutput::builder().image_details(image).build()
    });
    let manifest = mock!(Client::batch_get_image).then_compute_output(move |request| {
        let by_tag = request.image_ids()[0].image_tag().is_some();
        let (digest, kind) = if by_tag {
            (before, "application/vnd.cncf.helm.config.v1+json")
        } else {
            (PUSHED, "application/vnd.oci.image.config.v1+json")
        };
        let layer = json!({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"});
        let manifest = json!({"config": {"mediaType": kind}, "layers": [layer]});
        let id = ImageIdentifier::builder().image_digest(digest).build();
        let image = Image::builder().image_id(id);
        let image = image.image_manifest(manifest.to_string()).build();
        BatchGetImageOutput::builder().images(image).build()
    });
    (client(&detail, &manifest), manifest)
}

#[tokio::test]
async fn a_tag_that_is_moved_while_it_is_looked_up_is_read_again_by_its_digest() {
    for (before, calls, released) in [("sha256:chart", 3, true), (PUSHED, 1, false)] {
        let mut context = context(newest(), &writes(), &image_found(), Running);
        let (ecr, manifest) = moved_tag(before);
        context.observer.ecr = ecr;
        let answer = ask_for(&context, json!({"tag": "v1.1.0"})).await;
        assert_eq!(
            matches!(answer, Answer::Release { .. }),
            released,
            "{answer:?}"
        );
        assert_eq!(manifest.num_calls(), calls, "{before}");
    }
}
