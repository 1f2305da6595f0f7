//! The rules by which people reach the idle environment, such as one for a test header: they follow a flip inversely.
//!
//! They are no part of the protocol that `traffic` describes. No customer comes by them, so they follow after its end, when
//! the lease is released: whatever goes wrong here fails no flip, and is a warning of its answer. What a lost or late write
//! leaves, the next flip puts right. A rule of the service itself is left alone, though a parameter may list it here as well:
//! detect refuses a release then, and nothing refuses a flip back, after which it would get customers' traffic without a lease.

use crate::answer::{Answer, Decision};
use crate::rules::ListenerRules;
use shared::{Refusal, Share, listed};
use std::time::Duration;

/// How long an answer waits for them.
const TIME: Duration = Duration::from_secs(3);

/// How often they are looked at: a look that has written is followed by another, since a second flip may have made its
/// own writes meanwhile.
const LOOKS: usize = 3;

/// Makes each of the rules forward to the environment that the service's rules leave idle, if the answer says that one
/// environment has all of the traffic. `left` is the function's time.
///
/// The warning says which rule does not, and why.
pub(crate) async fn follow(
    rules: &ListenerRules,
    idle_rules: &[String],
    answer: &Answer,
    left: Duration,
) -> Option<String> {
    if idle_rules.is_empty() || !leaves_one_idle(answer) {
        return None;
    }
    let time = left.min(TIME);
    let pointed = tokio::time::timeout(time, Box::pin(point(rules, idle_rules))).await;
    let no_answer = |_| Err(format!("expected all answers of AWS within {time:.1?}"));
    let reason = pointed.unwrap_or_else(no_answer).err()?;
    Some(format!(
        "a rule in IdleRuleArns may not forward to the idle environment: {reason}"
    ))
}

/// At a share below all of the traffic no environment is idle.
fn leaves_one_idle(answer: &Answer) -> bool {
    match answer.decision {
        Decision::Flipped | Decision::AlreadyThere => answer.share.is_some_and(Share::is_all),
        Decision::FlippedBack | Decision::AlreadyFlippedBack => true,
        Decision::NotReady
        | Decision::Held
        | Decision::NothingToFlipBack
        | Decision::Ignored
        | Decision::Refused
        | Decision::Closed
        | Decision::Previewed => false,
    }
}

/// One rule at a time: what is wrong with one keeps no other from following.
async fn point(rules: &ListenerRules, idle_rules: &[String]) -> Result<(), String> {
    let mut failures = Vec::new();
    for _ in 0..LOOKS {
        let live = rules.live().await.map_err(|error| error.to_string())?;
        let active = rules.routing.active_environment(&live);
        let idle = active.map_err(Refusal::into_reason)?.other();
        let mut has_written = false;
        failures.clear();
        for arn in idle_rules {
            if rules.routing.rule_arns.contains(arn) {
                failures.push(format!("{arn} is in ListenerRuleArns too"));
                continue;
            }
            match rules.point(arn, idle).await {
                Ok(written) => has_written |= written,
                Err(reason) => failures.push(reason),
            }
        }
        if !has_written {
            break;
        }
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(listed(failures, "; "))
    }
}
