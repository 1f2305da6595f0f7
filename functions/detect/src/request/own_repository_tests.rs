//! The tests of `own_repository.rs`.

use super::*;

/// Of the registry of another account than the execution's.
fn own() -> OwnRepository {
    let execution = "arn:aws:states:eu-west-1:444455556666:execution:shop-release:r1".into();
    OwnRepository::of("team/shop", "111122223333", &execution)
}

fn require(found: &str) -> Result<(), Refusal> {
    own().require(found)
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
        "444455556666.dkr.ecr.eu-west-1.amazonaws.com/team/shop",
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

#[test]
fn only_an_event_of_the_registrys_account_is_let_in() {
    assert_eq!(own().require_account(Some("111122223333")), Ok(()));
    for (found, named) in [
        (Some("444455556666"), "account 444455556666"),
        (Some(""), "account "),
        (None, "account none"),
    ] {
        let reason = own().require_account(found).expect_err(named);
        let expect =
            format!("expected an event of the registry's account 111122223333, found {named}.");
        assert!(reason.as_str().starts_with(&expect), "{reason}");
        assert!(reason.as_str().contains("parameter RegistryId"), "{reason}");
    }
}
