//! The picture of a scenario: states, share of traffic, requests and looks, one below the other on one axis of time.
//!
//! Every place along the axis is in per cent, and everything else in pixels. So the same picture fills a page, a phone
//! and a file of its own, and its letters stay as large as they are.

mod lanes;
mod legend;
mod looks;
mod requests;
mod scene;
mod share;

use super::axis::Axis;
use super::bins::bins;
use super::story::Story;
use super::style;
use maud::{Markup, html};
use scene::{Part, Scene, anchor, percent};

/// Of a picture in a file of its own, in pixels.
const WIDTH: u32 = 880;
const PADDING: f64 = 28.0;
const HEAD: f64 = 110.0;

/// The picture as a part of a page.
pub(super) fn within_page(story: &Story) -> Markup {
    let scene = Scene::of(story);
    let Part { height, body } = drawn(&scene);
    html! {
        (legend::for_page(&scene))
        svg.picture width="100%" height=(height) role="img" aria-label=(style::spoken(story)) { (body) }
    }
}

/// The picture as a file of its own.
pub(super) fn alone(story: &Story) -> String {
    let scene = Scene::of(story);
    let Part { height, body } = drawn(&scene);
    let (full, inner) = (height + HEAD + PADDING, f64::from(WIDTH) - 2.0 * PADDING);
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (full) } width=(WIDTH) height=(full)
            role="img" aria-label=(style::spoken(story)) {
            style { (style::PICTURE) }
            rect.paper x="0.5" y="0.5" width=(WIDTH - 1) height=(full - 1.0) rx="12" {}
            (legend::for_file(&scene, PADDING))
            svg x=(PADDING) y=(HEAD) width=(inner) height=(height) overflow="visible" { (body) }
        }
    };
    picture.into_string() + "\n"
}

/// All parts, one below the other, with the axis behind them.
fn drawn(scene: &Scene<'_>) -> Part {
    let bins = bins(&scene.story.answers, &scene.axis);
    let parts = [
        Some(lanes::part(scene)),
        Some(share::part(scene, &bins)),
        Some(requests::part(scene, &bins)),
        looks::part(scene),
    ];
    let (mut height, mut bodies) = (0.0, Vec::new());
    for part in parts.into_iter().flatten() {
        bodies.push((height, part.body));
        height += part.height;
    }
    let body = html! {
        (ticks(&scene.axis, height))
        @for (top, body) in bodies {
            g transform={ "translate(0 " (top) ")" } { (body) }
        }
    };
    Part {
        height: height + 22.0,
        body,
    }
}

fn ticks(axis: &Axis, height: f64) -> Markup {
    html! {
        @for tick in axis.ticks() {
            g.minor[tick.minor] {
                line.grid x1=(percent(tick.x)) x2=(percent(tick.x)) y1="0" y2=(height) {}
                text.axis x=(percent(tick.x)) y=(height + 16.0) text-anchor=(anchor(tick.x)) { (tick.label) }
            }
        }
    }
}
