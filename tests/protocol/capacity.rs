//! Whether the environments have enough healthy targets for the traffic that moves, judged with what the code under
//! test does not know.

use crate::health::{ALL, Health};
use crate::look::Look;
use crate::write::Direction;
use record::{Phase, Record};
use shared::Traffic;

/// What whoever moves traffic has found there, with the record as it is now.
pub fn health(look: &Look, record: &Record, direction: Direction, traffic: Traffic) -> Health {
    let healthy = look.targets(traffic.to).healthy;
    let begins = direction == Direction::Forward && is_to_begin(record, traffic);
    match healthy {
        0 => Health::None,
        _ if begins && !is_ready(look, traffic) => Health::TooFew,
        _ => Health::Enough,
    }
}

/// A flip to this share has not begun.
fn is_to_begin(record: &Record, traffic: Traffic) -> bool {
    let release = record.release.as_ref();
    release.is_some_and(|it| match it.phase {
        Phase::Deploying => true,
        Phase::Watching => it.share != Some(traffic.share),
        _ => false,
    })
}

/// Each environment has as many as its share needs, of those that were deployed, or that the previous one wants now
/// where these are fewer. Once a part of its traffic has left, it may want too few for all of it: then flip asks for more.
fn is_ready(look: &Look, traffic: Traffic) -> bool {
    let (new, previous) = (look.targets(traffic.to), look.targets(traffic.to.other()));
    let percent = traffic.share.percent();
    let needs = |share: u8| (ALL.min(previous.wants) * share).div_ceil(100);
    new.healthy >= needs(percent) && previous.healthy >= needs(100 - percent)
}
