//! What decides about images after preflight: a function that is none of ours, so nothing but an exact yes lets an image in;
//! and a scan that was still going.

use crate::machine::VERIFIER;
use crate::routes::reached;
use detect::task::Answer;
use project::{Names, keys, list, machine, text};
use serde_json::{Value, json};

const VERIFIED: &str = "Image verified?";

/// What the machine makes of an answer.
const SAID: &str = "{% ( $said := $states.result.Payload; $type($said) = 'object' and $type($said.allowed) = 'boolean' \
    and $type($said.reason) = 'string' ? { 'allowed': $said.allowed, 'reason': $substring($said.reason, 0, 2000) } \
    : { 'allowed': false, 'reason': 'expected an answer like {\"allowed\": true, \"reason\": \"text\"}, found ' & \
    ($exists($said) ? $substring($string($said), 0, 200) : 'none') } ) %}";

#[test]
fn given_an_image_then_the_function_has_30_seconds_and_gets_what_it_decides_by() {
    let verify = &machine()["States"][VERIFIER];
    assert_eq!(
        verify["Resource"],
        "arn:${Partition}:states:::lambda:invoke"
    );
    assert_eq!(verify["TimeoutSeconds"], 30);
    assert_eq!(verify["Arguments"]["FunctionName"], "${VerifierFunction}");
    let payload = &verify["Arguments"]["Payload"];
    let names = ["service", "release", "execution", "image", "digest", "tag"];
    assert_eq!(keys(payload), names.map(str::to_owned).into());
    // It is about the image of the plan that detect has just answered.
    let plan = serde_json::to_value(Answer::VerifyImage {
        plan: Box::new(fixtures::release_plan()),
        reason: String::new(),
    });
    let image = keys(&plan.expect("an answer")["plan"]["image"]);
    for (name, field) in [("image", "uri"), ("digest", "digest"), ("tag", "tag")] {
        assert!(image.contains(field), "{image:?}");
        let given = text(&payload[name]);
        assert!(
            given.contains(&format!("$answer.plan.image.{field}")),
            "{given}"
        );
    }
}

/// I13: a digest counts as verified only after a yes about this very one.
#[test]
fn given_an_answer_then_only_an_exact_yes_leads_on_and_everything_else_refuses() {
    let machine = machine();
    let states = &machine["States"];
    assert_eq!(states[VERIFIER]["Assign"]["verifier"], SAID);
    let ways = list(&states[VERIFIER]["Catch"]).into_iter();
    let mut ways = ways.chain([&states[VERIFIER]]);
    assert!(ways.all(|it| it["Next"] == VERIFIED));
    let choices = list(&states[VERIFIED]["Choices"]);
    assert_eq!(choices[0]["Condition"], "{% $verifier.allowed = true %}");
    let verified = json!({"verified": "{% $answer.plan.image.digest %}"});
    assert_eq!(choices[0]["Assign"], verified);
    assert_eq!(choices[0]["Next"], "Detect environments");
    let refused = &choices[1]["Assign"];
    assert_eq!(choices[1]["Condition"], "{% true %}");
    assert_eq!(refused["ending"], "refused");
    assert_eq!(refused["failure"]["Error"], "ReleaseRefused");
    let cause = text(&refused["failure"]["Cause"]);
    assert!(
        cause.starts_with("{% 'verifier: ' & $verifier.reason & '. "),
        "{cause}"
    );
    assert_eq!(choices[1]["Next"], "Record failure");
    assert_eq!((choices.len(), states[VERIFIED].get("Default")), (2, None));
}

#[test]
fn given_a_digest_then_nothing_else_says_that_it_is_verified_and_detect_learns_it() {
    let machine = machine();
    let states = machine["States"].as_object().expect("states");
    let assigns = |it: &Value| it.to_string().contains("\"verified\":");
    let setting = states.iter().filter(|(_, it)| assigns(it));
    let setting: Names = setting.map(|(name, _)| name.clone()).collect();
    let expect = ["Begin", "Detect environments", VERIFIED];
    assert_eq!(setting, expect.map(str::to_owned).into());
    assert_eq!(states["Begin"]["Assign"]["verified"], Value::Null);
    let told = &states["Detect environments"]["Arguments"]["verified"];
    assert_eq!(told, "{% $verified %}");
    assert_eq!(
        states["Detect environments"]["Assign"].get("verified"),
        None
    );
}

