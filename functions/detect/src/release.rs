//! A release, a sync, and the plan of either: one way, which a plan leaves before the first write.

use crate::decide::{Decision, Wanted, decide};
use crate::facts::{Looked, told};
use crate::handler::Detect;
use crate::images::Known;
use crate::opening::wait;
use crate::preflight::{Finding, Seen, Severity, preflight, refusal, same_but_slot};
use crate::request::{Asked, Request};
use crate::task::{Answer, Execution, Would};
use crate::turn::Turn;
use crate::world::Found;
use chrono::Utc;
use shared::record::Record;
use shared::{Environment, Error, Image, Plan};
use std::collections::HashMap;

/// What was decided before anything was written.
pub struct Considered {
    pub decision: Decision,
    pub findings: Vec<Finding>,
    /// The plan, also where a finding refuses it.
    pub plan: Option<Plan>,
    /// When the image was pushed.
    pub known: Option<Known>,
}

impl Detect {
    pub async fn release(&self, asked: &Asked, execution: &Execution) -> Result<Answer, Error> {
        // A standing command's SQL is in the image; what stands in the request can be judged.
        let sql = asked.migration.as_ref().and_then(|it| it.sql.as_deref());
        if let Some(reason) = self.migrations.refusal(sql, migrations::Step::Expand) {
            return Ok(Answer::Refuse { reason });
        }
        let sync = matches!(asked.request, Request::Sync { .. });
        let image = match self.images.resolve(&asked.request).await? {
            Err(reason) if !sync => return Ok(Answer::Refuse { reason }),
            image => image.ok(),
        };
        let writes = !asked.plan && !sync;
        let (turn, record) = self.take_place(&asked.request, execution, writes).await?;
        let (gone, waits) = match turn {
            Turn::Mine { gone } => (gone, None),
            Turn::Wait { reason, .. } if asked.plan && !sync => {
                (None, Some(format!("{reason}, so it would wait")))
            }
            Turn::Wait { reason, .. } if sync => {
                let reason = format!(
                    "{reason}: a sync would end its flip back. Ask again when it has ended."
                );
                return Ok(Answer::Refuse { reason });
            }
            Turn::Wait { reason, until } => return Ok(wait(reason, until)),
            Turn::Skip(reason) => return Ok(Answer::Skip { reason }),
        };
        let considered = self.consider(asked, image, execution, &record).await?;
        if asked.plan {
            return Ok(plan(considered, waits));
        }
        match considered.decision {
            Decision::Release(plan) => {
                let pushed_at = considered.known.and_then(|it| it.pushed_at);
                self.claim(plan, gone.as_deref(), record.version, pushed_at)
                    .await
            }
            // An earlier try has claimed the record: only a refusal leads to where it is given back.
            Decision::Skip(reason) if record.holder.as_ref() == Some(&execution.id) => {
                Ok(Answer::Refuse { reason })
            }
            Decision::Skip(reason) => Ok(Answer::Skip { reason }),
            Decision::Refuse(reason) => Ok(Answer::Refuse { reason }),
        }
    }

    /// Looks at the world and decides. Only reads.
    async fn consider(
        &self,
        asked: &Asked,
        image: Option<Image>,
        execution: &Execution,
        record: &Record,
    ) -> Result<Considered, Error> {
        let found = self.world.look().await?;
        let image = match image {
            Some(image) => image,
            None => match live_digest(&found) {
                Ok(digest) => self.images.running(digest).await?,
                Err(reason) => return Ok(Considered::without(Decision::Refuse(reason))),
            },
        };
        let mut plan = match decide(&found, &self.wanted(asked, image, execution)) {
            Decision::Release(plan) => plan,
            other @ (Decision::Skip(_) | Decision::Refuse(_)) => {
                return Ok(Considered::without(other));
            }
        };
        let images = self.images_of(&found, Some(&plan.image.digest)).await;
        let facts = self.looker.look(&self.images, &found, &plan).await;
        let seen = Seen {
            found: &found,
            images: &images,
            record,
            now: Utc::now(),
        };
        let findings = preflight(&seen, &facts, &self.rules, &plan);
        plan.warnings = warnings(&findings);
        let synced = facts.wanted.as_ref().ok().zip(facts.idle.as_ref().ok());
        let synced = plan.sync
            && synced.is_some_and(|(live, idle)| {
                let same = same_but_slot(live, idle, &self.rules.container);
                in_sync(&plan, same)
            });
        let known = images
            .ok()
            .and_then(|it| it.get(&plan.image.digest).cloned());
        Ok(Considered {
            decision: match refusal(&findings) {
                Some(reason) => Decision::Refuse(reason),
                None if synced => Decision::Skip(format!("{} runs what is live already", plan.to)),
                None => Decision::Release(plan.clone()),
            },
            findings,
            plan: Some(plan),
            known,
        })
    }

