//! flip's way through AWS: who asks for what, and what becomes of it; `traffic` does the moving.

use crate::alarm::Alarm;
use crate::answer::{Answer, Decision};
use crate::event::{Asked, Task, read};
use crate::traffic::Writer;
use aws_sdk_elasticloadbalancingv2::Client;
use chrono::{DateTime, TimeDelta, Utc};
use lambda_runtime::LambdaEvent;
use serde_json::Value;
use shared::Error;
use shared::record::{Cause, EndFlip, Lease, Record};
use shared::routing::Routing;
use shared::store::Store;
use tracing::{error, info};

/// The function with its clients and configuration.
pub struct Flip {
    pub elb: Client,
    pub store: Store,
    pub routing: Routing,
    pub service: String,
}

impl Flip {
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, Error> {
        let began = Utc::now();
        let deadline = i64::try_from(event.context.deadline)
            .ok()
            .and_then(DateTime::from_timestamp_millis);
        let until = deadline.unwrap_or(began) + TimeDelta::seconds(Lease::MARGIN_SECONDS);
        let writer = |id| Writer { id, began, until };
        let groups = &self.routing.target_groups;
        let answer = match read(event.payload, &self.service, groups, began)? {
            Asked::Task(Task::Flip { plan, execution }) => {
                self.flip(&plan.release, &writer(&execution)).await?
            }
            Asked::Task(Task::FlipBack {
                release,
                execution,
                reason,
            }) => {
                let cause = Cause::Release(release);
                self.flip_back(&cause, &reason.to_string(), &writer(&execution))
                    .await?
            }
            Asked::Task(Task::Plan { plan, back }) => {
                self.plan(plan.as_deref(), back, &writer("a plan")).await?
            }
            Asked::Alarms(alarms) => {
                let writer = writer(&event.context.request_id);
                self.alarms(alarms, &writer).await?
            }
        };
        if answer.decision == Decision::Refused {
            error!(answer = ?answer, "refused: {}", answer.reason);
        } else {
            info!(answer = ?answer, "{:?}: {}", answer.decision, answer.reason);
        }
        Ok(answer)
    }

    /// Several alarms in one call: the first that concerns the release decides.
    async fn alarms(&self, alarms: Vec<Alarm>, writer: &Writer<'_>) -> Result<Answer, Error> {
        let nothing = "no alarm was told".to_owned();
        let mut answer = Answer::new(Decision::Ignored, nothing, writer.began);
        for alarm in alarms {
            answer = self.alarm(alarm, writer).await?;
            if answer.decision != Decision::Ignored {
                break;
            }
        }
        Ok(answer)
    }

    async fn alarm(&self, alarm: Alarm, writer: &Writer<'_>) -> Result<Answer, Error> {
        if alarm.state != "ALARM" {
            let reason = format!(
                "alarm {} is {}, and only ALARM flips back",
                alarm.name, alarm.state
            );
            return Ok(Answer::new(Decision::Ignored, reason, writer.began));
        }
        let cause = Cause::Alarm {
            changed_at: alarm.changed_at,
            environment: alarm.environment,
        };
        let answer = self
            .flip_back(
                &cause,
                &format!("alarm {}: {}", alarm.name, alarm.reason),
                writer,
            )
            .await?;
        // An answer would end the delivery, and an alarm does not fire twice: an error is delivered again.
        if answer.decision == Decision::Refused {
            return Err(Error::FlipBackRefused(format!(
                "the flip back that the alarm asked for was refused: {}",
                answer.reason
            )));
        }
        Ok(answer)
    }

    async fn flip(&self, id: &str, writer: &Writer<'_>) -> Result<Answer, Error> {
        let begin = |record: &Record| record.begin_flip(writer.id, id, Utc::now(), writer.until);
        let moved = match self
            .move_traffic(begin, |release| release.to, writer)
            .await?
        {
            Ok(moved) => moved,
            Err(answer) => return Ok(answer),
        };
        let end = |record: &Record| match record.end_flip(writer.id, id) {
            EndFlip::End(next) => (Some(next), None),
            EndFlip::Done => (None, None),
            EndFlip::Overtaken(rightful) => (None, Some(rightful)),
        };
        if let Some(rightful) = self.store.change(end).await? {
            return Ok(self.put_back(rightful, writer).await?.about(&moved.release));
        }
        let decision = if moved.already {
            Decision::AlreadyThere
        } else {
            Decision::Flipped
        };
        let reason = format!("every rule forwards to {}", moved.release.to);
        Ok(Answer::new(decision, reason, writer.began).about(&moved.release))
    }

    async fn flip_back(
        &self,
        cause: &Cause,
        reason: &str,
        writer: &Writer<'_>,
    ) -> Result<Answer, Error> {
        let begin = |record: &Record| {
            record.begin_flip_back(writer.id, cause, reason, Utc::now(), writer.until)
        };
        let release = match self
            .move_traffic(begin, |release| release.from, writer)
            .await?
        {
            Ok(moved) => moved.release,
            Err(answer) if answer.decision == Decision::AlreadyThere => {
                return Ok(Answer {
                    decision: Decision::AlreadyBack,
                    ..answer
                });
            }
            Err(answer) => return Ok(answer),
        };
        self.store
            .change(|record| (record.end_flip_back(writer.id, &release.id), ()))
            .await?;
        let reason = release.reason.clone().unwrap_or_default();
        Ok(Answer::new(Decision::FlippedBack, reason, writer.began).about(&release))
    }
}
