//! Moves traffic under a lease: ask the record, look, take the lease, write, read back.

use crate::answer::{Answer, Decision};
use crate::decide::Movement;
use crate::handler::Flip;
use crate::rules::{look, write};
use shared::record::{Begin, Record, Release, Time};
use shared::routing::LiveRule;
use shared::{Environment, Error};
use tracing::info;

/// How often the record may change while the rules are looked at.
const LOOKS: usize = 3;

/// One invocation: who asks, since when, and until when its process may live.
pub struct Writer<'a> {
    pub id: &'a str,
    pub began: Time,
    pub until: Time,
}

/// The rules were written: the release, and whether they stood there already.
pub struct Moved {
    pub release: Release,
    pub already: bool,
}

impl Flip {
    /// Asks the record, looks at rules and targets, asks the record again with effect, and writes the rules.
    ///
    /// The first asking spares AWS a look where there is nothing to do; only the second one counts. A refusal
    /// comes before the lease, so that it leaves the record as it was. Whoever moves traffic changes the record
    /// first: where it changed since the first asking, the rules are looked at anew.
    pub async fn move_traffic(
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
    pub async fn put_back(
        &self,
        rightful: Environment,
        writer: &Writer<'_>,
    ) -> Result<Answer, Error> {
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
