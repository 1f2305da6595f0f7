//! What a story tells of an execution.

use super::*;
use crate::follow::fixtures::{heeded, released, rolled_back};
use crate::show::{Paint, columns};

/// All lines of an execution; the time stands before each on the screen.
fn told(end: &End, canvas: Canvas) -> Vec<String> {
    let mut story = Story::new(canvas);
    let mut lines: Vec<_> = end.entries.iter().flat_map(|it| story.tell(it)).collect();
    lines.extend(story.end(end));
    lines
}

#[test]
fn a_release_is_told_by_its_parts() {
    let canvas = Canvas {
        columns: 90,
        ..Canvas::PLAIN
    };
    let look = "healthy: target 5xx 0 of 12768 requests; 95 % sure that fewer than 0.02 % fail;…";
    let expect = [
        "detect  ╭ Detect environments",
        "        │ Tell of opening",
        "        ╰ 0.7 s",
        "deploy  ╭ Register task definition",
        "        │ Deploy to idle environment",
        "        ╰ 3.2 s",
        "smoke   ╭ Smoke test idle environment",
        "        ╰ 0.3 s",
        "flip    ╭ Check alarms",
        "        │ Flip traffic",
        "        │ green gets 100 % of the traffic",
        "        ╰ 0.3 s",
        "watch   ╭ Watch",
        &format!("        │ {look}"),
        &format!("        │ {look}"),
        "        ╰ 15.5 s",
        "end     ╭ Record release",
        "        │ Release complete",
        "        ╰ 0.3 s",
        "          released to green, all at once",
    ];
    assert_eq!(told(&released(), canvas), expect);
}

#[test]
fn what_people_say_is_told_once() {
    let mut story = Story::new(Canvas::PLAIN);
    let held = Some("held by ada: are the orders right?");
    let looks = [None, held, held, None, held];
    let lines = looks.map(|said| story.tell(&heeded(said)).len());
    assert_eq!(lines, [0, 1, 0, 0, 1]);
}

#[test]
fn every_line_of_every_look_fits_and_has_codes_only_in_colour() {
    for end in [released(), rolled_back()] {
        for width in [50, 70, 90] {
            for paint in [Paint::NONE, Paint::COLOURS] {
                let canvas = Canvas {
                    paint,
                    columns: width,
                };
                let lines = told(&end, canvas);
                for line in &lines {
                    assert!(columns(line) <= width, "{width}: {line}");
                }
                let has_codes = lines.concat().contains('\u{1b}');
                assert_eq!(has_codes, paint == Paint::COLOURS);
            }
        }
    }
}
