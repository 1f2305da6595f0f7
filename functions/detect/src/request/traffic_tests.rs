//! The tests of `traffic`: what each spelling means, and what is refused in which words.

use super::*;
use shared::{Share, Step, VerdictMode};

/// The template's defaults.
fn policy() -> TrafficPolicy {
    TrafficPolicy {
        parameter: None,
        watch_seconds: 120,
        grace_seconds: 180,
        mode: VerdictMode::Decide,
    }
}

/// The steps of a release whose request brings this spelling, and what is said of them.
fn planned(policy: &TrafficPolicy, text: &str) -> Result<(Vec<Step>, Option<String>), String> {
    let shift = Shift::read(text).map_err(|it| it.into_reason())?;
    let planned = policy.steps(Some(&shift)).map_err(|it| it.into_reason())?;
    Ok((planned.steps, planned.warning))
}

fn steps(of: &[(u8, u32)]) -> Vec<Step> {
    let steps = of.iter().map(|(percent, seconds)| Step {
        share: Share::new(*percent).expect("a share"),
        seconds: *seconds,
    });
    steps.collect()
}

fn check(text: &str, expect: &[(u8, u32)]) {
    assert_eq!(
        planned(&policy(), text),
        Ok((steps(expect), None)),
        "{text}"
    );
}

fn refused(text: &str, expect: &[&str]) {
    let reason = planned(&policy(), text).expect_err(text);
    for part in expect {
        assert!(reason.contains(part), "{text}: {reason}");
    }
    assert!(
        reason.contains("expected") || reason.contains("would do"),
        "{reason}"
    );
}

#[test]
fn a_list_is_taken_as_it_is_written() {
    check("100:45", &[(100, 45)]);
    check("10:300,50:300,100:120", &[(10, 300), (50, 300), (100, 120)]);
    check(" 1:300 , 99 : 240,100:1 ", &[(1, 300), (99, 240), (100, 1)]);
}

#[test]
fn a_preset_means_what_it_means_to_codedeploy() {
    for name in [
        "Canary10Percent5Minutes",
        "ECSCanary10Percent5Minutes",
        "CodeDeployDefault.ECSCanary10Percent5Minutes",
    ] {
        check(name, &[(10, 300), (100, 120)]);
    }
    check(
        "Linear40PercentEvery6Minutes",
        &[(40, 360), (80, 360), (100, 120)],
    );
    check("Linear50PercentEvery5Minute", &[(50, 300), (100, 120)]);
    for name in [
        "AllAtOnce",
        "ECSAllAtOnce",
        "CodeDeployDefault.ECSAllAtOnce",
    ] {
        check(name, &[(100, 120)]);
    }
}

#[test]
fn a_preset_whose_steps_are_too_short_is_lengthened_and_says_so() {
    let name = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes";
    let (found, warning) = planned(&policy(), name).expect("steps");
    let mut expect: Vec<(u8, u32)> = (1..10).map(|it| (it * 10, 240)).collect();
    expect[0].1 = 300;
    expect.push((100, 120));
    assert_eq!(found, steps(&expect));
    let says = "Linear10PercentEvery1Minutes: each step lasts 240 s, the first 300 s, instead of 60: \
        a step below 100 % needs 240 s";
    assert!(
        warning.as_deref().is_some_and(|it| it.contains(says)),
        "{warning:?}"
    );
    for name in [
        "Linear50PercentEvery4Minutes",
        "Linear40PercentEvery4Minutes",
        "Canary5Percent4Minutes",
    ] {
        let (_, warning) = planned(&policy(), name).expect("steps");
        let says = format!("{name}: the first step lasts 300 s, instead of 240");
        assert!(warning.is_some_and(|it| it.starts_with(&says)), "{name}");
    }
}

#[test]
fn a_list_whose_steps_are_too_short_is_refused_with_the_one_that_would_do() {
    refused(
        "10:299,100:120",
        &[
            "10:299,100:120 is too short to be judged, 10:300,100:120 would do",
            "two whole minutes",
        ],
    );
    refused("10:300,50:239,100:1", &["10:300,50:240,100:1 would do"]);
    refused("10:60,20:60,100:60", &["10:300,20:240,100:60 would do"]);
}

#[test]
fn in_shadow_mode_a_short_step_is_only_warned_of() {
    let shadow = TrafficPolicy {
        mode: VerdictMode::Shadow,
        ..policy()
    };
    let (found, warning) = planned(&shadow, "10:5,100:5").expect("steps");
    assert_eq!(found, steps(&[(10, 5), (100, 5)]));
    assert!(warning.is_some_and(|it| it.contains("10:300,100:5 would do")));
}

