//! What the stack says about people's decisions.

use super::window::ReleaseWindow;
use crate::request::ExecutionRequest;
use record::{Approval, ApprovalBefore};
use serde::Deserialize;
use shared::config::{Settings, variant};
use shared::{Error, Refusal};

/// What becomes of the newest push that came while releases were frozen. Default: it is only named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AfterFreeze {
    /// Its execution ends, and whoever ends the freeze learns of it.
    #[default]
    Name,
    /// It waits, and begins by itself.
    Release,
}

/// What of a release waits for people, and what they may do. The default one lets every release begin, and asks nobody.
#[derive(Clone, Debug, Default)]
pub struct DecisionPolicy {
    /// What of a release waits for a person's approval; `before` may be empty.
    pub approval: Approval,
    /// How long a release may be held in all, in seconds.
    pub hold_seconds: u32,
    /// Whether a flip back freezes releases.
    pub freeze_after_rollback: bool,
    pub after_freeze: AfterFreeze,
    /// When releases may begin; default: at any time. One that cannot be used refuses whatever would begin.
    pub window: Option<Result<ReleaseWindow, Refusal>>,
    /// Seconds after which something that has just begun to wait is looked at again.
    pub poll_seconds: i64,
}

impl DecisionPolicy {
    /// Reads `APPROVAL_BEFORE`, `APPROVAL_TIMEOUT_SECONDS`, `WHEN_NOT_APPROVED`, `WHEN_NEWER_PUSHED`,
    /// `HOLD_TIMEOUT_SECONDS`, `FREEZE_AFTER_ROLLBACK`, `AFTER_FREEZE`, `RELEASE_WINDOW`, `RELEASE_WINDOW_TIMEZONE` and
    /// `POLL_SECONDS`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one but the window is missing or wrong.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
    ) -> Result<DecisionPolicy, Error> {
        let zone = settings.required("RELEASE_WINDOW_TIMEZONE")?;
        let window = settings.optional("RELEASE_WINDOW");
        let seconds = "whole seconds";
        Ok(DecisionPolicy {
            approval: Approval {
                before: before(&settings.list("APPROVAL_BEFORE")?)?,
                seconds: settings.parsed("APPROVAL_TIMEOUT_SECONDS", seconds)?,
                when_not_approved: settings.named("WHEN_NOT_APPROVED", "reject or approve")?,
                when_newer_pushed: settings.named("WHEN_NEWER_PUSHED", "keep or replace")?,
            },
            hold_seconds: settings.parsed("HOLD_TIMEOUT_SECONDS", seconds)?,
            freeze_after_rollback: settings.switch("FREEZE_AFTER_ROLLBACK")?,
            after_freeze: settings.named("AFTER_FREEZE", "name or release")?,
            window: window.map(|pattern| ReleaseWindow::read(&pattern, &zone)),
            poll_seconds: settings.parsed("POLL_SECONDS", seconds)?,
        })
    }

    /// What of a release waits for approval, as it is fixed at its claim; none: nothing. A sync never moves traffic, and
    /// the stack's own migration command is no request's.
    pub(crate) fn approval_of(&self, requested: &ExecutionRequest) -> Option<Approval> {
        let brings = requested.migration.is_some();
        let applies = |it: &&ApprovalBefore| brings || **it != ApprovalBefore::Commands;
        let before = self.approval.before.iter().filter(applies).copied();
        let before: Vec<ApprovalBefore> = before.collect();
        let applies = !requested.is_sync() && !before.is_empty();
        applies.then(|| Approval {
            before,
            ..self.approval.clone()
        })
    }
}

/// A list of gates, or `none`.
fn before(names: &[String]) -> Result<Vec<ApprovalBefore>, Error> {
    if names == ["none"] {
        return Ok(Vec::new());
    }
    let expected = "none, or a list of flip, each-step, finish and commands";
    let gate = |name: &String| variant("APPROVAL_BEFORE", expected, name);
    names.iter().map(gate).collect()
}

#[cfg(test)]
#[path = "policy_tests.rs"]
mod tests;
