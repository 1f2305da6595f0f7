//! The preview: what a flip or a flip back would change now. It takes the same way as the flip, up to its first write.

use crate::answer::{FlipBackPreview, Preview, RulePreview};
use crate::decide::{RuleWrites, rewritten};
use crate::traffic::{Invocation, lease_held};
use chrono::Utc;
use record::{BeginFlip, FlipBackCause, Record};
use shared::routing::{LiveRule, Routing};
use shared::{Environment, Error, ReleaseId, ReleasePlan};

/// Previews the flip of `plan`, or the flip back of the recorded release where `rollback` asks for it.
pub(crate) async fn preview(
    invocation: &Invocation<'_>,
    plan: Option<&ReleasePlan>,
    rollback: bool,
) -> Result<Preview, Error> {
    let live = invocation.rules.snapshot().await?;
    let record = invocation.store.load().await?;
    let flip_back = preview_flip_back(invocation, &record).await?;
    let forward = plan.filter(|plan| !plan.sync).map(|plan| plan.to);
    let release = record.release.as_ref();
    let back = release.filter(|_| rollback && flip_back.possible);
    let to = forward.or(back.map(|release| release.from));
    Ok(Preview {
        rules: preview_rules(&live, &invocation.rules.routing, to),
        flip_back,
        contract: record.contract,
    })
}

async fn preview_flip_back(
    invocation: &Invocation<'_>,
    record: &Record,
) -> Result<FlipBackPreview, Error> {
    let id = record.release.as_ref().map(|release| release.id.clone());
    let cause = FlipBackCause::Release(id.unwrap_or_else(|| ReleaseId::from("")));
    let impossible = |reason: String| FlipBackPreview {
        possible: false,
        reason,
    };
    let Invocation { owner, until, .. } = invocation;
    let begin = record.begin_flip_back(owner, &cause, "", Utc::now(), *until);
    Ok(match begin {
        BeginFlip::Begun { release, .. } => match invocation.rules.writes_to(release.from).await? {
            RuleWrites::Needed(_) => FlipBackPreview {
                possible: true,
                reason: format!(
                    "release {} can be flipped back to {}",
                    release.id, release.from
                ),
            },
            RuleWrites::Refused(refusal) => impossible(refusal.into_reason()),
        },
        BeginFlip::AlreadyDone(release) => {
            impossible(format!("release {} was flipped back already", release.id))
        }
        BeginFlip::Refused(refusal)
        | BeginFlip::NothingToFlipBack(refusal)
        | BeginFlip::Ignored(refusal) => impossible(refusal.into_reason()),
        BeginFlip::LeaseHeld { until } => impossible(lease_held(until)),
    })
}

/// Each rule as it is, and as a flip to `to` would leave it; without `to` every rule stays as it is.
fn preview_rules(
    rules: &[LiveRule],
    routing: &Routing,
    to: Option<Environment>,
) -> Vec<RulePreview> {
    let writes = to.map(|to| rewritten(rules, routing, to).unwrap_or_default());
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
