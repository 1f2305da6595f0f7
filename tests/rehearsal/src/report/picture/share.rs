//! Who got which share of the answers, and what the rules said.

use super::scene::{Part, Scene, anchor, heading, moves, percent};
use crate::report::bins::Bin;
use crate::report::moves::Forward;
use maud::{Markup, html};

const TOP: f64 = 42.0;
const PLOT: f64 = 56.0;

/// Labels that are closer, in per cent of the width, are close.
const CLOSE: f64 = 16.0;

pub(super) fn part(scene: &Scene<'_>, bins: &[Bin]) -> Part {
    let body = html! {
        (heading("Share of traffic", "line: what the rules say"))
        g transform={ "translate(0 " (TOP) ")" } {
            g.share { @for bin in bins { (bar(scene, bin)) } }
            (moves(scene, PLOT))
            (rule(scene, &scene.forwards))
        }
        (labels(scene, &scene.forwards))
    };
    Part {
        height: TOP + PLOT + 22.0,
        body,
    }
}

/// Blue's part of the answers above green's.
fn bar(scene: &Scene<'_>, bin: &Bin) -> Markup {
    let [blue, green] = ["blue", "green"].map(|it| bin.of_environment(it) as f64);
    let (from, to) = (scene.axis.x(bin.from), scene.axis.x(bin.to));
    // A little under the next one: no gap shows between them.
    let width = percent((to - from + 0.1).min(100.0 - from));
    let share = green / (blue + green).max(1.0);
    let edge = PLOT * (1.0 - share);
    html! {
        @if blue > 0.0 {
            rect.blue-0 x=(percent(from)) width=(width) y="0" height=(edge) {}
        }
        @if green > 0.0 {
            rect.green-0 x=(percent(from)) width=(width) y=(edge) height=(PLOT - edge) {}
        }
    }
}

/// Steps at the share that the rules give green.
fn rule(scene: &Scene<'_>, forwards: &[Forward]) -> Markup {
    let y = |to_green: u64| PLOT * (1.0 - to_green as f64 / 100.0);
    let [_, end] = scene.axis.ends();
    let ends = forwards.iter().skip(1).map(|it| it.at).chain([end]);
    html! {
        @for (forward, end) in forwards.iter().zip(ends) {
            @let (from, to) = (scene.axis.x(forward.at), scene.axis.x(end));
            line.rule x1=(percent(from)) x2=(percent(to)) y1=(y(forward.to_green)) y2=(y(forward.to_green)) {}
        }
        @for pair in forwards.windows(2) {
            @let x = percent(scene.axis.x(pair[1].at));
            line.rule x1=(x) x2=(x) y1=(y(pair[0].to_green)) y2=(y(pair[1].to_green)) {}
        }
    }
}

/// What each move is called, above the plot.
fn labels(scene: &Scene<'_>, forwards: &[Forward]) -> Markup {
    let moves = forwards.iter().skip(1);
    let places: Vec<f64> = moves.clone().map(|it| scene.axis.x(it.at)).collect();
    let labels = moves.zip(anchors(&places)).zip(&places);
    html! {
        @for ((forward, (at, wide)), x) in labels {
            text.moved.wide[wide] x=(percent(*x)) y=(TOP - 6.0) text-anchor=(at) { (forward.name) }
        }
    }
}

/// Where each label is anchored, so that two close ones do not touch, and whether it needs a wide
/// screen: between two that are close there is no room on a phone.
fn anchors(places: &[f64]) -> Vec<(&'static str, bool)> {
    let gaps = places.windows(2).map(|pair| pair[1] - pair[0] < CLOSE);
    let before = [false].into_iter().chain(gaps.clone());
    let after = gaps.chain([false]);
    let anchors = before.zip(after).zip(places).map(|(close, x)| match close {
        (true, true) => (anchor(*x), true),
        (true, false) => ("start", false),
        (false, true) if *x > CLOSE => ("end", false),
        (false, _) => (anchor(*x), false),
    });
    anchors.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_labels_that_are_close_stand_apart() {
        let found = anchors(&[30.0, 32.0, 60.0, 70.0, 80.0]);
        let expected = ["end", "start", "end", "middle", "start"];
        assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), expected);
        assert_eq!(found.iter().position(|it| it.1), Some(3));
    }
}
