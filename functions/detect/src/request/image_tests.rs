//! The tests of `image.rs`.

use super::*;

const DIGEST: &str = "sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";
const REGISTRY: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

fn read(name: &str) -> Result<Request, Refusal> {
    let execution = "arn:aws:states:eu-west-1:111122223333:execution:shop-release:r1".into();
    image(name, &OwnRepository::of("shop", "111122223333", &execution))
}

#[test]
fn the_full_name_that_the_console_copies_is_read_as_the_short_one() {
    let tag = Request::Tag("v1.3.0".to_owned());
    assert_eq!(read("shop:v1.3.0"), Ok(tag.clone()));
    assert_eq!(read(&format!("{REGISTRY}/shop:v1.3.0")), Ok(tag));
    let digest = Request::Digest {
        digest: DIGEST.into(),
        tag: None,
    };
    assert_eq!(read(&format!("shop@{DIGEST}")), Ok(digest.clone()));
    assert_eq!(read(&format!("{REGISTRY}/shop@{DIGEST}")), Ok(digest));
}

#[test]
fn a_tag_before_a_digest_is_kept_to_be_shown() {
    for host in ["", &format!("{REGISTRY}/")] {
        assert_eq!(
            read(&format!("{host}shop:v1.3.0@{DIGEST}")),
            Ok(Request::Digest {
                digest: DIGEST.into(),
                tag: Some("v1.3.0".to_owned()),
            })
        );
    }
}

#[test]
fn what_names_no_image_of_the_repository_is_refused() {
    for (name, expect) in [
        ("shop", "neither a tag nor a digest"),
        ("shop:", "expected a tag"),
        ("shop@", "expected a digest"),
        ("shop@sha256:1", "expected a digest"),
        ("shop:v1@md5:1", "expected a digest"),
        ("other:v1", "expected repository shop"),
        ("@sha256:1", "expected a digest"),
        ("localhost:5000/shop", "found localhost:5000/shop"),
        (
            "999988887777.dkr.ecr.eu-west-1.amazonaws.com/shop:v1",
            "found 999988887777",
        ),
    ] {
        let reason = read(name).expect_err(name);
        assert!(reason.as_str().contains(expect), "{name}: {reason}");
    }
}
