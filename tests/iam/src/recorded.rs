//! Recorded calls in a form that fits every deployment, kept in `tests/iam/calls.json`.
//!
//! Calls that are the same in this form stand there once.

use crate::needs::{Keys, Need, needs};
use crate::{Call, Deployed, forms};
use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A permission that a function needed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub function: String,
    pub action: String,
    pub resource: String,
    #[serde(default, skip_serializing_if = "Keys::is_empty")]
    pub context: Keys,
}

/// Every permission that was needed, once, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded(pub BTreeSet<Entry>);

impl Recorded {
    /// Reads the file's text.
    ///
    /// # Errors
    /// It is not what [`Recorded::to_text`] writes.
    pub fn parse(text: &str) -> Result<Recorded> {
        Ok(Recorded(serde_json::from_str(text)?))
    }

    /// The file's text: an entry a line, so that a change is a line of a diff.
    ///
    /// # Errors
    /// An entry cannot be written as JSON.
    pub fn to_text(&self) -> Result<String> {
        let lines = self.0.iter().map(serde_json::to_string);
        let lines: Vec<_> = lines.collect::<Result<_, _>>()?;
        Ok(format!("[\n{}\n]\n", lines.join(",\n")))
    }

    /// Writes all needs of the calls as they are in any deployment.
    ///
    /// # Errors
    /// A call is not known, or a form cannot be resolved.
    pub fn of<'a>(
        calls: impl IntoIterator<Item = &'a Call>,
        deployed: &Deployed,
    ) -> Result<Recorded> {
        let mut recorded = Recorded::default();
        for call in calls {
            recorded.0.extend(Recorded::normalise(call, deployed)?);
        }
        Ok(recorded)
    }

    /// What one call needed. A resource that has no name in the template stays as it is, and shows in the file.
    fn normalise(call: &Call, deployed: &Deployed) -> Result<Vec<Entry>> {
        let forms = forms::of(deployed)?;
        let written = |text: &String| forms::written(&forms, text);
        let mut entries = Vec::new();
        for need in needs(call)? {
            let context = need
                .context
                .iter()
                .map(|(key, value)| (key.clone(), written(value)));
            let context: Keys = context.collect();
            entries.extend(need.resources.iter().map(|resource| Entry {
                function: call.function.clone(),
                action: need.action.clone(),
                resource: written(resource),
                context: context.clone(),
            }));
        }
        Ok(entries)
    }

    /// What is here and not in `other`.
    pub fn beyond(&self, other: &Recorded) -> Recorded {
        Recorded(self.0.difference(&other.0).cloned().collect())
    }

    /// Holds the needs of live calls against a file: it must have each of them, and nothing that nobody calls any
    /// more. With `RECORD_CALLS=1` in the environment the file is written anew instead.
    ///
    /// # Errors
    /// The file cannot be read or written, or does not hold what was called.
    pub fn hold_against(&self, file: &Path) -> Result<()> {
        if std::env::var_os("RECORD_CALLS").is_some() {
            return Ok(fs::write(file, self.to_text()?)?);
        }
        let kept = Recorded::parse(&fs::read_to_string(file)?)?;
        let (new, unused) = (self.beyond(&kept), kept.beyond(self));
        ensure!(
            new.0.is_empty() && unused.0.is_empty(),
            "{} does not hold what was called. Look at the changes, and run this again with RECORD_CALLS=1 if they \
             are right.\nnew: {}\nnot called any more: {}",
            file.display(),
            new.to_text()?,
            unused.to_text()?
        );
        Ok(())
    }

    /// The needs in a deployment, with their functions, as [`crate::Report`] takes them.
    ///
    /// # Errors
    /// An entry names something that is not of the template.
    pub fn expand(&self, deployed: &Deployed) -> Result<Vec<(String, Vec<Need>)>> {
        let expanded = self.0.iter().map(|entry| {
            let mut need = Need::new(&entry.action, forms::texts(deployed, &entry.resource)?);
            for (key, value) in &entry.context {
                let value = forms::texts(deployed, value)?;
                need = need.with(key, value.first().context("a key without a value")?);
            }
            Ok((entry.function.clone(), vec![need]))
        });
        expanded.collect()
    }
}

#[cfg(test)]
mod tests;
