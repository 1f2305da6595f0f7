//! Releases that expand the database's schema: only what one of them added can be contracted later.

use crate::record::Record;
use crate::release::Release;
use crate::schema::Expand;
use shared::{Refusal, ReleaseId};

/// Expanding releases that the record remembers; an older one can be contracted by hand only.
const REMEMBERED: usize = 10;

impl Record {
    /// Remembers an expanding release; a second claim of the same one changes nothing.
    pub(crate) fn remember_expand(&mut self, expand: Option<Expand>) {
        let Some(expand) = expand else { return };
        self.expands.retain(|other| other.release != expand.release);
        self.expands.push(expand);
        let surplus = self.expands.len().saturating_sub(REMEMBERED);
        self.expands.drain(..surplus);
    }

    /// Counts a release that ended, for every expanding release before it; and it proves, or disproves, its own image.
    pub(crate) fn count_end(&mut self, release: &Release, stable: bool) {
        for expand in &mut self.expands {
            if expand.release != release.id {
                expand.stable_releases = if stable {
                    expand.stable_releases + 1
                } else {
                    0
                };
            }
            if expand.digest == release.to_digest {
                expand.proven = stable;
            }
        }
    }

    /// The expanding release that a contract step belongs to: the one that is named, else the latest that is proven.
    ///
    /// # Errors
    /// Says which expanding releases are known, where the named one is not, or where there is none.
    pub fn expanded_by(&self, named: Option<&ReleaseId>) -> Result<&Expand, Refusal> {
        let latest_first = || self.expands.iter().rev();
        let expand = match named {
            Some(name) => latest_first().find(|expand| expand.release == *name),
            None => latest_first()
                .find(|expand| expand.proven)
                .or(latest_first().next()),
        };
        expand.ok_or_else(|| match named {
            Some(name) => {
                let known: Vec<&str> = self.expands.iter().map(|it| it.release.as_str()).collect();
                Refusal::from(format!(
                    "release {name} is not known to have expanded the schema (known: {known:?}). \
                     Name one of these, by its execution's name."
                ))
            }
            None => Refusal::from(
                "no release is known to have expanded the schema, so there is nothing to contract. \
                 Expand first: release with a migration.",
            ),
        })
    }
}

#[cfg(test)]
#[path = "expand_tests.rs"]
mod tests;
