//! flip's dispatch: reads the event, runs the command, and logs the answer.

use crate::answer::{Answer, Decision};
use crate::event::{Request, read};
use crate::flip::flip;
use crate::flip_back::{flip_back, flip_back_for_alarms};
use crate::preview::preview;
use crate::rules::ListenerRules;
use crate::task::Task;
use crate::traffic::Invocation;
use aws_sdk_ecs::Client;
use chrono::{DateTime, TimeDelta, Utc};
use lambda_runtime::LambdaEvent;
use record::{FlipBackCause, Lease, Store};
use serde_json::Value;
use shared::{Error, LeaseOwner, Time};
use tracing::{error, info};

/// The function with its clients and configuration.
pub struct Flip {
    pub rules: ListenerRules,
    pub ecs: Client,
    pub store: Store,
    /// Name of the stack: the alarms of its environments begin with it.
    pub service: String,
}

impl Flip {
    /// Does what the event asks for. The answer says what was done, or why nothing was.
    ///
    /// # Errors
    /// - `InvalidInput`: the event is neither a task nor an alarm.
    /// - `LeaseHeld`: another lease owner may still write the rules. Try again when the lease has ended.
    /// - `RecordContention`: the record kept changing. Try again.
    /// - `FlipNotVerified`: a rule does not forward to the environment yet. Try again.
    /// - `FlipBackRefused`: the flip back that an alarm asked for was refused.
    /// - The errors of an AWS call: `AwsUnavailable`, `AccessDenied`, `NotFound`, `UnexpectedAnswer`.
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, Error> {
        let began = Utc::now();
        let groups = &self.rules.routing.target_groups;
        let request = read(event.payload, &self.service, groups, began)?;
        let invocation = Invocation {
            rules: &self.rules,
            store: &self.store,
            owner: owner(&request, event.context.request_id),
            until: end_of_lease(event.context.deadline, began),
        };
        let mut answer = match request {
            Request::Alarms(alarms) => flip_back_for_alarms(&invocation, alarms).await?,
            Request::Task(Task::Flip {
                plan,
                execution,
                wanted,
            }) => flip(&invocation, &self.ecs, &plan, &execution, wanted).await?,
            Request::Task(Task::FlipBack {
                release, reason, ..
            }) => {
                let cause = FlipBackCause::Release(release);
                flip_back(&invocation, &cause, &reason).await?
            }
            Request::Task(Task::Preview { plan, flip_back }) => {
                preview(&invocation, plan.as_deref(), flip_back).await?
            }
        };
        answer.duration_ms = (Utc::now() - began).num_milliseconds();
        if answer.decision == Decision::Refused {
            error!(answer = ?answer, "refused: {}", answer.reason);
        } else {
            info!(answer = ?answer, "{:?}: {}", answer.decision, answer.reason);
        }
        Ok(answer)
    }
}

/// Who writes the rules for a request.
fn owner(request: &Request, delivery: String) -> LeaseOwner {
    match request {
        Request::Alarms(_) => delivery.into(),
        Request::Task(Task::Flip { execution, .. } | Task::FlipBack { execution, .. }) => {
            execution.into()
        }
        Request::Task(Task::Preview { .. }) => "a preview".into(),
    }
}

/// When an invocation that began at `began` is certainly dead; `deadline` is Lambda's, in milliseconds since 1970.
fn end_of_lease(deadline: u64, began: Time) -> Time {
    let deadline = i64::try_from(deadline).ok();
    let deadline = deadline.and_then(DateTime::from_timestamp_millis);
    deadline.unwrap_or(began) + TimeDelta::seconds(Lease::MARGIN_SECONDS)
}
