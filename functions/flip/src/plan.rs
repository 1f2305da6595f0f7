//! What a flip would do now, and whether traffic could go back: the way of a flip, left before its first write.

use crate::answer::{Answer, Decision};
use crate::decide::{Movement, changes};
use crate::handler::Flip;
use crate::rules::look;
use crate::traffic::Writer;
use chrono::Utc;
use serde::Serialize;
use shared::record::{Begin, Cause, Contract, Record};
use shared::routing::{LiveRule, Routing, live_rules};
use shared::{Environment, Error, Plan};

/// The rules before and after, and the way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    pub rules: Vec<Change>,
    pub flip_back: FlipBack,
    /// The contract step that bars older versions, if there was one.
    pub contract: Option<Contract>,
}

/// One rule. What it forwards to is an environment, or what stands there instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    pub rule: String,
    pub before: String,
    pub after: String,
}

/// Whether the release on record could be flipped back now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FlipBack {
    pub possible: bool,
    pub reason: String,
}

impl Flip {
    pub async fn plan(
        &self,
        plan: Option<&Plan>,
        back: bool,
        writer: &Writer<'_>,
    ) -> Result<Answer, Error> {
        let rules = live_rules(&self.elb, &self.routing.rules).await?;
        let record = self.store.load().await?;
        let flip_back = self.way_back(&record, writer).await?;
        let returned = record
            .release
            .as_ref()
            .filter(|_| back && flip_back.possible);
        let forward = plan.filter(|plan| !plan.sync).map(|plan| plan.to);
        let to = forward.or(returned.map(|release| release.from));
        let preview = Preview {
            rules: before_and_after(&rules, &self.routing, to),
            flip_back,
            contract: record.contract,
        };
        let reason = "nothing was changed".to_owned();
        Ok(Answer {
            plan: Some(preview),
            ..Answer::new(Decision::Planned, reason, writer.began)
        })
    }

    async fn way_back(&self, record: &Record, writer: &Writer<'_>) -> Result<FlipBack, Error> {
        let id = record.release.as_ref().map_or("", |it| it.id.as_str());
        let cause = Cause::Release(id.to_owned());
        let reason = match record.begin_flip_back(writer.id, &cause, "", Utc::now(), writer.until) {
            Begin::Go { release, .. } => {
                return Ok(match look(&self.elb, &self.routing, release.from).await? {
                    Movement::Change(_) => FlipBack {
                        possible: true,
                        reason: format!(
                            "release {} can be flipped back to {}",
                            release.id, release.from
                        ),
                    },
                    Movement::Refuse(reason) => FlipBack {
                        possible: false,
                        reason,
                    },
                });
            }
            Begin::Done(release) => format!("release {} was flipped back already", release.id),
            Begin::Refused(reason) | Begin::NothingToReturn(reason) | Begin::Ignored(reason) => {
                reason
            }
            Begin::WriterMayBeAlive { until } => {
                format!("another writer of the rule may be alive until {until}")
            }
        };
        Ok(FlipBack {
            possible: false,
            reason,
        })
    }
}

/// Each rule as it is, and as the flip would leave it; `to` is none where nothing is flipped.
fn before_and_after(rules: &[LiveRule], routing: &Routing, to: Option<Environment>) -> Vec<Change> {
    let changed = to.map(|to| changes(rules, routing, to));
    let tell = |rule: &LiveRule| match routing.target_of(rule) {
        Ok(environment) => environment.to_string(),
        Err(reason) => reason,
    };
    let after = |rule: &LiveRule| match &changed {
        Some(Ok(changed)) => tell(changed.iter().find(|it| it.arn == rule.arn).unwrap_or(rule)),
        Some(Err(_)) | None => tell(rule),
    };
    let rules = rules.iter().map(|rule| Change {
        rule: rule.arn.clone(),
        before: tell(rule),
        after: after(rule),
    });
    rules.collect()
}
