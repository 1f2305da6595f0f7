//! The list of the scenarios: their names, about how long each takes, and what happens.

use super::Scenario::{self, *};
use crate::show::{Canvas, Ink, wrap};
use clap::ValueEnum;

/// What an empty column takes: names, and times.
const NAME: usize = 24;
const TIME: usize = 8;

/// What is no scenario: how it is started, about how long it takes, and what happens.
const OTHERS: [(&str, &str, &str); 5] = [
    (
        "--scenario all",
        "30 min",
        "every one of these, one after the other",
    ),
    (
        "plan",
        "20 s",
        "previews a release of v2.0.0 with a migration, and changes nothing",
    ),
    (
        "up",
        "15 s",
        "leaves the local AWS running, prints what to open and to try, and shows release events",
    ),
    (
        "faults",
        "7 min",
        "puts every fault at every AWS call of a release and of a rollback",
    ),
    (
        "deploy",
        "10 min",
        "walks through README's section \"Deploy\" with the SAM CLI",
    ),
];

/// What kind of story a scenario tells, in the order of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Released,
    NeverFlipped,
    FlippedBack,
    Steps,
    Operated,
    People,
}

impl Kind {
    const ALL: [Kind; 6] = [
        Kind::Released,
        Kind::NeverFlipped,
        Kind::FlippedBack,
        Kind::Steps,
        Kind::Operated,
        Kind::People,
    ];

    fn title(self) -> &'static str {
        match self {
            Kind::Released => "A push is released, or is nothing to release",
            Kind::NeverFlipped => "A release fails before customers see it",
            Kind::FlippedBack => "A release is flipped back",
            Kind::Steps => "Traffic moves in steps",
            Kind::Operated => "An operator asks for more than a release",
            Kind::People => "People decide",
        }
    }
}

impl Scenario {
    /// Its kind, and about how long it takes on two cores with the local AWS's start.
    fn kind(self) -> (Kind, &'static str) {
        match self {
            Good => (Kind::Released, "30 s"),
            AlreadyLive => (Kind::Released, "10 s"),
            RealStack => (Kind::Released, "30 s"),
            CrashLoop | Unhealthy => (Kind::NeverFlipped, "15 s"),
            SmokeFails => (Kind::NeverFlipped, "10 s"),
            RefusedWiring | ScanRefused | Unsigned | Verifier => (Kind::NeverFlipped, "30 s"),
            BreaksUnderTraffic => (Kind::FlippedBack, "40 s"),
            ErrorsAfterFlip | ManualRollback => (Kind::FlippedBack, "30 s"),
            Alarm => (Kind::FlippedBack, "50 s"),
            Canary | SiteWideTrouble => (Kind::Steps, "7 min"),
            Linear => (Kind::Steps, "1 min"),
            CanaryBreaks => (Kind::Steps, "3 min"),
            Sync => (Kind::Operated, "20 s"),
            Migration => (Kind::Operated, "1 min"),
            Approve | Freeze => (Kind::People, "1 min"),
            Hold | Finish | Stop => (Kind::People, "40 s"),
        }
    }
}

/// The list, in columns.
pub fn lines(canvas: Canvas) -> Vec<String> {
    let mut lines = Vec::new();
    for kind in Kind::ALL {
        lines.extend(titled(kind.title(), canvas));
        let all = Scenario::value_variants().iter();
        for scenario in all.filter(|scenario| scenario.kind().0 == kind) {
            let (name, help, (_, time)) = (scenario.name(), scenario.help(), scenario.kind());
            lines.extend(row(&name, time, &help, canvas));
        }
    }
    lines.extend(titled(
        "Without a scenario's name: cargo rehearse ...",
        canvas,
    ));
    for (name, time, help) in OTHERS {
        lines.extend(row(name, time, help, canvas));
    }
    lines.push(String::new());
    let text = "`cargo rehearse --scenario NAME` runs one; without a name it runs `good`.";
    lines.extend(wrap(text, canvas.columns, 0));
    lines
}

fn titled(title: &str, canvas: Canvas) -> [String; 2] {
    [String::new(), canvas.paint.ink(Ink::Title, title)]
}

/// A name, its time, and what happens, in as many lines as it takes.
fn row(name: &str, time: &str, help: &str, canvas: Canvas) -> Vec<String> {
    let paint = canvas.paint;
    let lines = wrap(help, canvas.columns - NAME - TIME, 0).into_iter();
    let left = paint.ink(Ink::Phase, &format!("  {name:<width$}", width = NAME - 2));
    let left = left + &paint.ink(Ink::Faint, &format!("{time:<TIME$}"));
    let rest = " ".repeat(NAME + TIME);
    let left = std::iter::once(left).chain(std::iter::repeat(rest));
    let lines = left.zip(lines).map(|(left, line)| left + &line);
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::show::{Paint, columns};

    #[test]
    fn the_list_has_every_scenario_once_and_fits_each_width() {
        let plain = lines(Canvas::PLAIN);
        for scenario in Scenario::value_variants() {
            let start = format!("  {} ", scenario.name());
            let rows = plain.iter().filter(|line| line.starts_with(&start));
            assert_eq!(rows.count(), 1, "{start}");
        }
        assert!(!plain.concat().contains('\u{1b}'), "no colour, no codes");
        for width in [60, 80, 100] {
            let canvas = Canvas {
                paint: Paint::COLOURS,
                columns: width,
            };
            let lines = lines(canvas);
            assert!(lines.iter().all(|line| columns(line) <= width), "{lines:?}");
        }
    }
}
