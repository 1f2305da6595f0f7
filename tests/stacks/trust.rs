//! What comes from somebody whom one should not trust, and what must not come out: `secrets` is about task definitions,
//! `replays` about flips and smoke tests out of their order, `alarms` about alarms of somebody else, `texts`
//! about what others wrote.

mod alarms;
mod replays;
mod secrets;
mod texts;

use crate::case::Case;

pub fn cases() -> Vec<Case> {
    [alarms::cases(), replays::cases(), texts::cases()]
        .into_iter()
        .flatten()
        .collect()
}
