//! Requests per second by who answered them; those that failed below the line.

use super::scene::{Part, Scene, heading, moves, percent};
use crate::report::bins::{Bin, Who};
use crate::report::style::seconds;
use crate::show::count;
use maud::{Markup, html};

const TOP: f64 = 42.0;
/// The height above the line; below it the scale is the same, so there is never more.
const UP: f64 = 96.0;

/// How much of its part of the time a bar fills.
const FILLED: f64 = 0.86;

/// Where things are in the plot, in pixels from its top.
struct Scale {
    /// Of one request a second.
    pixels: f64,
    line: f64,
    /// The most requests a second, rounded up.
    top: f64,
    down: f64,
}

pub(super) fn part(scene: &Scene<'_>, bins: &[Bin]) -> Part {
    let scale = Scale::of(bins);
    let (served, failed) = scene.story.served();
    let aside = format!(
        "{} answered, {} failed",
        count(served - failed),
        count(failed)
    );
    let body = html! {
        (heading("Requests per second", aside))
        g transform={ "translate(0 " (TOP) ")" } {
            (grid(&scale))
            @for bin in bins { (bars(scene, &scale, bin)) }
            line.base x1="0" x2="100%" y1=(scale.line) y2=(scale.line) {}
            (moves(scene, UP + scale.down))
        }
    };
    Part {
        height: TOP + UP + scale.down + 24.0,
        body,
    }
}

impl Scale {
    /// One scale for both directions: what fails is as long as what was answered.
    fn of(bins: &[Bin]) -> Scale {
        let most = |of: fn(&Bin) -> u64| {
            let rates = bins.iter().map(|bin| rate(of(bin), bin));
            rates.fold(0.0, f64::max)
        };
        let (up, down) = (most(Bin::answered), most(Bin::failed));
        let top = nice(up.max(down));
        let pixels = UP / top;
        Scale {
            pixels,
            line: UP,
            top,
            down: down * pixels,
        }
    }
}

fn grid(scale: &Scale) -> Markup {
    let y = scale.line - scale.top * scale.pixels;
    html! {
        line.grid x1="0" x2="100%" y1=(y) y2=(y) {}
        text.axis x="0" y=(y - 4.0) { (scale.top) "/s" }
    }
}

fn bars(scene: &Scene<'_>, scale: &Scale, bin: &Bin) -> Markup {
    // Green stands below blue, as in the shares.
    let answered = stacked(
        bin.counts
            .iter()
            .rev()
            .map(|(who, count)| (who, count.answered)),
    );
    let failed = stacked(bin.counts.iter().map(|(who, count)| (who, count.failed)));
    let height = |count| rate(count, bin) * scale.pixels;
    html! {
        @for (who, count, below) in answered {
            @let y = scale.line - height(below + count);
            (bar(scene, bin, [y, height(count)], (&scene.class(who), who, "answered", count)))
        }
        @for (who, count, above) in failed {
            @let y = scale.line + height(above);
            (bar(scene, bin, [y, height(count)], ("failed", who, "failed", count)))
        }
    }
}

/// Each count that is not zero, with the sum of those before it.
fn stacked<'a>(counts: impl Iterator<Item = (&'a Who, u64)>) -> Vec<(&'a Who, u64, u64)> {
    let stacked = counts.scan(0, |sum, (who, count)| {
        *sum += count;
        Some((who, count, *sum - count))
    });
    stacked.filter(|(_, count, _)| *count > 0).collect()
}

/// A bar from `y` on; `data-requests` is what it stands for.
fn bar(
    scene: &Scene<'_>,
    bin: &Bin,
    [y, height]: [f64; 2],
    (class, who, did, count): (&str, &Who, &str, u64),
) -> Markup {
    let (from, to) = (scene.axis.x(bin.from), scene.axis.x(bin.to));
    let (x, width) = (percent(from), percent((to - from) * FILLED));
    let at = seconds(scene.axis.seconds(bin.from));
    html! {
        rect class={ "bar " (class) } x=(x) width=(width) y=(pixel(y)) height=(pixel(height)) data-requests=(count) {
            title { (at) ": " (who.name()) " " (did) " " (count) }
        }
    }
}

fn rate(count: u64, bin: &Bin) -> f64 {
    count as f64 / bin.seconds().max(0.1)
}

fn pixel(length: f64) -> String {
    format!("{length:.1}")
}

/// The next of 1, 2, 5, 10, 20, 50, ...
fn nice(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * power);
    steps
        .into_iter()
        .find(|step| value <= *step)
        .unwrap_or(value)
}
