//! The axis of time that all parts of a picture share: seconds since the first request, in per cent of the width.

use super::story::Story;
use chrono::{DateTime, TimeDelta, Utc};

/// Seconds from one tick to the next, the first that leaves no more than `TICKS`.
const STEPS: [f64; 12] = [
    1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0,
];
const TICKS: f64 = 10.0;

/// From when to when, with zero at the first request.
pub(super) struct Axis {
    pub zero: DateTime<Utc>,
    from: f64,
    to: f64,
}

/// A label of the axis.
pub(super) struct Tick {
    /// In per cent of the width.
    pub x: f64,
    pub label: String,
    /// Every other one, which a narrow screen leaves out.
    pub minor: bool,
}

impl Axis {
    /// From the first answer, or the first request, to the last answer or the last end.
    pub fn of(story: &Story) -> Axis {
        let answers = story.answers.iter().map(|it| it.at);
        let (first, last) = (answers.clone().min(), answers.max());
        let began = story.executions.iter().map(|it| it.began).min();
        let ended = story.executions.iter().map(|it| it.ended).max();
        let zero = began.or(first).unwrap_or_default();
        let since = |at: Option<DateTime<Utc>>| at.map_or(0.0, |at| (at - zero).as_seconds_f64());
        let (from, to) = (since(first).min(0.0), since(last.max(ended)));
        Axis {
            zero,
            from,
            to: to.max(1.0),
        }
    }

    /// Seconds since zero.
    pub fn seconds(&self, at: DateTime<Utc>) -> f64 {
        (at - self.zero).as_seconds_f64()
    }

    /// The whole length, in seconds.
    pub fn length(&self) -> f64 {
        self.to - self.from
    }

    /// The left end, and the right one.
    pub fn ends(&self) -> [DateTime<Utc>; 2] {
        [self.at(self.from), self.at(self.to)]
    }

    pub fn at(&self, seconds: f64) -> DateTime<Utc> {
        self.zero + TimeDelta::microseconds((seconds * 1e6) as i64)
    }

    /// Where a moment is, in per cent of the width.
    pub fn x(&self, at: DateTime<Utc>) -> f64 {
        let x = (self.seconds(at) - self.from) / self.length();
        100.0 * x.clamp(0.0, 1.0)
    }

    pub fn ticks(&self) -> Vec<Tick> {
        let fits = |step: &&f64| self.length() / **step <= TICKS;
        let step = STEPS.iter().find(fits).copied().unwrap_or(self.length());
        let mut ticks = Vec::new();
        let mut seconds = 0.0;
        while seconds <= self.to {
            ticks.push(Tick {
                x: self.x(self.at(seconds)),
                label: label(seconds, step),
                minor: ticks.len() % 2 == 1,
            });
            seconds += step;
        }
        ticks
    }
}

/// In minutes where all are whole ones, and after a minute as a clock shows it.
fn label(seconds: f64, step: f64) -> String {
    let whole = seconds.round() as u64;
    match (whole / 60, whole % 60) {
        (minutes, 0) if step >= 60.0 => format!("{minutes} min"),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes}:{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::{at, rolled_back};

    #[test]
    fn an_axis_begins_with_the_first_answer_and_counts_from_the_first_request() {
        let axis = Axis::of(&rolled_back());
        assert_eq!(axis.seconds(at(1500)), 1.5);
        assert_eq!((axis.x(at(-1000)), axis.x(at(20_975))), (0.0, 100.0));
    }

    #[test]
    fn ticks_are_round_and_few() {
        let labels = |to| {
            let axis = Axis {
                zero: at(0),
                from: 0.0,
                to,
            };
            let ticks = axis.ticks().into_iter();
            ticks.map(|tick| tick.label).collect::<Vec<_>>()
        };
        assert_eq!(labels(21.0), ["0 s", "5 s", "10 s", "15 s", "20 s"]);
        assert_eq!(
            labels(430.0),
            [
                "0 min", "1 min", "2 min", "3 min", "4 min", "5 min", "6 min", "7 min"
            ]
        );
        assert_eq!(labels(80.0)[5..], ["50 s", "1:00", "1:10", "1:20"]);
        assert!(labels(100_000.0).len() < 12);
    }
}
