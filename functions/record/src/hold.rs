//! A hold: a person keeps a release where it is for a while. What is bad is still flipped back.

use crate::decided::{Decided, NotTaken};
use crate::decision::{Decision, Hold};
use crate::record::Record;
use crate::release::Release;
use crate::text::moment;
use chrono::TimeDelta;
use shared::{Refusal, ReleaseId, Time};

impl Record {
    /// Holds a release. All holds of one release last `seconds` together, so this one lasts what is left of them.
    pub fn hold(&self, id: &ReleaseId, decision: &Decision, seconds: u32, now: Time) -> Decided {
        self.held(id, decision, seconds, now).into()
    }

    fn held(
        &self,
        id: &ReleaseId,
        decision: &Decision,
        seconds: u32,
        now: Time,
    ) -> Result<Record, NotTaken> {
        let before = self.release_named(id)?.hold.as_ref();
        decision.require_first(before.map(|hold| &hold.decision))?;
        let release = self.release_going_forward(id)?;
        if let Some(hold) = release.held_at(now) {
            return Err(NotTaken::TakenBefore(hold.decision.clone()));
        }
        release.heeds_people()?;
        Ok(self.with_release(release.holding(decision, seconds, now)?))
    }

    /// Ends the hold of a release before its time.
    pub fn resume(&self, id: &ReleaseId, decision: &Decision, now: Time) -> Decided {
        self.resumed(id, decision, now).into()
    }

    fn resumed(&self, id: &ReleaseId, decision: &Decision, now: Time) -> Result<Record, NotTaken> {
        let before = self.release_named(id)?.hold.as_ref();
        decision.require_first(before.and_then(|hold| hold.ended.as_ref()))?;
        let release = self.release_going_forward(id)?;
        let Some(hold) = &release.hold else {
            return Err(Refusal::from(format!("release {id} is not held")).into());
        };
        if let Some(ended) = &hold.ended {
            return Err(NotTaken::TakenBefore(ended.clone()));
        }
        if let Some(until) = Some(hold.until).filter(|until| *until <= now) {
            let refusal = format!(
                "release {id} is not held any more: its hold ended at {}",
                moment(until)
            );
            return Err(Refusal::from(refusal).into());
        }
        decision.require_later(&hold.decision, "it was held")?;
        Ok(self.with_release(release.resuming(hold, decision, now)))
    }
}

impl Release {
    /// The hold that keeps the release where it is.
    pub fn held_at(&self, now: Time) -> Option<&Hold> {
        self.hold.as_ref().filter(|hold| hold.is_on(now))
    }

    /// How long it has been held, in seconds, up to now.
    pub(crate) fn held_seconds_at(&self, now: Time) -> u32 {
        let open = self.hold.as_ref().filter(|hold| hold.ended.is_none());
        let lasted = open.map_or(0, |hold| {
            (hold.until.min(now) - hold.decision.at).num_seconds()
        });
        let lasted = u32::try_from(lasted.max(0)).unwrap_or(u32::MAX);
        self.held_seconds.saturating_add(lasted)
    }

    fn holding(&self, decision: &Decision, seconds: u32, now: Time) -> Result<Release, Refusal> {
        let id = &self.id;
        if let Some(ended) = self.hold.as_ref().and_then(|hold| hold.ended.as_ref()) {
            decision.require_later(ended, "it was resumed")?;
        }
        let used = self.held_seconds_at(now);
        let left = seconds.saturating_sub(used);
        let until = decision.at + TimeDelta::seconds(left.into());
        if until <= now {
            return Err(Refusal::from(format!(
                "release {id} was held for {used} s of {seconds} s (HoldTimeoutSeconds), so no hold is left"
            )));
        }
        Ok(Release {
            held_seconds: used,
            hold: Some(Hold {
                decision: decision.clone(),
                until,
                ended: None,
            }),
            ..self.clone()
        })
    }

    fn resuming(&self, hold: &Hold, decision: &Decision, now: Time) -> Release {
        Release {
            held_seconds: self.held_seconds_at(now),
            hold: Some(Hold {
                ended: Some(decision.clone()),
                ..hold.clone()
            }),
            ..self.clone()
        }
    }
}

#[cfg(test)]
#[path = "hold_tests.rs"]
mod tests;
