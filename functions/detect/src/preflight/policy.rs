//! What the configuration says to the preflight.

use super::checks::{CHECKS, ENDS_FLIP_BACK, Severity};
use super::evidence::Finding;
use crate::look::ListenerRule;
use shared::config::Settings;
use shared::{Error, PerEnvironment, excerpt, sentence};

/// What the stack's parameters say beside what AWS shows.
#[derive(Clone, Debug, Default)]
pub struct PreflightPolicy {
    /// Names of checks whose warnings refuse a release; default: none.
    pub refuse_on_warnings: Vec<String>,
    /// ARNs of the roles that the deploy function may pass; default: none.
    pub passable_roles: Vec<String>,
    /// ARNs of rules that forward to an environment and that no flip changes, or of listeners with all of their rules;
    /// default: none.
    pub preview_rules: Vec<String>,
    /// ARNs of rules, or listeners, that forward to the idle environment after each flip; default: none.
    pub idle_rules: Vec<String>,
    /// Where smoke asks an environment; default: each of its targets.
    pub base_urls: PerEnvironment<Option<String>>,
}

impl PreflightPolicy {
    /// Reads `REFUSE_ON_WARNINGS`, `TASK_ROLE_ARNS`, `PREVIEW_RULE_ARNS`, `IDLE_RULE_ARNS`, `BLUE_BASE_URL` and
    /// `GREEN_BASE_URL`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where a name is not that of a check.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
    ) -> Result<PreflightPolicy, Error> {
        let refuse_on_warnings = settings.list_or_none("REFUSE_ON_WARNINGS")?;
        // A note is no warning.
        let checks = CHECKS.iter().filter(|it| it.severity != Severity::Note);
        let known: Vec<_> = checks.map(|check| check.name).collect();
        let is_unknown = |name: &&String| !known.contains(&name.as_str());
        if let Some(unknown) = refuse_on_warnings.iter().find(is_unknown) {
            return Err(Error::InvalidConfiguration(format!(
                "variable REFUSE_ON_WARNINGS: expected names of checks ({}), found {} \
                 Set the stack's parameter RefuseOnWarnings.",
                known.join(", "),
                sentence(&excerpt(unknown))
            )));
        }
        Ok(PreflightPolicy {
            refuse_on_warnings,
            passable_roles: settings.list_or_none("TASK_ROLE_ARNS")?,
            preview_rules: settings.list_or_none("PREVIEW_RULE_ARNS")?,
            idle_rules: settings.list_or_none("IDLE_RULE_ARNS")?,
            base_urls: PerEnvironment {
                blue: settings.optional("BLUE_BASE_URL"),
                green: settings.optional("GREEN_BASE_URL"),
            },
        })
    }

    /// Whether a rule follows each flip to the idle environment.
    pub(super) fn follows(&self, rule: &ListenerRule) -> bool {
        self.idle_rules.iter().any(|arn| rule.has_arn(arn))
    }

    /// Lets the warnings refuse that are to.
    pub(super) fn refuse_warnings(&self, findings: &mut [Finding], sync: bool) {
        let warnings = findings.iter_mut();
        for finding in warnings.filter(|it| it.severity == Severity::Warning) {
            if self.refuses(finding.name, sync) {
                finding.severity = Severity::Refusal;
            }
        }
    }

    /// Whether a warning of this check refuses. A sync is the remedy for most, so only what it does itself refuses one.
    fn refuses(&self, check: &str, sync: bool) -> bool {
        let remedied = sync && check != ENDS_FLIP_BACK.name;
        !remedied && self.refuse_on_warnings.iter().any(|name| name == check)
    }
}