#[test]
fn steps_for_which_a_push_would_wait_too_long_are_refused_with_the_sum() {
    check("50:4000,100:3740", &[(50, 4000), (100, 3740)]);
    refused(
        "50:4000,100:3741",
        &[
            "at most 8100 s",
            "found 8101 s: 7741 s, and 2 times InconclusiveGraceSeconds (180 s)",
        ],
    );
    refused("100:4294967295", &["found 4294967475 s"]);
    refused("Canary10Percent4000000000Minutes", &["found 4294967775 s"]);
    let patient = TrafficPolicy {
        watch_seconds: 3600,
        grace_seconds: 1800,
        ..policy()
    };
    let expect = steps(&[(100, 3600)]);
    assert_eq!(
        planned(&patient, "AllAtOnce"),
        Ok((expect, None)),
        "the largest parameters"
    );
}

#[test]
fn any_other_spelling_is_refused_with_what_was_expected_and_found() {
    for (text, problem) in [
        (
            "",
            "it is none of these: found nothing; expected shares in per cent",
        ),
        ("half", "it is none of these: found half; expected"),
        ("canary10percent5minutes", "it is none of these"),
        ("Canary10Percent5Seconds", "it is none of these"),
        ("Canary10PercentEvery5Minutes", "it is none of these"),
        ("Linear10Percent5Minutes", "it is none of these"),
        ("CodeDeployDefault.LambdaAllAtOnce", "it is none of these"),
        ("Canary0Percent5Minutes", "its share is 0, not 1 to 99"),
        ("Canary100Percent5Minutes", "its share is 100, not 1 to 99"),
        (
            "Linear300PercentEvery1Minutes",
            "its share is 300, not 1 to 99",
        ),
        ("Linear10PercentEvery0Minutes", "its steps last no minute"),
        ("Linear4PercentEvery5Minutes", "25 steps are more than 20"),
        ("10", "the step \"10\" is not a share"),
        ("10:300,100", "the step \"100\" is not a share"),
        ("10:300,100:", "the step \"100:\" is not a share"),
        ("10:300,,100:120", "the step \"\" is not a share"),
        ("0:300,100:120", "the step \"0:300\" is not a share"),
        ("10:0,100:120", "the step \"10:0\" is not a share"),
        ("10:300,101:120", "the step \"101:120\" is not a share"),
        ("+10:300,100:120", "the step \"+10:300\" is not a share"),
        ("10%:5m,100:120", "the step \"10%:5m\" is not a share"),
        ("10:300.5,100:120", "the step \"10:300.5\" is not a share"),
        (
            "10:300,100:4294967296",
            "the step \"100:4294967296\" is not a share",
        ),
        (
            "50:300,10:300,100:120",
            "the share 10 % is not more than 50 %",
        ),
        (
            "10:300,10:300,100:120",
            "the share 10 % is not more than 10 %",
        ),
        ("10:300,50:300", "the last share is 50 %, not 100 %"),
    ] {
        refused(text, &[problem]);
    }
    let many = vec!["1:300"; 21].join(",");
    refused(&many, &["21 steps are more than 20"]);
}

#[test]
fn the_parameter_speaks_where_the_request_is_silent_and_is_named_where_it_cannot_be_used() {
    let with = |text: &str| TrafficPolicy {
        parameter: Some(text.to_owned()),
        ..policy()
    };
    let steps_of =
        |policy: &TrafficPolicy, shift: Option<&Shift>| policy.steps(shift).map(|it| it.steps);
    assert_eq!(steps_of(&policy(), None), Ok(steps(&[(100, 120)])));
    let canary = with("Canary10Percent5Minutes");
    assert_eq!(steps_of(&canary, None), Ok(steps(&[(10, 300), (100, 120)])));
    let requested = steps_of(&canary, Some(&Shift::AllAtOnce));
    assert_eq!(requested, Ok(steps(&[(100, 120)])), "the request beats it");
    for text in ["slowly", "10:5,100:5", "100:9000"] {
        let reason = with(text).steps(None).expect_err(text);
        let says = "the parameter TrafficSteps cannot be used: ";
        assert!(reason.as_str().starts_with(says), "{reason}");
        assert!(with(text).steps(Some(&Shift::AllAtOnce)).is_ok(), "{text}");
    }
    let reason = policy().steps(Some(&Shift::Steps(steps(&[(10, 5), (100, 5)]))));
    let reason = reason.expect_err("too short");
    assert!(
        reason
            .as_str()
            .starts_with("the request's traffic cannot be used: "),
        "{reason}"
    );
}
