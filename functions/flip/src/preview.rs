//! The preview: what a flip or a flip back would change now. It takes the same way as the flip, up to its first write.

use crate::answer::{Answer, Decision, FlipBackPreview, Preview, RulePreview};
use crate::decide::RuleWrites;
use crate::flip_back::need;
use crate::invocation::Invocation;
use crate::look::Snapshot;
use crate::traffic::lease_held;
use chrono::Utc;
use record::{BeginFlip, FlipBackCause, Record, Release};
use shared::routing::{LiveRule, Routing};
use shared::{Environment, Error, ReleaseId, ReleasePlan, Share, Splits, Traffic, excerpt};

/// Rules that a preview shows: more than a stack's parameter has room for.
const SHOWN: usize = 50;

/// Previews the flip of `plan`, or the flip back of the recorded release where `rollback` asks for it.
pub(crate) async fn preview(
    invocation: &Invocation<'_>,
    plan: Option<&ReleasePlan>,
    rollback: bool,
) -> Result<Answer, Error> {
    let live = invocation.rules.live().await?;
    let record = invocation.store.load().await?;
    let flip_back = preview_flip_back(invocation, &record).await?;
    let release = record.release.as_ref();
    let forward = plan.filter(|plan| !plan.sync);
    let back = release.filter(|_| rollback && flip_back.possible);
    let first_step = forward.and_then(|plan| plan.steps.first());
    let to = forward.map(|plan| plan.to);
    let to = to.or(back.map(|release| release.from));
    let changes = to.map(|to| Changes {
        to,
        first: first_step.map_or(Share::ALL, |step| step.share),
    });
    let splits: Vec<Splits<'_>> = release.map(Release::splits).into_iter().collect();
    let rules = previews(&live, &invocation.rules.routing, changes, &splits);
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
            let traffic = release.expected_traffic();
            let before = record.release.as_ref().unwrap_or(&release);
            let splits = [before.splits()];
            let snapshot = invocation.rules.snapshot(traffic, &splits, need).await?;
            possibility(&release, snapshot)
        }
        BeginFlip::AlreadyDone(release) => {
            let reason = format!("release {} was flipped back already", release.id);
            (false, reason)
        }
        BeginFlip::Held {
            reason: refusal, ..
        }
        | BeginFlip::Refused(refusal)
        | BeginFlip::NothingToFlipBack { refusal, .. }
        | BeginFlip::Ignored(refusal) => (false, refusal.into_reason()),
        BeginFlip::LeaseHeld { until } => (false, lease_held(until)),
    };
    Ok(FlipBackPreview { possible, reason })
}

/// Whether rules and targets let the release be flipped back, and in which words.
fn possibility(release: &Release, snapshot: Snapshot) -> (bool, String) {
    if let RuleWrites::NotReady(refusal) | RuleWrites::Refused(refusal) = snapshot.writes {
        return (false, refusal.into_reason());
    }
    let Release { id, from, .. } = release;
    let mut reason = format!("release {id} can be flipped back to {from}");
    if let Some(shortage) = snapshot.targets.receiving.shortage() {
        reason += &format!(", with {shortage}");
    }
    (true, reason)
}

/// What is asked for: at first this share of the traffic, and in the end all of it.
#[derive(Clone, Copy)]
struct Changes {
    to: Environment,
    first: Share,
}

/// The first rules as they are, and as the changes would leave them; without any, every rule stays as it is.
fn previews(
    rules: &[LiveRule],
    routing: &Routing,
    changes: Option<Changes>,
    splits: &[Splits<'_>],
) -> Vec<RulePreview> {
    let writes = |share| {
        let to = changes.map(|it| it.to)?;
        let written = routing.rewritten(rules, Traffic { to, share }, splits);
        Some(written.unwrap_or_default())
    };
    let first = changes.map(|it| it.first).filter(|share| !share.is_all());
    let (first, last) = (first.and_then(writes), writes(Share::ALL));
    let preview = |rule: &LiveRule| {
        let before = describe(rule, routing, splits);
        let after = |writes: &[LiveRule]| {
            let write = writes.iter().find(|write| write.arn == rule.arn);
            let traffic = write
                .zip(changes)
                .map(|(write, it)| routing.traffic_of(write, it.to));
            match traffic {
                Some(Ok(traffic)) => traffic.to_string(),
                Some(Err(_)) | None => before.clone(),
            }
        };
        RulePreview {
            rule: excerpt(&rule.arn),
            first_step: first.as_deref().map(after),
            after: last.as_deref().map_or_else(|| before.clone(), after),
            before,
        }
    };
    rules.iter().take(SHOWN).map(preview).collect()
}

/// Where a rule sends traffic; for a split that nobody of ours has made, what is wrong with it.
fn describe(rule: &LiveRule, routing: &Routing, splits: &[Splits<'_>]) -> String {
    let own = splits.iter().find_map(|own| routing.own_traffic(rule, own));
    match own.map_or_else(|| routing.environment_of(rule).map(Traffic::all), Ok) {
        Ok(traffic) => traffic.to_string(),
        Err(refusal) => excerpt(refusal.as_str()),
    }
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
        let changes = Changes {
            to: Environment::Green,
            first: Share::ALL,
        };
        let shown = previews(&rules, &routing, Some(changes), &[]);
        assert_eq!(shown.len(), SHOWN);
        fixtures::assert_bounded(&serde_json::json!(shown));
    }
}
