//! Signatures of managed signing, and tags that may move.

use super::refused;
use crate::common::{on_a_stage, preview, put, release, result};
use anyhow::ensure;
use aws_sdk_ecr::types::SigningStatus;
use rehearsal::images::SIGNED;
use rehearsal::stage::Stage;
use serde_json::{Value, json};
use std::sync::Arc;

/// Given a signing profile by which images are to be signed
/// When pushes come that are not signed, whose signing failed, and that are signed
/// Then the last one alone is released; a plan of one that is being signed says that it would wait.
#[test]
fn only_a_signed_image_is_released() {
    on_a_stage(&[SIGNED], async |stage: Arc<Stage>| {
        refused(&stage, "v1.1.0", &["unsigned"]).await?;
        stage.signed("v1.2.0", SigningStatus::Failed);
        refused(&stage, "v1.2.0", &["unsigned", "FAILED"]).await?;
        stage.signed("v1.3.0", SigningStatus::InProgress);
        put(&stage, "v1.3.0").await?;
        let plan = preview(&stage, json!({"tag": "v1.3.0"})).await?;
        ensure!(plan.to_string().contains("would wait"), "{plan}");
        stage.signed("v1.3.0", SigningStatus::Complete);
        let end = release(&stage, "v1.3.0").await?;
        ensure!(result(&end) == "released", "{end:?}");
        Ok(())
    });
}

/// Given a repository whose tags may move
/// When they are to be warned of, and when they are refused
/// Then a plan has a warning of it, and a push is refused.
#[test]
fn a_tag_that_may_move_is_a_warning_or_a_refusal() {
    on_a_stage(&[("MutableTags", "warn")], async |stage: Arc<Stage>| {
        put(&stage, "v1.1.0").await?;
        let plan = preview(&stage, json!({"tag": "v1.1.0"})).await?;
        ensure!(severity(&plan, "mutable-tags") == "warning", "{plan}");
        Ok(())
    });
    on_a_stage(&[("MutableTags", "refuse")], async |stage: Arc<Stage>| {
        refused(&stage, "v1.1.0", &["mutable-tags"]).await?;
        Ok(())
    });
}

/// The severity of a finding in a plan.
fn severity<'a>(plan: &'a Value, name: &str) -> &'a str {
    let findings = plan["findings"].as_array().into_iter().flatten();
    let mut found = findings.filter(|finding| finding["name"] == name);
    let found = found.next().and_then(|it| it["severity"].as_str());
    found.unwrap_or_default()
}
