//! The preview: what a flip or a flip back would change now. It takes the same way as the flip, up to its first write.

use crate::answer::{Answer, Decision, FlipBackPreview, Preview, RulePreview};
use crate::capacity::Capacity;
use crate::decide::RuleWrites;
use crate::flip_back::need;
use crate::traffic::{Invocation, lease_held};
use chrono::Utc;
use record::{BeginFlip, FlipBackCause, Record, Release};
use shared::routing::{LiveRule, Routing};
use shared::{Environment, Error, ReleaseId, ReleasePlan, excerpt};

/// Rules that a preview shows: more than a stack's parameter has room for.
const SHOWN: usize = 50;

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
    let rules = previews(&live, &invocation.rules.routing, to);
    let reason = match (rules.len(), live.len()) {
        (shown, all) if shown < all => {
            format!("nothing was changed; {shown} of {all} rules are shown")
        }
        _ => "nothing was changed".to_owned(),
    };
    let mut answer = Answer::new(Decision::Previewed, reason);
    answer.preview = Some(Preview {
        rules,
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

/// The first rules as they are, and as a flip to `to` would leave it; without `to` every rule stays as it is.
fn previews(rules: &[LiveRule], routing: &Routing, to: Option<Environment>) -> Vec<RulePreview> {
    let writes = to.map(|to| routing.rewritten(rules, to).unwrap_or_default());
    let writes = writes.unwrap_or_default();
    let describe = |rule: &LiveRule| match routing.environment_of(rule) {
        Ok(environment) => environment.to_string(),
        Err(refusal) => excerpt(refusal.as_str()),
    };
    let preview = |rule: &LiveRule| {
        let write = writes.iter().find(|write| write.arn == rule.arn);
        RulePreview {
            rule: excerpt(&rule.arn),
            before: describe(rule),
            after: describe(write.unwrap_or(rule)),
        }
    };
    rules.iter().take(SHOWN).map(preview).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::PerEnvironment;

    #[test]
    fn of_five_hundred_rules_as_many_are_shown_as_an_answer_holds() {
        let routing = Routing {
            rule_arns: Vec::new(),
            target_groups: PerEnvironment {
                blue: "tg-blue".to_owned(),
                green: "tg-green".to_owned(),
            },
        };
        let rule = |number: u32| LiveRule {
            arn: format!("arn:{number}\u{1b}{}", "🚀".repeat(5000)),
            actions: Vec::new(),
        };
        let rules: Vec<LiveRule> = (0..500).map(rule).collect();
        let shown = previews(&rules, &routing, Some(Environment::Green));
        assert_eq!(shown.len(), SHOWN);
        fixtures::assert_bounded(&serde_json::json!(shown));
    }
}