/// A scan that has not ended in time says nothing against the build: DeploymentTimedOut would keep its next push out.
#[test]
fn given_a_scan_that_refuses_or_never_ends_then_the_image_is_refused_before_any_traffic() {
    let machine = machine();
    let choices = list(&machine["States"]["Deployment steady?"]["Choices"]);
    let refusing = choices
        .into_iter()
        .filter(|it| it.to_string().contains("ImageRefused"));
    let (conditions, next): (Vec<_>, Vec<_>) = refusing
        .map(|it| (text(&it["Condition"]), text(&it["Next"])))
        .unzip();
    let expect = [
        "{% $status = 'refused' %}",
        "{% $status = 'waiting' and $substring($reason, 0, 15) = 'scan-findings: ' %}",
    ];
    assert_eq!(conditions, expect);
    assert_eq!(next, ["Record failure"; 2]);
    assert!(!record::BUILD_FAILURES.contains(&"ImageRefused"));
}

/// Detect may have claimed the record in an earlier try, so no way out leads past its end.
#[test]
fn given_a_verification_then_it_changes_nothing_and_no_preview_makes_one() {
    let machine = machine();
    let states = &machine["States"];
    let after = reached(states, VERIFIER, &["Detect environments"]).into_iter();
    let tasks = after.filter(|it| states[it]["Type"] == "Task");
    let expect = ["Record failure", "Tell of failure", VERIFIER];
    assert_eq!(tasks.collect::<Names>(), expect.map(str::to_owned).into());
    let choices = list(&states["What to do?"]["Choices"]).into_iter();
    let rules = choices.filter(|it| it["Next"] == VERIFIER);
    let rules: Vec<_> = rules.map(|it| text(&it["Condition"])).collect();
    let expect = "{% $decision = 'verify-image' and $isPreview = false and $answer.plan.image.digest != $verified and \
        $verifications < 5 and $tries < 200 %}";
    assert_eq!(rules, [expect]);
}

#[test]
fn given_a_tag_that_moves_during_each_verification_then_the_cause_says_so_and_not_that_nobody_asked()
 {
    let machine = machine();
    let choices = list(&machine["States"]["What to do?"]["Choices"]);
    let of_images = choices
        .iter()
        .filter(|it| text(&it["Condition"]).contains("verify-image"));
    let [_, moved] = of_images.collect::<Vec<_>>()[..] else {
        panic!("expected one rule to verify and one for the end of it")
    };
    let expect = "{% $decision = 'verify-image' and $isPreview = false and $answer.plan.image.digest != $verified and \
        $verifications >= 5 %}";
    assert_eq!(moved["Condition"], expect);
    let failure = &moved["Assign"]["failure"];
    assert_eq!(failure["Error"], "WaitedTooLong");
    let expect = "{% 'the tag moved to another image during each of ' & $string($verifications) & ' verifications, ";
    let cause = text(&failure["Cause"]);
    assert!(cause.starts_with(expect), "{cause}");
    assert!(!cause.contains("$reason"), "{cause}");
    assert_eq!(moved["Next"], "Record failure");
}

/// Retries may end the loop long before its time is over.
#[test]
fn given_a_scan_that_never_ends_then_the_cause_says_what_ended_the_loop_as_that_of_a_timeout_does()
{
    let machine = machine();
    let choices = list(&machine["States"]["Deployment steady?"]["Choices"]);
    let causes = choices
        .iter()
        .map(|it| it["Assign"]["failure"]["Cause"].to_string());
    let ended = causes.filter_map(|it| Some(it.split_once(" after ' & ")?.1.to_owned()));
    let [scan, rollout] = &ended.collect::<Vec<_>>()[..] else {
        panic!("expected a scan and a rollout that did not end")
    };
    assert_eq!(scan, rollout);
    assert!(scan.contains("$string($tries) & ' retries: '"), "{scan}");
}
