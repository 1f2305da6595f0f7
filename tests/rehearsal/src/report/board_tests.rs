//! What the last block says.

use super::*;
use crate::follow::fixtures::{released, rolled_back};
use crate::show::Paint;

fn report() -> Report {
    let mut report = Report::new("good".to_owned());
    report.tell("a push of v1.1.0", &released());
    report.measured("push to first new answer", 3.1);
    report.check("not one request failed", true, "");
    let answers = [(("v1.0.0", 200), 1_431), (("v1.1.0", 200), 712)];
    let answers = answers.map(|((version, status), count)| ((version.to_owned(), status), count));
    let mut counts = Counts::default();
    counts.answers.extend(answers);
    report.served(&counts);
    report
}

#[test]
fn a_release_is_summed_up() {
    let canvas = Canvas {
        columns: 80,
        ..Canvas::PLAIN
    };
    let expect = "\
╭─ scenario good ──────────────────────────────────────────────────────────────╮
│ a push of v1.1.0  released to green, all at once                      20.3 s │
│   detect      0.7 s  ━━                                                      │
│   deploy      3.2 s    ━━━━━━━                                               │
│   smoke       0.3 s           ━                                              │
│   flip        0.3 s            ━ 100 %                                       │
│   watch      15.5 s             ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━        │
│   end         0.3 s                                                  ━       │
│                                                                              │
│ customers  2,143 requests, 0 failed                                          │
│            answered by v1.0.0 1,431, v1.1.0 712                              │
│ measured   push to first new answer 3.1 s                                    │
│                                                                              │
│ ✓ not one request failed                                                     │
╰─ ended as it should ─────────────────────────────────────────────────────────╯";
    assert_eq!(lines(&report(), canvas).join("\n"), expect);
}

#[test]
fn what_is_not_as_expected_is_told_in_full_and_every_line_fits() {
    let mut report = report();
    let found = format!("FAILED {}", "target 5xx 14 in 56 requests; ".repeat(9));
    report.check("v1.0.0 answers at the end", false, &found);
    for _ in 0..3 {
        report.tell("a request for v1.2.0-breaks-orders", &rolled_back());
    }
    for width in [60, 80, 100] {
        let plain = Canvas {
            paint: Paint::NONE,
            columns: width,
        };
        let text = lines(&report, plain);
        assert!(text.iter().all(|line| columns(line) == width), "{text:#?}");
        assert!(text.concat().contains("DID NOT END AS IT SHOULD"));
        let told = text.concat().matches("14 in 56").count();
        assert!(told >= 9, "{text:#?}");
        let coloured = Canvas {
            paint: Paint::COLOURS,
            ..plain
        };
        let lines = lines(&report, coloured);
        assert!(lines.iter().all(|line| columns(line) == width));
        assert!(!text.concat().contains('\u{1b}'));
    }
}
