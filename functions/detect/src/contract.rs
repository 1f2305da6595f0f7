//! A contract step: removes from the database what only older versions need, once no older version can come back.

use crate::handler::Detect;
use crate::images::Known;
use crate::migration;
use crate::opening::wait;
use crate::preflight::{refusal, roles};
use crate::request::Step;
use crate::task::{Answer, Execution, Would};
use crate::world::Found;
use chrono::Utc;
use shared::record::{BeginContract, Contract, Expand, Record, Terms};
use shared::{Environment, Error};
use std::collections::HashMap;

impl Detect {
    pub async fn contract(
        &self,
        step: &Step,
        named: Option<&str>,
        execution: &Execution,
        plan: bool,
    ) -> Result<Answer, Error> {
        let refuse = |reason| Ok(Answer::Refuse { reason });
        if let Some(reason) = self
            .migrations
            .refusal(step.sql.as_deref(), migrations::Step::Contract)
        {
            return refuse(reason);
        }
        let (record, found) = (self.store.load().await?, self.world.look().await?);
        let mine = record
            .contract
            .as_ref()
            .filter(|it| it.execution == execution.id);
        let expand = match mine
            .map(|it| Ok(&it.expand))
            .unwrap_or_else(|| record.expanded_by(named))
        {
            Ok(expand) => expand.clone(),
            Err(reason) => return refuse(reason),
        };
        let images = self.images.known(running(&found)).await?;
        let active = match may_contract(&found, &images, &expand) {
            Ok(active) => active,
            Err(reason) => return refuse(reason),
        };
        let side = found.sides.get(active);
        let task_definition = side.service.as_ref().and_then(|it| it.task_definition());
        if let Some(reason) = self.not_passable(task_definition.unwrap_or_default()).await {
            return refuse(reason);
        }
        let answer = Answer::Contract {
            migration: migration::task(step, side, &self.rules.container, &execution.name),
            task_definition: task_definition.unwrap_or_default().to_owned(),
            reason: format!(
                "contracts what release {} expanded; {active} is active",
                expand.release
            ),
        };
        let contract = Contract::wish(&execution.name, &execution.id, Utc::now(), expand);
        let gone = self.gone(&record, &execution.id).await?;
        let terms = Terms {
            stable: self.migrations.stable_releases,
            gone: gone.as_deref(),
            seen: record.version,
        };
        if plan {
            return Ok(planned(record.begin_contract(&contract, &terms), answer));
        }
        self.begin_contract(&contract, &terms, answer).await
    }

    /// Why the step's task could not be started: once the contract has begun, nothing goes back, so that is known before.
    async fn not_passable(&self, revision: &str) -> Option<String> {
        let definition = match self.looker.definition(revision).await {
            Ok(definition) => definition,
            Err(reason) => {
                return Some(format!(
                    "the live task definition could not be read: {reason}"
                ));
            }
        };
        refusal(&roles(&definition, &self.rules.task_roles))
    }

    async fn begin_contract(
        &self,
        contract: &Contract,
        terms: &Terms<'_>,
        answer: Answer,
    ) -> Result<Answer, Error> {
        let begin = |record: &Record| match record.begin_contract(contract, terms) {
            BeginContract::Go(next) => (Some(next), BeginContract::Mine),
            other @ (BeginContract::Mine | BeginContract::Changed | BeginContract::Refused(_)) => {
                (None, other)
            }
        };
        Ok(match self.store.change(begin).await? {
            BeginContract::Go(_) | BeginContract::Mine => answer,
            BeginContract::Refused(reason) => Answer::Refuse { reason },
            BeginContract::Changed => {
                let reason = "the record changed while the environments were looked at".to_owned();
                wait(reason, Some(Utc::now()))
            }
        })
    }
}

fn planned(begun: BeginContract, answer: Answer) -> Answer {
    let BeginContract::Refused(reason) = begun else {
        return answer.as_plan();
    };
    Answer::plan(Would::Refuse, reason)
}

fn running(found: &Found) -> Vec<String> {
    let sides = Environment::BOTH.map(|it| &found.sides.get(it).digests);
    sides.into_iter().flatten().cloned().collect()
}

/// The active environment, if every task of both runs the expanding release's image or one
/// that was pushed after it.
fn may_contract(
    found: &Found,
    images: &HashMap<String, Known>,
    expand: &Expand,
) -> Result<Environment, String> {
    let active = found.active.clone()?;
    for environment in Environment::BOTH {
        let digests = &found.sides.get(environment).digests;
        if digests.is_empty() {
            return Err(format!(
                "{environment} runs no task, so what would come back with it is not known. \
                 Scale it up, or send {{\"action\": \"sync\"}}."
            ));
        }
        for digest in digests.iter().filter(|it| **it != expand.digest) {
            let pushed_at = images.get(digest).and_then(|it| it.pushed_at);
            match pushed_at {
                Some(at) if at > expand.pushed_at => {}
                Some(at) => {
                    return Err(format!(
                        "{environment} still runs {digest}, pushed at {at}, not after the image of release {} ({}). \
                         Release a newer one there, or send {{\"action\": \"sync\"}}.",
                        expand.release, expand.pushed_at
                    ));
                }
                None => {
                    return Err(format!(
                        "{environment} runs {digest}, of which ECR does not tell when it was pushed. \
                         Release an image there that the repository has."
                    ));
                }
            }
        }
    }
    Ok(active)
}

#[cfg(test)]
#[path = "contract_tests.rs"]
mod tests;
