//! The phases of a release. The phase says where traffic belongs.

use serde::{Deserialize, Serialize};

/// How far a release is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Deploying,
    Flipping,
    Watching,
    Stable,
    RollingBack,
    RolledBack,
    Failed,
    /// The idle environment was brought to the live image; traffic never moved.
    Synced,
}

impl Phase {
    /// Nothing more happens by itself. A stable release can still be flipped back.
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Phase::Stable | Phase::RolledBack | Phase::Failed | Phase::Synced
        )
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Phase::Deploying => "deploying",
            Phase::Flipping => "flipping",
            Phase::Watching => "watching",
            Phase::Stable => "stable",
            Phase::RollingBack => "rolling back",
            Phase::RolledBack => "rolled back",
            Phase::Failed => "failed",
            Phase::Synced => "synced",
        })
    }
}
