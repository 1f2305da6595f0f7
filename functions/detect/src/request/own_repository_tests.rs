//! The tests of `own_repository.rs`.

use super::*;

fn require(found: &str) -> Result<(), Refusal> {
    let execution = "arn:aws:states:eu-west-1:111122223333:execution:shop-release:r1".into();
    OwnRepository::of("team/shop", &execution).require(found)
}

#[test]
fn the_repository_is_known_alone_and_in_its_own_registry() {
    for name in [
        "team/shop",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/shop",
        "111122223333.dkr.ecr-fips.eu-west-1.amazonaws.com/team/shop",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com.cn/team/shop",
        "111122223333.dkr-ecr.eu-west-1.on.aws/team/shop",
        "111122223333.dkr-ecr-fips.eu-west-1.on.aws/team/shop",
        "111122223333.dkr-ecr.eu-west-1.on.amazonwebservices.com.cn/team/shop",
    ] {
        assert_eq!(require(name), Ok(()), "{name}");
    }
}

#[test]
fn another_repository_or_registry_is_refused_with_both_names() {
    for name in [
        "shop",
        "/team/shop",
        "other-team/shop",
        "xteam/shop",
        "team/shop/api",
        "host:5000/team/shop",
        "docker.io/team/shop",
        "999988887777.dkr.ecr.eu-west-1.amazonaws.com/team/shop",
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/shop",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com.example.com/team/shop",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop",
        "public.ecr.aws/team/shop",
    ] {
        let reason = require(name).expect_err(name);
        let expect = format!(
            "expected repository team/shop, alone or in registry 111122223333.dkr.ecr.eu-west-1.amazonaws.com, found {name}"
        );
        assert_eq!(reason.as_str(), expect);
    }
}
