//! The preview: what a flip or a flip back would change now. It takes the same way as the flip, up to its first write.

use crate::answer::{Answer, Decision, FlipBackPreview, Preview, RulePreview};
use crate::capacity::Capacity;
use crate::decide::RuleWrites;
use crate::flip_back::need;
use crate::traffic::{Invocation, lease_held};
use chrono::Utc;
use record::{BeginFlip, FlipBackCause, Record, Release};
use shared::routing::{LiveRule, Routing};
use shared::{Environment, Error, ReleaseId, ReleasePlan};

/// Previews the flip of `plan`, or the flip back of the recorded release where `rollback` asks for it.
pub(crate) async fn preview(
    invocation: &Invocation<'_>,
    plan: Option<&ReleasePlan>,
    rollback: bool,
) -> Result<Answer, Error> {
    let live = invocation.rules.snapshot().await?;
    let record = invocation.store.load().await?;
    let flip_back = preview_flip_back(invocation, &record).await?;
    let forward = plan.filter(|plan| !plan.sync).map(|plan| plan.to);
    let release = record.release.as_ref();
    let back = release.filter(|_| rollback && flip_back.possible);
    let to = forward.or(back.map(|release| release.from));
    let mut answer = Answer::new(Decision::Previewed, "nothing was changed");
    answer.preview = Some(Preview {
        rules: previews(&live, &invocation.rules.routing, to),
        flip_back,
        contract: record.contract,
    });
    Ok(answer)
}

async fn preview_flip_back(
    invocation: &Invocation<'_>,
    record: &Record,
) -> Result<FlipBackPreview, Error> {
    let id = record.release.as_ref().map(|release| release.id.clone());
    let cause = FlipBackCause::Release(id.unwrap_or_else(|| ReleaseId::from("")));
    let Invocation { owner, until, .. } = invocation;
    let begin = record.begin_flip_back(owner, &cause, &"".into(), Utc::now(), *until);
    let (possible, reason) = match begin {
        BeginFlip::Begun { release, .. } => {
            let need = need(record);
            let (writes, capacity) = invocation.rules.writes_to(release.from, need).await?;
            possibility(&release, writes, &capacity)
        }
        BeginFlip::AlreadyDone(release) => {
            let reason = format!("release {} was flipped back already", release.id);
            (false, reason)
        }
        BeginFlip::Refused(refusal)
        | BeginFlip::NothingToFlipBack { refusal, .. }
        | BeginFlip::Ignored(refusal) => (false, refusal.into_reason()),
        BeginFlip::LeaseHeld { until } => (false, lease_held(until)),
    };
    Ok(FlipBackPreview { possible, reason })
}

/// Whether rules and targets let the release be flipped back, and in which words.
fn possibility(release: &Release, writes: RuleWrites, capacity: &Capacity) -> (bool, String) {
    if let RuleWrites::NotReady(refusal) | RuleWrites::Refused(refusal) = writes {
        return (false, refusal.into_reason());
    }
    let Release { id, from, .. } = release;
    let mut reason = format!("release {id} can be flipped back to {from}");
    if let Some(shortage) = capacity.shortage() {
        reason += &format!(", with {shortage}");
    }
    (true, reason)
}

/// Each rule as it is, and as a flip to `to` would leave it; without `to` every rule stays as it is.
fn previews(rules: &[LiveRule], routing: &Routing, to: Option<Environment>) -> Vec<RulePreview> {
    let writes = to.map(|to| routing.rewritten(rules, to).unwrap_or_default());
    let writes = writes.unwrap_or_default();
    let describe = |rule: &LiveRule| match routing.environment_of(rule) {
        Ok(environment) => environment.to_string(),
        Err(refusal) => refusal.into_reason(),
    };
    let preview = |rule: &LiveRule| {
        let write = writes.iter().find(|write| write.arn == rule.arn);
        RulePreview {
            rule: rule.arn.clone(),
            before: describe(rule),
            after: describe(write.unwrap_or(rule)),
        }
    };
    rules.iter().map(preview).collect()
}
