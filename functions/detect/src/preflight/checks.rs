//! The checks of the preflight, with what each is good for. The function's README.md lists them.

use Severity::{Note, Refusal, Warning};
use serde::Serialize;

/// What a finding does to a release; in the order in which findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It stops the release.
    Refusal,
    Warning,
    /// A person who looks at a preview may want to know it. It speaks against nothing.
    Note,
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
    NO_HEALTHY_TARGET = "no-healthy-target", Refusal,
        "A flip back would find nothing that works.",
        "Make the active environment healthy first, or point the rules at the environment that works.";
    NO_FLIP_BACK = "way-back-shut", Refusal,
        "The load balancer checks a target group only while a rule or a listener forwards to it, and traffic is never flipped to targets that nobody checks.",
        "Give each target group a listener of its own that no flip changes, and list both in PreviewRuleArns; or let the rule forward to both groups, with the weights 100 and 0.";
    TWO_LOAD_BALANCERS = "two-load-balancers", Refusal,
        "A target group can be on one load balancer only, so AWS would refuse the flip.",
        "Put the listeners and rules of both target groups on the same load balancer.";
    DEFAULT_RULE = "default-rule", Refusal,
        "AWS lets nobody modify a default rule, so every flip would fail after its deployment.",
        "Give the listener's ARN instead: it stands for its default action.";
    SAME_TWICE = "same-twice", Refusal,
        "A release would deploy to, test or flip something else than it says.",
        "Correct the stack's parameters.";
    IN_BOTH_GROUPS = "in-both-groups", Refusal,
        "Such tasks serve customers whichever way the rules point, so also before any check of theirs.",
        "Let each service register in its own environment's target group only, and deregister what was registered by hand.";
    OTHER_GROUP = "other-group", Refusal,
        "A flip would not move traffic to the tasks of that service.",
        "Let the service register in its environment's target group.";
    DEPLOYMENT_STRATEGY = "deployment-strategy", Refusal,
        "Somebody else would move traffic or hold the deployment, or the service could not be scaled.",
        "Set it on the service as expected; one with another scheduling strategy must be made anew.";
    CONTAINER_MISMATCH = "container-mismatch", Refusal,
        "ECS would refuse to deploy that task definition to the service.",
        "Name containers and ports alike in both environments, in the task definition and in the services.";
    SERVICE_MISMATCH = "service-mismatch", Refusal,
        "ECS would refuse to deploy that task definition to the service.",
        "Release a revision that fits the service, or change the service and its target group.";
    PROTOCOL = "protocol", Refusal,
        "The smoke checks ask each target by HTTP/1.1 and would prove nothing.",
        "Set the environment's base URL (BlueBaseUrl, GreenBaseUrl) to an address that answers HTTP/1.1.";
    UNREACHABLE_TARGETS = "unreachable-targets", Refusal,
        "The smoke checks ask each target by its IP address and would prove nothing.",
        "Set the environment's base URL (BlueBaseUrl, GreenBaseUrl).";
    BASE_URL = "base-url", Refusal,
        "Smoke would not ask it, and what stands in a URL is shown in logs and in executions' histories.",
        "Set BlueBaseUrl and GreenBaseUrl to http://HOST or https://HOST, with a port if need be.";
    GROUP_STICKINESS = "group-stickiness", Refusal,
        "Its cookie outranks the weights: customers who carry it would stay on the previous environment whatever share the new one gets, and on the new one after a flip back.",
        "Switch the rule's target group stickiness off.";
    ROLE_NOT_PASSABLE = "role-not-passable", Refusal,
        "The revision could not be registered, its migration not be started, or its tasks would run with a role that the stack does not know.",
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
    SCAN_FINDINGS = "scan-findings", Refusal,
        "The stack lets in only images whose scan passes (parameters ScanSeverity and ScanFindings).",
        "Request it again once its scan can be looked up; if a right is missing, give it to the stack's role.";
    UNSIGNED = "unsigned", Refusal,
        "The stack lets in only images that its profile has signed (parameter SigningProfileArn).",
        "Let the registry sign what is pushed with that profile (managed signing), push the image again, and request it.";
    MUTABLE_TAGS = "mutable-tags", Warning,
        "Whoever may push can move the tag at any time, so that it names another image than people have looked at.",
        "Make the repository's tags immutable (aws ecr put-image-tag-mutability), or request the image by its digest.";
    ALARM_ON = "alarm-on", Warning,
        "An alarm reports a change only, so one that is in ALARM already cannot report that this release is bad.",
        "Wait until it is OK.";
    ROLLBACK_ALARM = "rollback-alarm", Warning,
        "Such an alarm would not flip this release back.",
        "Correct RollbackAlarmNames, or switch the alarm's actions on and put the stack's output FlipFunctionArn among them; one that is in ALARM must return to OK first.";
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
    UNLISTED_RULE = "unlisted-rule", Warning,
        "No flip changes it: its customers would stay behind, and then get what the next release deploys there, before any check.",
        "Add it to ListenerRuleArns; or, if no customer comes by it, to PreviewRuleArns or IdleRuleArns.";
    SLOT_IN_VARIABLE = "slot-in-variable", Warning,
        "They stay the same in the other environment, where they would be wrong.",
        "Use DEPLOYMENT_SLOT, for logs and metrics only, and names that fit both environments.";
    SECRET_IN_VARIABLE = "secret-in-variable", Warning,
        "Whoever may describe the task definition reads it, and it stays in every revision.",
        "Use Secrets Manager: secrets of the container, secretOptions of its log configuration.";
    OTHER_IMAGE = "other-image", Warning,
        "A release leaves such a container alone: only those that run the released container's image move with it.",
        "Nothing, if that is meant to be so; else register a revision in which both name the same image, and release it with taskDefinition.";
    UNPINNED_IMAGE = "unpinned-image", Warning,
        "Each task pulls what the tag means when it starts, so the two environments may run different versions.",
        "Name the image by its digest (@sha256:...).";
    TARGET_STICKINESS = "target-stickiness", Warning,
        "Customers stay with one task as long as it lives, and lose what it keeps in memory with the flip. While traffic is split, AWS does not promise to honour it: with any request a customer may change the environment.",
        "Keep sessions outside of the tasks, and switch stickiness off.";
    SHORT_STEPS = "short-steps", Warning,
        "A step that is too short ends before anything can be said of it.",
        "Give each step the seconds that it needs (parameter TrafficSteps, or traffic in the request).";
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
    MIGRATION_LOCKS = "migration-locks", Warning,
        "Customers of the live version wait as long, or get errors.",
        "Do it as the finding says, or while few are there.";
    MIGRATION_IGNORED = "migration-ignored", Warning,
        "A comment in the SQL takes the responsibility for what the linter would refuse or warn of.",
        "Nothing, if its reason is a good one; else delete the comment.";
    ENDS_FLIP_BACK = "ends-flip-back", Warning,
        "A sync replaces the version that traffic could be flipped back to.",
        "Nothing, if that is what you want.";
    VERIFIER = "verifier", Note,
        "If it does not answer with yes, the release is refused.",
        "Nothing.";
    RELEASE_WAITS = "release-waits", Note,
        "Each release waits for that on the idle environment before its smoke test, beside the start of its tasks.",
        "Nothing, if that is meant to be so; else lower the interval or the threshold of the health check or the deregistration delay, or let ECS replace all tasks at once (100 and 200 %).";
}
