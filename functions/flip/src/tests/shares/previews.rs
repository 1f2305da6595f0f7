//! What a preview shows of shares.

use super::super::{RULE, invoke, reads, record, rule_forwards_to};
use super::{at_share, healthy, rule_is_split, share};
use record::Phase;
use serde_json::json;
use shared::Step;

#[tokio::test]
async fn a_preview_shows_each_rule_at_the_first_share_and_at_the_end() {
    let mut plan = fixtures::release_plan();
    plan.steps = [(10, 300), (100, 300)]
        .map(|(percent, seconds)| Step {
            share: share(percent),
            seconds,
        })
        .to_vec();
    let task = json!({"action": "preview", "plan": plan});
    let (deploying, blue) = (reads(record(Phase::Deploying)), rule_forwards_to("tg-blue"));
    let answer = invoke(task, &[&deploying], &[&blue])
        .await
        .expect("an answer");
    let preview = json!(answer.preview.expect("a preview").rules[0]);
    let expect =
        json!({"rule": RULE, "before": "blue", "firstStep": "green (10 %)", "after": "green"});
    assert_eq!(preview, expect);
}

#[tokio::test]
async fn a_preview_during_a_step_shows_where_the_rules_are_split_and_what_a_rollback_leaves() {
    let task = json!({"action": "preview", "plan": null, "flipBack": true});
    let watching = reads(at_share(Phase::Watching, 10, None));
    let (before, blue, tenth) = (rule_is_split(10), healthy(2), rule_is_split(10));
    let answer = invoke(task, &[&watching], &[&before, &blue, &tenth]).await;
    let preview = answer.expect("an answer").preview.expect("a preview");
    assert!(preview.flip_back.possible, "{preview:?}");
    let rule = json!(preview.rules[0]);
    assert_eq!(
        rule,
        json!({"rule": RULE, "before": "green (10 %)", "after": "blue"})
    );
}

#[tokio::test]
async fn a_preview_after_the_release_takes_a_split_for_a_persons() {
    let task = json!({"action": "preview", "plan": null, "flipBack": true});
    let stable = reads(at_share(Phase::Stable, 100, Some(50)));
    let (before, blue, half) = (rule_is_split(50), healthy(2), rule_is_split(50));
    let answer = invoke(task, &[&stable], &[&before, &blue, &half]).await;
    let preview = answer.expect("an answer").preview.expect("a preview");
    let reason = preview.flip_back.reason;
    assert!(
        reason.contains("splits traffic: blue has weight 50"),
        "{reason}"
    );
}
