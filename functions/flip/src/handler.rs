//! flip's way through AWS: ask the record, look at rules and targets, take the lease, write, read back.

use crate::alarm::Alarm;
use crate::answer::{Answer, Decision};
use crate::decide::Movement;
use crate::event::{Asked, Task, read};
use crate::rules::{look, write};
use aws_sdk_elasticloadbalancingv2::Client;
use chrono::{DateTime, TimeDelta, Utc};
use lambda_runtime::LambdaEvent;
use serde_json::Value;
use shared::record::{Begin, Cause, EndFlip, Lease, Record, Release, Time};
use shared::routing::{LiveRule, Routing};
use shared::store::Store;
use shared::{Environment, Error};
use tracing::{error, info};

/// How often the record may change while the rules are looked at.
const LOOKS: usize = 3;

/// The function with its clients and configuration.
pub struct Flip {
    pub elb: Client,
    pub store: Store,
    pub routing: Routing,
    pub service: String,
}

/// One invocation: who asks, since when, and until when its process may live.
struct Writer<'a> {
    id: &'a str,
    began: Time,
    until: Time,
}

/// The rules were written: the release, and whether they stood there already.
struct Moved {
    release: Release,
    already: bool,
}

impl Flip {
    pub async fn handle(&self, event: LambdaEvent<Value>) -> Result<Answer, Error> {
        let began = Utc::now();
        let deadline = i64::try_from(event.context.deadline)
            .ok()
            .and_then(DateTime::from_timestamp_millis);
        let until = deadline.unwrap_or(began) + TimeDelta::seconds(Lease::MARGIN_SECONDS);
        let answer = match read(
            event.payload,
            &self.service,
            &self.routing.target_groups,
            began,
        )? {
            Asked::Task(Task::Flip { plan, execution }) => {
                self.flip(
                    &plan.release,
                    &Writer {
                        id: &execution,
                        began,
                        until,
                    },
                )
                .await?
            }
            Asked::Task(Task::FlipBack {
                release,
                execution,
                reason,
            }) => {
                let writer = Writer {
                    id: &execution,
                    began,
                    until,
                };
                self.flip_back(&Cause::Release(release), &reason.to_string(), &writer)
                    .await?
            }
            Asked::Alarms(alarms) => {
                let writer = Writer {
                    id: &event.context.request_id,
                    began,
                    until,
                };
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

    /// Asks the record, looks at rules and targets, asks the record again with effect, and writes the rules.
    ///
    /// The first asking spares AWS a look where there is nothing to do; only the second one counts. A refusal
    /// comes before the lease, so that it leaves the record as it was. Whoever moves traffic changes the record
    /// first: where it changed since the first asking, the rules are looked at anew.
    async fn move_traffic(
        &self,
        begin: impl Fn(&Record) -> Begin,
        side: fn(&Release) -> Environment,
        writer: &Writer<'_>,
    ) -> Result<Result<Moved, Answer>, Error> {
        for _ in 0..LOOKS {
            let seen = self.store.load().await?;
            let release = match go(begin(&seen), writer)? {
                Ok(release) => release,
                Err(answer) => return Ok(Err(answer)),
            };
            let to = side(&release);
            let change = match look(&self.elb, &self.routing, to).await? {
                Movement::Change(change) => change,
                Movement::Refuse(reason) => {
                    let answer = Answer::new(Decision::Refused, reason, writer.began);
                    return Ok(Err(answer.about(&release)));
                }
            };
            let begun = self.store.change(|record| {
                let begun = (record.version == seen.version).then(|| begin(record));
                (begun.as_ref().and_then(Begin::record), begun)
            });
            let Some(begun) = begun.await? else { continue };
            return match go(begun, writer)? {
                Ok(release) => self.write(release, &change, to, writer).await.map(Ok),
                Err(answer) => Ok(Err(answer)),
            };
        }
        Err(Error::RecordContention(format!(
            "the release record changed {LOOKS} times while the rules were looked at"
        )))
    }

    /// Writes the rules under the lease.
    async fn write(
        &self,
        release: Release,
        change: &[LiveRule],
        to: Environment,
        writer: &Writer<'_>,
    ) -> Result<Moved, Error> {
        if let Err(error) = write(&self.elb, &self.routing, change, to).await {
            self.give_up(&error, writer).await;
            return Err(error);
        }
        let already = change.is_empty();
        Ok(Moved { release, already })
    }

    /// Gives the lease back where AWS turned the write away. A write without an answer may still take effect, and
    /// one that does not read back yet may be settling.
    async fn give_up(&self, error: &Error, writer: &Writer<'_>) {
        if matches!(error, Error::AwsUnavailable(_) | Error::FlipNotVerified(_)) {
            return;
        }
        let gave_up = self
            .store
            .change(|record| (record.give_up(writer.id), ()))
            .await;
        if let Err(second) = gave_up {
            // The lease ends by itself; the first error is the one to tell.
            info!("the lease could not be given back: {second}");
        }
    }

    /// Repairs what an overtaken flip did after its lease had ended.
    async fn put_back(&self, rightful: Environment, writer: &Writer<'_>) -> Result<Answer, Error> {
        let reason = match look(&self.elb, &self.routing, rightful).await? {
            Movement::Change(change) => {
                write(&self.elb, &self.routing, &change, rightful).await?;
                format!("the flip was overtaken; the rules were put back to {rightful}")
            }
            Movement::Refuse(reason) => {
                format!(
                    "the flip was overtaken, and the rules could not be put back to {rightful}: {reason}"
                )
            }
        };
        Ok(Answer::new(Decision::Refused, reason, writer.began))
    }
}

/// The release to go on with, or the answer where there is nothing to do.
fn go(begun: Begin, writer: &Writer<'_>) -> Result<Result<Release, Answer>, Error> {
    let stop = |decision, reason| Ok(Err(Answer::new(decision, reason, writer.began)));
    match begun {
        Begin::Go { release, .. } => Ok(Ok(release)),
        Begin::Done(release) => {
            let reason = release
                .reason
                .clone()
                .unwrap_or_else(|| "an earlier try flipped".to_owned());
            Ok(Err(Answer::new(
                Decision::AlreadyThere,
                reason,
                writer.began,
            )
            .about(&release)))
        }
        Begin::Refused(reason) => stop(Decision::Refused, reason),
        Begin::NothingToReturn(reason) => stop(Decision::NothingToReturn, reason),
        Begin::Ignored(reason) => stop(Decision::Ignored, reason),
        Begin::WriterMayBeAlive { until } => Err(Error::WriterMayBeAlive(format!(
            "another writer of the rule may be alive until {until}: expected none, so try again after that"
        ))),
    }
}
