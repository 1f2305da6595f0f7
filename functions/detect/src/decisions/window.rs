//! The window in which releases begin: the minutes that a cron pattern matches. Pure.
//!
//! jiff brings the time zones along, in a quarter of the space that chrono's own crate for them takes.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use record::Time;
use shared::{Refusal, excerpt};

const MINUTES_OF_A_YEAR: i64 = 366 * 24 * 60;

/// Minutes in which releases begin, as the stack's parameters spell them.
#[derive(Clone, Debug)]
pub struct ReleaseWindow {
    cron: Cron,
    zone: TimeZone,
    /// As it was written.
    pattern: String,
}

impl ReleaseWindow {
    /// Reads a cron pattern of five fields (minute, hour, day of the month, month, day of the week) and the IANA name of the
    /// time zone that it is meant in.
    ///
    /// # Errors
    /// Says which parameter cannot be used, and what to write.
    pub fn read(pattern: &str, zone: &str) -> Result<ReleaseWindow, Refusal> {
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed);
        let cron = parser.build().parse(pattern).map_err(|error| {
            Refusal::from(format!(
                "the parameter ReleaseWindow cannot be used: {error} Found {}; expected the minutes in which releases may \
                 begin, as a cron pattern (* 9-16 * * MON-THU: Monday to Thursday from 9:00 to 16:59), or nothing.",
                excerpt(pattern)
            ))
        })?;
        let zone = TimeZone::get(zone).map_err(|_| {
            Refusal::from(format!(
                "the parameter ReleaseWindowTimezone cannot be used: found {}, expected a name of the IANA time zone \
                 database, such as Europe/Berlin or UTC.",
                excerpt(zone)
            ))
        })?;
        Ok(ReleaseWindow {
            cron,
            zone,
            pattern: excerpt(pattern),
        })
    }

    /// Whether releases may begin in this minute.
    pub fn is_open(&self, now: Time) -> bool {
        self.fits(minute_of(now))
    }

    /// The beginning of the next minute in which they may; none where there is none within a year.
    ///
    /// One minute after the other: the crate's own search takes seconds for a pattern that fits none (`, * * * *`).
    pub fn opens(&self, now: Time) -> Option<Time> {
        let mut minutes = (1..=MINUTES_OF_A_YEAR).map(|it| minute_of(now) + it);
        let minute = minutes.find(|minute| self.fits(*minute))?;
        Time::from_timestamp(minute * 60, 0)
    }

    /// Whether the pattern fits a minute, counted since 1970, by the clock of the zone.
    fn fits(&self, minute: i64) -> bool {
        let Ok(moment) = Timestamp::from_second(minute * 60) else {
            return false;
        };
        let moment = moment.to_zoned(self.zone.clone());
        self.cron.is_time_matching(&moment).unwrap_or(false)
    }
}

fn minute_of(time: Time) -> i64 {
    time.timestamp().div_euclid(60)
}

impl std::fmt::Display for ReleaseWindow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let zone = self.zone.iana_name().unwrap_or_default();
        write!(f, "{} ({zone})", self.pattern)
    }
}

#[cfg(test)]
#[path = "window_tests.rs"]
mod tests;
