//! flip's dispatch: reads the event, runs the command, and logs the answer.

use crate::answer::{Answer, Decision};
use crate::end_stopped::end_stopped;
use crate::event::{Request, read};
use crate::flip::flip;
use crate::flip_back::{flip_back, flip_back_for_alarms};
use crate::idle_rules::follow;
use crate::invocation::Invocation;
use crate::notice::with_notice;
use crate::preview::preview;
use crate::rules::ListenerRules;
use crate::task::{FlipTask, Task};
use crate::trust::TrustedAlarms;
use chrono::{DateTime, TimeDelta, Utc};
use lambda_runtime::LambdaEvent;
use record::{FlipBackCause, Lease, Store};
use serde_json::Value;
use shared::{Error, LeaseOwner, Time, WhenStopped};
use std::time::Duration;
use tracing::{error, info};

/// The function with its clients and configuration.
pub struct Flip {
    pub rules: ListenerRules,
    /// ARNs of the rules, or listeners, that forward to the idle environment after each flip; may be empty.
    pub idle_rules: Vec<String>,
    pub ecs: aws_sdk_ecs::Client,
    pub sfn: aws_sdk_sfn::Client,
    pub store: Store,
    /// Name of the stack, with which the names of its own alarms begin.
    pub service: String,
    /// Names of the further alarms that may flip back.
    pub rollback_alarms: Vec<String>,
    /// What becomes of traffic where an execution ends without its own end.
    pub when_stopped: WhenStopped,
}

/// Milliseconds before the deadline in which flip gives up, so that its error is still answered and logged.
const LAST_MOMENT_MS: i64 = 500;

impl Flip {
    /// Does what the event asks for. The answer says what was done, or why nothing was.
    ///
    /// # Errors
    /// - `InvalidInput`: the event is neither a task nor an alarm, or it does not prove which alarm it is about.
    /// - `LeaseHeld`: another lease owner may still write the rules, or the last task of an execution that has ended may
    ///   still be at work. Try again after that.
    /// - `RecordContention`: the record kept changing. Try again.
    /// - `FlipNotVerified`: not every rule forwards to the environment yet, or AWS failed when this try knew that a flip had
    ///   begun. Try again at once.
    /// - `FlipBackRefused`: the flip back that an alarm or the end of an execution asked for was refused.
    /// - The errors of an AWS call: `AwsUnavailable`, `AccessDenied`, `NotFound`, `UnexpectedAnswer`.
    ///   `AwsUnavailable` also where the function's time is up.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, Error> {
        let began = Utc::now();
        let trusted = TrustedAlarms {
            service: &self.service,
            listed: &self.rollback_alarms,
            function_arn: &event.context.invoked_function_arn,
        };
        let groups = &self.rules.routing.target_groups;
        let request = read(event.payload, trusted, groups, began)?;
        let deadline = deadline(event.context.deadline, began);
        let owner = owner(&request, event.context.request_id);
        let until = deadline + TimeDelta::seconds(Lease::MARGIN_SECONDS);
        let invocation = Invocation::new(&self.rules, &self.store, owner, until);
        let time = left(deadline);
        let answer = Box::pin(self.answer(&invocation, request));
        let answer = tokio::time::timeout(time, answer).await;
        let answer = answer.unwrap_or_else(|_| Err(time_is_up(time)));
        let mut answer = answer.map_err(|error| of_half_a_flip(&invocation, error))?;
        let warning = follow(&self.rules, &self.idle_rules, &answer, left(deadline)).await;
        answer.warnings.extend(warning);
        answer.duration_ms = (Utc::now() - began).num_milliseconds();
        log(&answer);
        Ok(answer)
    }

    async fn answer(&self, invocation: &Invocation<'_>, request: Request) -> Result<Answer, Error> {
        match request {
            Request::Alarms(alarms) => {
                let answer = flip_back_for_alarms(invocation, alarms).await?;
                Ok(with_notice(answer, &self.service))
            }
            Request::Task(Task::Flip(task)) => flip(invocation, &self.ecs, &task).await,
            Request::Task(Task::FlipBack {
                release, reason, ..
            }) => {
                let cause = FlipBackCause::Release(release);
                flip_back(invocation, &cause, &reason).await
            }
            Request::Task(Task::Preview { plan, flip_back }) => {
                preview(invocation, plan.as_deref(), flip_back).await
            }
            Request::Task(Task::EndStopped {}) => {
                let answer = end_stopped(invocation, &self.sfn, self.when_stopped).await?;
                Ok(with_notice(answer, &self.service))
            }
        }
    }
}

fn log(answer: &Answer) {
    if answer.decision == Decision::Refused {
        error!(answer = ?answer, "refused: {}", answer.reason);
    } else {
        info!(answer = ?answer, "{:?}: {}", answer.decision, answer.reason);
    }
}

/// Flip gives up before Lambda would end the process. What it was doing is dropped where it was: as with a process that
/// died, a lease ends by itself.
fn time_is_up(time: Duration) -> Error {
    Error::AwsUnavailable(format!(
        "expected all answers of AWS within {time:.1?}, the time of this function; a rule may have been written. \
         The next try goes on from there"
    ))
}

/// Once this try knows that a flip has begun, its rules may disagree until the next try: that is a name which the state
/// machine tries again within seconds. `AwsUnavailable` lets the release wait for minutes.
fn of_half_a_flip(invocation: &Invocation<'_>, error: Error) -> Error {
    if invocation.has_begun_a_flip() && matches!(error, Error::AwsUnavailable(_)) {
        return Error::FlipNotVerified(format!("expected the flip to end, found: {error}"));
    }
    error
}

/// Who writes the rules for a request.
fn owner(request: &Request, delivery: String) -> LeaseOwner {
    match request {
        Request::Alarms(_) | Request::Task(Task::EndStopped {}) => delivery.into(),
        Request::Task(Task::Flip(FlipTask { execution, .. }))
        | Request::Task(Task::FlipBack { execution, .. }) => execution.into(),
        Request::Task(Task::Preview { .. }) => "a preview".into(),
    }
}

/// What is left of the function's time.
fn left(deadline: Time) -> Duration {
    let left = deadline - Utc::now() - TimeDelta::milliseconds(LAST_MOMENT_MS);
    left.to_std().unwrap_or_default()
}

/// When Lambda ends an invocation that began at `began`; `deadline` is Lambda's, in milliseconds since 1970.
fn deadline(deadline: u64, began: Time) -> Time {
    let deadline = i64::try_from(deadline).ok();
    let deadline = deadline.and_then(DateTime::from_timestamp_millis);
    deadline.unwrap_or(began)
}
