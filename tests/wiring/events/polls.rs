//! How often a release looks at its deployment, its targets and its watch: no count ends one before the clock does,
//! whatever the parameters are, and what shows at once after a flip is seen at once.

use super::{MOST_STEPS, bound, largest};
use evaluate_metrics::watch::UNREAD_SECONDS;
use project::{list, machine, text};
use serde_json::Value;

/// The steps with early looks: the first two, which show the new version to its first users, and the one with all of the
/// traffic.
const EARLY_STEPS: u64 = 3;

/// The seconds between the first looks after a flip, the last of them first, as the machine's expression has them.
fn early(machine: &Value) -> Vec<u64> {
    let seconds = text(&machine["States"]["Watch"]["Seconds"]);
    let listed = seconds.split_once("$min([$usual, [").expect("a list").1;
    let (listed, _) = listed.split_once(']').expect("its end");
    let waits = listed.split(", ").map(|it| it.parse().expect("seconds"));
    waits.collect()
}

/// How many waits of the length that a state has are the whole time.
fn parts(machine: &Value, waits: &str, time: &str) -> u64 {
    let seconds = text(&machine["States"][waits]["Seconds"]);
    let parts = seconds.split_once(&format!("$ceil({time} / "));
    let parts = parts.and_then(|(_, it)| it.split(')').next()?.parse().ok());
    parts.unwrap_or_else(|| panic!("{waits}: {seconds}"))
}

#[test]
fn given_a_flip_then_its_first_looks_come_within_15_seconds_and_never_later_than_usual() {
    let machine = machine();
    let states = &machine["States"];
    let expect = "{% ( $usual := $max([${PollSeconds}, $ceil($watchSecondsMax / 128), $unread ? 60 : 0]); \
        $early > 0 ? $min([$usual, [5, 4, 3, 3][$early - 1]]) : $usual ) %}";
    assert_eq!(states["Watch"]["Seconds"], expect);
    let mut waits = early(&machine);
    waits.reverse();
    let after = |looks| waits[..looks].iter().sum::<u64>();
    assert_eq!([1, 2, 3, 4].map(after), [3, 6, 10, 15]);
    let watch = &states["Watch"]["Assign"];
    assert_eq!(watch["early"], "{% $max([0, $early - 1]) %}");
    let begin = &states["Begin"]["Assign"];
    assert_eq!(
        (&begin["early"], &begin["unread"]),
        (&0.into(), &false.into())
    );
    let flipped = &list(&states["Traffic flipped?"]["Choices"])[0]["Assign"];
    let early = "{% $step < 2 or $step + 1 = $stepCount ? 4 : 0 %}";
    assert_eq!(flipped["early"], early);
}

#[test]
fn given_the_longest_times_then_the_clock_ends_a_loop_before_its_count_does() {
    let machine = machine();
    let time = "${DeployTimeoutSeconds}";
    let looks = parts(&machine, "Wait for targets", time);
    assert!(looks <= bound(&machine, "looks"), "looks: {looks}");
    // The last poll of a step comes up to one wait after the step's end. A verdict that cannot be read is asked for once a
    // minute.
    let early = EARLY_STEPS * early(&machine).len() as u64;
    let polls = parts(&machine, "Watch", "$watchSecondsMax") + MOST_STEPS + early;
    let polls = polls + u64::try_from(UNREAD_SECONDS).expect("seconds") / 60;
    assert!(polls <= bound(&machine, "polls"), "polls: {polls}");
    let choices = machine["States"]["Release healthy?"]["Choices"].to_string();
    let clock = format!(
        "($polls - $stepCount - {early}) * ${{PollSeconds}} <= $watchSecondsMax + {UNREAD_SECONDS} * $stepCount and "
    );
    assert!(choices.contains(&clock), "{clock}");
    let longest = &machine["States"]["Detect environments"]["Assign"]["watchSecondsMax"];
    let expect = "{% $sum([$states.result.plan.steps.seconds]) + $count([$states.result.plan.steps]) * \
        ${InconclusiveGraceSeconds} %}";
    assert_eq!(longest, expect);
}

#[test]
fn given_the_most_steps_then_the_machine_goes_through_all_of_them_and_no_more() {
    // From each step to the next one.
    assert_eq!(bound(&machine(), "step") + 1, MOST_STEPS);
}

/// Looks at one deployment at `Wait for tasks`, if it is steady never: each as long after the last one as the state says.
fn checks(timeout: i64, poll: i64) -> u64 {
    let wait = |elapsed: i64| ((timeout + 19) / 20).min((elapsed - 12 * poll + 7) / 8);
    let next = |elapsed: &i64| Some(elapsed + wait(*elapsed).max(poll));
    let checks = std::iter::successors(Some(0), next);
    checks.take_while(|elapsed| *elapsed < timeout).count() as u64
}

#[test]
fn given_three_deployments_that_are_never_steady_then_the_clock_ends_each_of_them() {
    let machine = machine();
    let seconds = &machine["States"]["Wait for tasks"]["Seconds"];
    let expect = "{% $max([${DeployPollSeconds}, $ceil($min([${DeployTimeoutSeconds} / 20, \
        ($millis() - $deployedAt - 12000 * ${DeployPollSeconds}) / 8000]))]) %}";
    assert_eq!(seconds, expect);
    let longest = i64::try_from(largest("DeployTimeoutSeconds")).expect("seconds");
    let each = (1..=60).flat_map(|poll| (1..=8).map(move |part| checks(longest / part, poll)));
    // Each deployment is counted when it begins and when it is steady. Its last look may come after its time.
    let deployments = bound(&machine, "deploys") / 2;
    let checks = deployments * (each.max().expect("a deployment") + 1);
    assert!(checks < bound(&machine, "checks"), "{checks} checks");
}

/// What AWS throttles takes nothing of the time that the targets of the new environment have.
#[test]
fn given_calls_that_are_throttled_before_the_flip_then_its_targets_still_have_all_of_their_time() {
    let states = &machine()["States"];
    let still = "{% $states.context.State.RetryCount > 0 ? $deployedAt + $millis() - \
        $toMillis($states.context.State.EnteredTime) : $deployedAt %}";
    for name in [
        "Check alarms",
        "Flip traffic",
        "Scale idle environment again",
    ] {
        assert_eq!(states[name]["Assign"]["deployedAt"], still, "{name}");
    }
    let choices = list(&states["What do people say?"]["Choices"]).into_iter();
    let onward: Vec<_> = choices.filter(|it| it["Next"] == "Check alarms").collect();
    assert_eq!(onward.len(), 1);
    assert_eq!(onward[0]["Assign"]["deployedAt"], "{% $millis() %}");
}

/// A look reads only what is due. After a wait for AWS, in which nobody looked, and where a person ends a watch, all is due.
#[test]
fn given_a_flip_that_was_throttled_then_the_first_look_after_it_reads_everything() {
    let states = &machine()["States"];
    assert_eq!(states["Begin"]["Assign"]["lastRead"], serde_json::json!({}));
    let flip = &states["Flip traffic"]["Assign"]["lastRead"];
    assert_eq!(
        flip,
        "{% $states.context.State.RetryCount > 0 ? null : $lastRead %}"
    );
    let judge = &states["Evaluate metrics"];
    let given = &judge["Arguments"]["lastRead"];
    assert_eq!(given, "{% $finish ? null : $lastRead %}");
    let kept = "{% $exists($states.result.lastRead) ? $states.result.lastRead : null %}";
    assert_eq!(judge["Assign"]["lastRead"], kept);
}
