//! What a release does to the database that both environments share: it expands the schema, and much later a contract
//! step removes what only the old code needed. After that the old code must not come back.

use super::{Outcome, Phase, Record, Release, Time};
use serde::{Deserialize, Serialize};

/// Expanding releases that the record remembers; an older one can be contracted by hand only.
const REMEMBERED: usize = 10;

/// A release that expanded the schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expand {
    /// The release's id.
    pub release: String,
    pub digest: String,
    /// When its image was pushed: an image pushed earlier may not know the new schema.
    pub pushed_at: Time,
    /// How many releases in a row ended stable after it, up to now.
    #[serde(default)]
    pub stable: u32,
    /// A release of its image has ended stable, and was not flipped back since: the expansion works.
    #[serde(default)]
    pub proven: bool,
}

/// A contract step, from the moment it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contract {
    /// The name of its execution.
    pub id: String,
    /// ARN of its execution.
    pub execution: String,
    pub began_at: Time,
    /// The release that must not be flipped back any more: the one that was live when it began.
    pub bars: String,
    /// What it undoes the old half of.
    pub expand: Expand,
    /// The newest expanding release that was ever contracted: what was built before it does not fit any more.
    pub floor: Expand,
    /// How it ended; none while it runs, or if its execution vanished.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// What a contract step depends on beside the record.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms<'a> {
    /// Releases that must have ended stable, one after the other, since the expanding one.
    pub stable: u32,
    /// A holder that was found not to be running any more.
    pub gone: Option<&'a str>,
    /// The record's version before the environments were looked at.
    pub seen: u64,
}

impl Contract {
    /// The wish for one; the record adds what it bars.
    pub fn wish(id: &str, execution: &str, began_at: Time, expand: Expand) -> Contract {
        Contract {
            id: id.to_owned(),
            execution: execution.to_owned(),
            began_at,
            bars: String::new(),
            floor: expand.clone(),
            expand,
            ended: None,
        }
    }
}

/// What became of the wish to contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BeginContract {
    /// The record to write before anything runs.
    Go(Record),
    /// An earlier try of this execution began it.
    Mine,
    /// Somebody changed the record after the environments were looked at: look again.
    Changed,
    Refused(String),
}

impl Record {
    /// Remembers an expanding release; a second claim of the same one changes nothing.
    pub(super) fn expands(&mut self, expand: Option<Expand>) {
        let Some(expand) = expand else { return };
        self.expands.retain(|it| it.release != expand.release);
        self.expands.push(expand);
        let surplus = self.expands.len().saturating_sub(REMEMBERED);
        self.expands.drain(..surplus);
    }

    /// Counts a release that ended, for every expanding release before it; and it proves, or disproves, its own image.
    pub(super) fn count(&mut self, release: &Release, stable: bool) {
        for expand in &mut self.expands {
            if expand.release != release.id {
                expand.stable = if stable { expand.stable + 1 } else { 0 };
            }
            if expand.digest == release.to_digest {
                expand.proven = stable;
            }
        }
    }

    /// The expanding release that a contract step belongs to: the one that is named, else the latest that is proven.
    pub fn expanded_by(&self, named: Option<&str>) -> Result<&Expand, String> {
        let known = || self.expands.iter().rev();
        let found = match named {
            Some(name) => known().find(|it| it.release == name),
            None => known().find(|it| it.proven).or(known().next()),
        };
        found.ok_or_else(|| {
            let known: Vec<&str> = self.expands.iter().map(|it| it.release.as_str()).collect();
            match named {
                Some(name) => format!(
                    "release {name} is not known to have expanded the schema (known: {known:?}). \
                     Name one of these, by its execution's name."
                ),
                None => "no release is known to have expanded the schema, so there is nothing to contract. \
                         Expand first: release with a migration."
                    .to_owned(),
            }
        })
    }

    /// Why no contract step may begin now, as far as the record tells.
    fn may_not_contract(&self, wish: &Contract, terms: &Terms<'_>) -> Option<String> {
        let expand = match self.expanded_by(Some(&wish.expand.release)) {
            Ok(expand) => expand,
            Err(reason) => return Some(reason),
        };
        let holder = self.holder_other_than(&wish.execution);
        if let Some(holder) = holder.filter(|it| Some(*it) != terms.gone) {
            return Some(format!(
                "{holder} is in progress. Ask again when it has ended."
            ));
        }
        if let Some(lease) = self.live_writer(wish.began_at) {
            return Some(format!(
                "{} may be writing to the rule until {}. Ask again then.",
                lease.by, lease.until
            ));
        }
        let Some(release) = &self.release else {
            return Some("no release is recorded, so nothing is known to be stable".to_owned());
        };
        if !matches!(release.phase, Phase::Stable | Phase::Synced) {
            return Some(format!(
                "the latest release, {}, is {}, expected stable. Release a version that stays first.",
                release.id, release.phase
            ));
        }
        if !expand.proven {
            return Some(format!(
                "release {} expanded the schema, but no release of its image stayed. \
                 Release that image again, or name another release.",
                expand.release
            ));
        }
        (expand.stable < terms.stable).then(|| {
            format!(
                "stable releases in a row since {} expanded the schema: {} < {}. \
                 Contract later, or lower the stack's parameter StableReleasesBeforeContract.",
                expand.release, expand.stable, terms.stable
            )
        })
    }

    /// Begins a contract step.
    pub fn begin_contract(&self, wish: &Contract, terms: &Terms<'_>) -> BeginContract {
        let me = wish.execution.as_str();
        let earlier = self.contract.as_ref();
        if earlier.is_some_and(|it| it.execution == me) {
            return BeginContract::Mine;
        }
        if let Some(reason) = self.may_not_contract(wish, terms) {
            return BeginContract::Refused(reason);
        }
        if self.version != terms.seen {
            return BeginContract::Changed;
        }
        let floors = earlier
            .map(|it| &it.floor)
            .into_iter()
            .chain([&wish.expand]);
        let floor = floors.max_by_key(|it| it.pushed_at).unwrap_or(&wish.expand);
        let bars = self.release.as_ref().map_or("", |it| it.id.as_str());
        BeginContract::Go(Record {
            holder: Some(me.to_owned()),
            contract: Some(Contract {
                bars: bars.to_owned(),
                floor: floor.clone(),
                ..wish.clone()
            }),
            ..self.clone()
        })
    }

    /// Gives the record back after a contract step of `me`; the release that it speaks of stays as it is.
    pub(super) fn end_contract(&self, me: &str, outcome: Outcome, reason: &str) -> Option<Record> {
        if self.holder.as_deref() != Some(me) {
            return None;
        }
        let contract = self.contract.as_ref().filter(|it| it.execution == me)?;
        let ended = match outcome {
            Outcome::Contracted => "done".to_owned(),
            Outcome::Stable | Outcome::Failed | Outcome::RolledBack | Outcome::Synced => {
                reason.to_owned()
            }
        };
        Some(Record {
            holder: None,
            contract: Some(Contract {
                ended: Some(ended),
                ..contract.clone()
            }),
            ..self.clone()
        })
    }

    /// Why `release` must not be flipped back: a contract step began after it, so its old side's code may no longer fit
    /// the schema.
    pub(super) fn contracted_since(&self, release: &Release) -> Option<String> {
        let contract = self.contract.as_ref()?;
        (contract.bars == release.id).then(|| {
            format!(
                "contract {} began at {} and may have removed what the version before release {} needs. \
                 Release a newer image instead.",
                contract.id, contract.began_at, release.id
            )
        })
    }
}

#[cfg(test)]
#[path = "contract_tests.rs"]
mod tests;
