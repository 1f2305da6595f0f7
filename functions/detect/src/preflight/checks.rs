//! The checks of the preflight, with what each is good for. The function's README.md lists them.

use Severity::{Refusal, Warning};
use serde::Serialize;

/// What a finding does to a release; in the order in which findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It stops the release.
    Refusal,
    Warning,
    /// It could not be looked up, or nobody allowed it.
    Unknown,
}

/// One check: what its findings have in common.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    pub name: &'static str,
    pub severity: Severity,
    pub matters: &'static str,
    pub remedy: &'static str,
}

impl Check {
    pub fn named(name: &str) -> Option<&'static Check> {
        CHECKS.iter().copied().find(|check| check.name == name)
    }
}

macro_rules! checks {
    ($($id:ident = $name:literal, $severity:ident, $matters:literal, $remedy:literal;)*) => {
        $(pub(super) const $id: &Check = &Check {
            name: $name,
            severity: $severity,
            matters: $matters,
            remedy: $remedy,
        };)*
        /// Every check there is.
        pub const CHECKS: &[&Check] = &[$($id),*];
    };
}

checks! {
    GROUP_STICKINESS = "group-stickiness", Refusal,
        "Customers who carry its cookie would stay on the previous environment after a flip, and on the new one after a flip back.",
        "Switch the rule's target group stickiness off.";
    ROLE_NOT_PASSABLE = "role-not-passable", Refusal,
        "The deploy function could not register the revision.",
        "Add the role to the stack's parameter TaskRoleArns.";
    WRONG_ARCHITECTURE = "wrong-architecture", Refusal,
        "The new tasks would end at their start.",
        "Build the image for that platform, or change the task definition's runtimePlatform.";
    NO_LOG_GROUP = "no-log-group", Refusal,
        "ECS could not start the new tasks.",
        "Create the log group, or correct the task definition.";
    NO_SECRET = "no-secret", Refusal,
        "ECS could not start the new tasks.",
        "Create the secret, or correct the task definition.";
    OLDER_THAN_CONTRACT = "older-than-contract", Refusal,
        "A contract step may have removed what this version needs from the database.",
        "Release an image that was built later.";
    ALARM_ON = "alarm-on", Warning,
        "An alarm reports a change only, so one that is in ALARM already cannot report that this release is bad.",
        "Wait until it is OK.";
    IDLE_DRIFTED = "idle-drifted", Warning,
        "Idle is not the version that was live before, so nobody knows whether a flip to it would work.",
        "Find out who deployed there; a release or {\"action\": \"sync\"} puts it right.";
    IMAGE_MISSING = "image-gone", Warning,
        "ECS could not start another task there: not after a crash, and not to carry more traffic.",
        "Keep the images of both environments in the repository's lifecycle policy.";
    LOST_CAPACITY = "lost-capacity", Warning,
        "Idle could not carry all traffic after a flip back.",
        "Scale it up again; a release or {\"action\": \"sync\"} does so.";
    RULE_MOVED = "rule-moved", Warning,
        "Somebody else, perhaps an infrastructure tool, changes the rule, and may do so during a release.",
        "Take the rule's action out of that tool's hands (Terraform: ignore_changes = [action]).";
    SLOT_IN_VARIABLE = "slot-in-variable", Warning,
        "The value stays the same in the other environment, where it would be wrong.",
        "Use DEPLOYMENT_SLOT, for logs and metrics only.";
    TARGET_STICKINESS = "target-stickiness", Warning,
        "Customers stay with one task as long as it lives, and lose what it keeps in memory with the flip.",
        "Keep sessions outside of the tasks, and switch stickiness off.";
    HEALTH_PATH = "health-path", Warning,
        "A front page can answer while what is behind it does not work.",
        "Let the health check request a path that says whether the service is ready, such as /health.";
    HEALTH_MATCHER = "health-matcher", Warning,
        "A target that redirects, or knows no such path, counts as healthy.",
        "Let the matcher accept 200 only.";
    SLOW_HEALTH_CHECK = "slow-health-check", Warning,
        "A target that has failed goes on getting traffic for so long.",
        "Lower the interval or the threshold.";
    NO_CIRCUIT_BREAKER = "no-circuit-breaker", Warning,
        "A crash loop would be waited for until DeployTimeoutSeconds.",
        "Enable deploymentCircuitBreaker on the service.";
    LOW_DESIRED_COUNT = "low-desired-count", Warning,
        "A release scales idle up first, which takes a while; until then nothing could take over.",
        "Nothing, if that is meant to be so.";
    LOW_SCALING_CEILING = "low-scaling-ceiling", Warning,
        "Autoscaling would scale the new environment down below what its traffic needs.",
        "Raise the maximum of its scalable target.";
    DEREGISTRATION_DELAY = "deregistration-delay", Warning,
        "At 0 s a deployment cuts off requests; a long delay makes every deployment wait for it.",
        "Set deregistration_delay.timeout_seconds to a little more than the longest request.";
    ENDS_FLIP_BACK = "ends-flip-back", Warning,
        "A sync replaces the version that traffic could be flipped back to.",
        "Nothing, if that is what you want.";
}
