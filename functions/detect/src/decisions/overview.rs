//! What a status shows, made of what was observed. Pure.

use super::ask::Ask;
use super::observed::Observed;
use super::progress::{InProgress, in_progress};
use super::texts::describe_held_back;
use record::{Origin, Phase, QueuedRequest, Release, Time};
use serde::Serialize;
use shared::{Digest, Environment, Refusal, ReleaseId, excerpt, whole_second};

/// The releases that a status shows.
const LATEST: usize = 10;

/// What is live, what is in progress, and what waits for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    service: String,
    /// The environment that gets all of the traffic.
    active: Option<Environment>,
    /// Why nobody can say which one is active.
    problem: Option<Refusal>,
    /// What the active environment runs.
    version: Option<Version>,
    idle: Option<Idle>,
    in_progress: Option<InProgress>,
    freeze: Option<Frozen>,
    /// The push that a freeze has held back, and how to release it.
    held_back: Option<String>,
    /// When releases may begin, and whether now.
    window: Option<String>,
    /// The newest request, where it waits.
    waiting: Option<String>,
    /// The latest first.
    last_releases: Vec<Ended>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Version {
    /// With which it was released last, where the record or the history knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    digest: Option<Digest>,
    /// When it became active, where the record knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Idle {
    environment: Environment,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    digest: Option<Digest>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Frozen {
    since: Time,
    by: Option<String>,
    reason: String,
    until: Option<Time>,
    /// The request that ends it.
    ask: [Ask; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    release: ReleaseId,
    end: Phase,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<String>,
    digest: Digest,
    from: Environment,
    to: Environment,
    claimed_at: Time,
    /// Who asked for it, where the record kept that.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<Origin>,
    reason: Option<String>,
}

impl Overview {
    pub(super) fn of(it: &Observed<'_>) -> Overview {
        let active = it.snapshot.active.as_ref().ok().copied();
        Overview {
            service: it.service.to_owned(),
            active,
            problem: it.snapshot.active.as_ref().err().cloned(),
            version: active.map(|active| it.version(active)),
            idle: active.map(|active| it.idle(active.other())),
            in_progress: in_progress(it),
            freeze: it.frozen(),
            held_back: it.held_back(),
            window: it.window(),
            waiting: it.waiting().map(describe_request),
            last_releases: it.last_releases(),
        }
    }

    /// The status in one line.
    pub(super) fn in_short(&self) -> String {
        let active = match (self.active, &self.version) {
            (Some(active), Some(version)) => {
                let digest = version.digest.as_ref().map(Digest::to_string);
                let name = version.tag.clone().or(digest);
                let name = name.unwrap_or_else(|| "no single version".to_owned());
                format!("{active} is active with {name}")
            }
            _ => "nobody can say which environment is active".to_owned(),
        };
        let progress = match &self.in_progress {
            None => "nothing is in progress".to_owned(),
            Some(it) => match &it.waits_for {
                Some(what) => format!("{} waits for {what}", it.what),
                None => format!("{} is in progress", it.what),
            },
        };
        let frozen = if self.freeze.is_some() {
            "; releases are frozen"
        } else {
            ""
        };
        format!("{active}; {progress}{frozen}")
    }
}

impl Observed<'_> {
    fn version(&self, active: Environment) -> Version {
        let digest = self.snapshot.environments.get(active).digest();
        Version {
            tag: self.tag_of(digest),
            digest: digest.cloned(),
            since: self.record.active_since(active).map(whole_second),
        }
    }

    fn idle(&self, environment: Environment) -> Idle {
        let digest = self.snapshot.environments.get(environment).digest();
        Idle {
            environment,
            tag: self.tag_of(digest),
            digest: digest.cloned(),
        }
    }

    fn frozen(&self) -> Option<Frozen> {
        let freeze = self.record.freeze_at(self.now)?;
        Some(Frozen {
            since: whole_second(freeze.decision.at),
            by: freeze.decision.by.clone(),
            reason: freeze.decision.reason.clone(),
            until: freeze.until,
            ask: [Ask::unfreeze()],
        })
    }

    fn held_back(&self) -> Option<String> {
        let held_back = self.record.held_back.as_ref()?;
        Some(describe_held_back(held_back, self.repository))
    }

    fn window(&self) -> Option<String> {
        let window = match self.policy.window.as_ref()? {
            Err(reason) => return Some(reason.to_string()),
            Ok(window) => window,
        };
        if window.is_open(self.now) {
            return Some(format!("{window}: open"));
        }
        Some(match window.opens(self.now) {
            Some(opens) => format!("{window}: closed until {opens}"),
            None => format!("{window}: does not open within a year"),
        })
    }

    fn waiting(&self) -> Option<&QueuedRequest> {
        let newest = self.record.newest.as_ref();
        newest.filter(|_| self.newest_waits)
    }

    /// An end, and after it a flip back, are two items of one release: the later one says how it ended.
    fn last_releases(&self) -> Vec<Ended> {
        let mut ended: Vec<Ended> = Vec::new();
        for release in self.history {
            if ended.iter().all(|it| it.release != release.id) {
                ended.push(Ended::from(release));
            }
        }
        ended.truncate(LATEST);
        ended
    }
}

impl From<&Release> for Ended {
    fn from(release: &Release) -> Ended {
        Ended {
            release: release.id.clone(),
            end: release.phase,
            tag: release.tag.clone(),
            digest: release.to_digest.clone(),
            from: release.from,
            to: release.to,
            claimed_at: whole_second(release.claimed_at),
            origin: release.origin.clone(),
            reason: release.reason.as_deref().map(excerpt),
        }
    }
}

fn describe_request(request: &QueuedRequest) -> String {
    let (made_at, execution) = (whole_second(request.made_at), &request.execution);
    match &request.pushed_digest {
        Some(digest) => format!("a push of {digest} at {made_at} ({execution})"),
        None => format!("an operator's request at {made_at} ({execution})"),
    }
}

#[cfg(test)]
#[path = "overview_tests.rs"]
mod tests;