    fn wanted(&self, asked: &Asked, image: Image, execution: &Execution) -> Wanted {
        let sync = matches!(asked.request, Request::Sync { .. });
        let standing = self.migrations.standing.clone().filter(|_| !sync);
        Wanted {
            release: execution.name.clone(),
            execution: execution.id.clone(),
            image,
            task_definition: match &asked.request {
                Request::TaskDefinition(arn) => Some(arn.clone()),
                Request::Push { .. }
                | Request::Tag(_)
                | Request::Digest(_)
                | Request::Sync { .. }
                | Request::ReportDrift
                | Request::Contract { .. }
                | Request::Rollback { .. } => None,
            },
            migration: asked.migration.clone().or(standing),
            container: self.rules.container.clone(),
            sync,
        }
    }

    /// What the repository knows of the images that run, and of a new one.
    pub async fn images_of(
        &self,
        found: &Found,
        new: Option<&String>,
    ) -> Looked<HashMap<String, Known>> {
        let sides = Environment::BOTH.map(|it| &found.sides.get(it).digests);
        let digests = sides.into_iter().flatten().chain(new).cloned();
        told(self.images.known(digests.collect()).await)
    }
}

impl Considered {
    fn without(decision: Decision) -> Considered {
        Considered {
            decision,
            findings: Vec::new(),
            plan: None,
            known: None,
        }
    }
}

fn plan(considered: Considered, waits: Option<String>) -> Answer {
    let sync = considered.plan.as_ref().is_some_and(|it| it.sync);
    let (would, reason) = match considered.decision {
        Decision::Release(plan) => {
            let would = if sync { Would::Sync } else { Would::Release };
            (
                would,
                format!("{} from {} to {}", plan.image.uri, plan.from, plan.to),
            )
        }
        Decision::Skip(reason) => (Would::Skip, reason),
        Decision::Refuse(reason) => (Would::Refuse, reason),
    };
    let reason = waits.map_or(reason.clone(), |waits| format!("{waits}; then: {reason}"));
    Answer::Plan {
        would,
        reason,
        findings: considered.findings,
        plan: considered.plan.map(Box::new),
        migration: None,
    }
}

/// What goes with the release to its end; what could not be looked up is in a plan only.
fn warnings(findings: &[Finding]) -> Vec<String> {
    let warnings = findings
        .iter()
        .filter(|it| it.severity == Severity::Warning);
    warnings.map(Finding::tell).collect()
}

/// The image that customers get now, if all tasks agree about it.
fn live_digest(found: &Found) -> Result<String, String> {
    let active = found.active.clone()?;
    match found.sides.get(active).digests.as_slice() {
        [digest] => Ok(digest.clone()),
        digests => Err(format!(
            "active {active} runs {digests:?}, expected tasks of one image. Bring {active} to one version first."
        )),
    }
}

/// Idle runs the live image in a revision that differs in its slot only, with enough tasks.
fn in_sync(plan: &Plan, same_revision: bool) -> bool {
    let (active, idle) = (&plan.active, &plan.idle);
    same_revision
        && idle.digest.is_some()
        && idle.digest == active.digest
        && idle.running >= active.desired
}
