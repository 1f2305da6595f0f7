//! How long a step must last to be judged.

use shared::Step;

/// CloudWatch tells of a load balancer by whole minutes.
const MINUTE: u32 = 60;

/// Seconds without which a step below 100 % cannot be judged: the minute in which the share changes, two whole minutes to
/// compare, and the minute by which CloudWatch is late.
const LATER_STEP: u32 = 4 * MINUTE;

/// The first step has one more minute to leave out, the first whole one of a fresh environment.
const FIRST_STEP: u32 = LATER_STEP + MINUTE;

/// The same steps, none of them too short to be judged; with all of the traffic any length will do.
pub(super) fn long_enough(steps: &[Step]) -> Vec<Step> {
    let needs = [FIRST_STEP]
        .into_iter()
        .chain(std::iter::repeat(LATER_STEP));
    let steps = steps.iter().zip(needs);
    let longer = steps.map(|(step, need)| Step {
        share: step.share,
        seconds: if step.share.is_all() {
            step.seconds
        } else {
            step.seconds.max(need)
        },
    });
    longer.collect()
}

/// What the seconds are for.
pub(super) fn why() -> String {
    format!(
        "a step below 100 % needs {LATER_STEP} s, for the minute in which the share changes, two whole minutes to compare \
         and the minute by which CloudWatch is late; the first one needs {FIRST_STEP} s, since a fresh environment's \
         first minute does not count"
    )
}
