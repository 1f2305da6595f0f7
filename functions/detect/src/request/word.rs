//! Reads what a person decides: about a release, by its id, or about all of them.

use super::fields::{Fields, allow_only, optional, short};
use record::Time;
use shared::{Refusal, ReleaseId, excerpt, whole_second};

/// The actions by which a person decides.
const ACTIONS: [&str; 8] = [
    "approve", "reject", "hold", "resume", "finish", "stop", "freeze", "unfreeze",
];

/// What a person decides. Step Functions does not say who started an execution: the name is what they say themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub says: Says,
    /// None: they gave no name.
    pub by: Option<String>,
    /// May be empty, but for a freeze.
    pub reason: String,
}

/// Each release is named: a word never reaches another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    Approve {
        release: ReleaseId,
        /// The gate's name; none: whichever is open.
        gate: Option<String>,
    },
    Reject {
        release: ReleaseId,
        /// The gate's name; none: whichever is open.
        gate: Option<String>,
    },
    /// The watch does not end, and shares do not grow.
    Hold(ReleaseId),
    Resume(ReleaseId),
    /// The watch at this share ends as if it had found the release healthy.
    Finish(ReleaseId),
    /// The release ends: before its flip it fails, after it it is flipped back.
    Stop(ReleaseId),
    /// No release begins, until this moment or until somebody ends it.
    Freeze {
        until: Option<Time>,
    },
    Unfreeze,
}

/// Whether a person decides something with this action.
pub(super) fn is_word(action: &str) -> bool {
    ACTIONS.contains(&action)
}

pub(super) fn word(action: &str, fields: &Fields) -> Result<Word, Refusal> {
    let says = says(action, fields)?;
    let (by, reason) = (short(fields, "by")?, short(fields, "reason")?);
    if reason.is_none() && matches!(says, Says::Freeze { .. }) {
        return Err("a freeze needs a reason: everybody whose push it holds back reads it".into());
    }
    Ok(Word {
        says,
        by,
        reason: reason.unwrap_or_default(),
    })
}

fn says(action: &str, fields: &Fields) -> Result<Says, Refusal> {
    let known: &[&str] = match action {
        "approve" | "reject" => &["action", "by", "reason", "release", "gate"],
        "freeze" => &["action", "by", "reason", "until"],
        "unfreeze" => &["action", "by", "reason"],
        _ => &["action", "by", "reason", "release"],
    };
    allow_only(fields, known)?;
    let release = || release(action, fields);
    let gate = || short(fields, "gate");
    Ok(match action {
        "approve" => Says::Approve {
            release: release()?,
            gate: gate()?,
        },
        "reject" => Says::Reject {
            release: release()?,
            gate: gate()?,
        },
        "hold" => Says::Hold(release()?),
        "resume" => Says::Resume(release()?),
        "finish" => Says::Finish(release()?),
        "stop" => Says::Stop(release()?),
        "freeze" => Says::Freeze {
            until: until(fields)?,
        },
        _ => Says::Unfreeze,
    })
}

fn release(action: &str, fields: &Fields) -> Result<ReleaseId, Refusal> {
    let release = short(fields, "release")?;
    release.map(ReleaseId::from).ok_or_else(|| {
        Refusal::from(format!(
            "{action} needs the release that it is for, as {{\"action\": \"status\"}} shows it"
        ))
    })
}

fn until(fields: &Fields) -> Result<Option<Time>, Refusal> {
    let read = |text: String| {
        text.parse::<Time>().map(whole_second).map_err(|_| {
            let found = excerpt(&text);
            Refusal::from(format!(
                "until: expected a time such as 2026-12-27T08:00:00+01:00, found {found}"
            ))
        })
    };
    optional(fields, "until")?.map(read).transpose()
}

#[cfg(test)]
#[path = "word_tests.rs"]
mod tests;
