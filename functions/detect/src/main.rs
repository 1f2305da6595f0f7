//! detect: opens a release (reads the request and the world, decides, claims the record) and closes it.
//!
//! | variable | meaning |
//! |---|---|
//! | `SERVICE` | name of the service: key of its record |
//! | `RECORD_TABLE` | DynamoDB table of the release record |
//! | `HISTORY_DAYS` | days for which the history of releases is kept; 0: for ever |
//! | `RULE_ARNS` | listener rules, or listeners for their default action, comma-separated |
//! | `BLUE_TARGET_GROUP_ARN`, `GREEN_TARGET_GROUP_ARN` | the target group of each environment |
//! | `BLUE_SERVICE_ARN`, `GREEN_SERVICE_ARN` | the ECS service of each environment |
//! | `CONTAINER_NAME` | the container whose image is released |
//! | `REPOSITORY_NAME` | the ECR repository of that image |
//! | `REGISTRY_ID` | the account whose registry has that repository |
//! | `MUTABLE_TAGS` | `allow`, `warn` or `refuse`: what becomes of a release by a tag that may be moved |
//! | `SCAN_SEVERITY` | `none`, `CRITICAL`, `HIGH`, `MEDIUM` or `LOW`: the least severity of a finding that refuses a release |
//! | `SCAN_FINDINGS` | `all`, or `fixable`: only findings that have a fix |
//! | `SIGNING_PROFILE_ARN` | the signing profile by which an image must be signed; empty: none |
//! | `VERIFIER` | `on` or `off`: whether a function of one's own is asked before a release begins |
//! | `TAG_PREFIX` | what a pushed tag must begin with to start a release; empty: anything |
//! | `TAG_EXCEPTIONS` | patterns of pushed tags that start none, comma-separated; empty: none |
//! | `TASK_ROLE_ARNS` | the roles that the deploy function may pass, comma-separated |
//! | `REFUSE_ON_WARNINGS` | names of checks whose warnings refuse a release or a contract step, comma-separated; empty: none |
//! | `SECRET_ARNS` | secrets that may be looked for, comma-separated, with IAM's wildcards; empty: none |
//! | `PREVIEW_RULE_ARNS` | rules, or listeners with all of theirs, that no flip is meant to change; empty: none |
//! | `IDLE_RULE_ARNS` | rules, or listeners, that forward to the idle environment after each flip; empty: none |
//! | `BLUE_BASE_URL`, `GREEN_BASE_URL` | where smoke asks an environment; empty: each of its targets |
//! | `ALARM_NAMES`, `ON_ALARM_BEFORE_FLIP` | the team's alarms, and `refuse` or `warn` when one is in ALARM already |
//! | `ROLLBACK_ALARM_NAMES` | names of alarms that may flip back at any time, comma-separated; may be empty |
//! | `COMMANDS_FROM` | `nobody`, `stack` or `request`: who supplies the commands of migrations and contract steps |
//! | `MIGRATION_COMMAND` | runs with every release that brings no command, as a JSON list of words; empty: nothing |
//! | `CONTRACT_COMMAND` | runs in a contract step that brings no command, as `MIGRATION_COMMAND`; empty: nothing |
//! | `SQL_DIALECT` | `postgresql`, `mysql` or `sqlite`: how the SQL of a request is read |
//! | `STABLE_RELEASES_BEFORE_CONTRACT` | releases in a row that must end stable before a contract step |
//! | `TRAFFIC_STEPS` | the shares of a release with their watch, or a preset; empty: all of the traffic at once |
//! | `WATCH_SECONDS` | the watch with all of the traffic, where no list of steps says it |
//! | `INCONCLUSIVE_GRACE_SECONDS` | how much longer each step may last |
//! | `VERDICT_MODE` | `decide`, or `shadow`: then a step too short to be judged is only warned of |
//! | `WHEN_STOPPED` | `flip-back` or `leave`: what becomes of traffic where an execution ends without its own end |
//! | `APPROVAL_BEFORE` | what waits for a person's approval: `flip`, `each-step`, `finish`, `commands`, comma-separated; or `none` |
//! | `APPROVAL_TIMEOUT_SECONDS` | how long such a gate stays open |
//! | `WHEN_NOT_APPROVED` | `reject` or `approve`: what a gate counts as that nobody decides in its time |
//! | `WHEN_NEWER_PUSHED` | `keep` or `replace`: whether a newer request ends a release that waits at a gate before its first flip |
//! | `HOLD_TIMEOUT_SECONDS` | how long a release may be held in all |
//! | `FREEZE_AFTER_ROLLBACK` | `on` or `off`: whether a flip back freezes releases |
//! | `AFTER_FREEZE` | `name` or `release`: what becomes of the newest push that a freeze has kept from beginning |
//! | `RELEASE_WINDOW`, `RELEASE_WINDOW_TIMEZONE` | the minutes in which releases begin, as a cron pattern, and the time zone that it is meant in; empty: at any time |
//! | `POLL_SECONDS` | seconds after which something that has just begun to wait is looked at again |

use detect::claim::Context;
use lambda_runtime::{Diagnostic, LambdaEvent, run, service_fn};
use shared::{aws, config, emf, runtime};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    runtime::start_logging();
    let settings = config::from_environment();
    emf::start(settings.required("SERVICE")?);
    let context = Context::read(&settings, &aws::aws_config())?;
    run(service_fn(|event: LambdaEvent<_>| async {
        let answer = detect::handler::handle(&context, event.payload).await;
        answer.map_err(Diagnostic::from)
    }))
    .await
}
