//! What a person reads: one line for each kind of service, and the two figures that must hold.

use crate::grid::{BASE, DELAY, FAULT, JUDGES, Row, Share};

/// CloudWatch usually tells of a minute about a minute after its end.
const USUAL: usize = 2;

/// The names of the judges, in their order.
pub const NAMES: [&str; JUDGES] = ["ours", "article", "1 %"];

/// A fault that everybody should see; the table tells how soon.
const LARGE: usize = 6;

/// The table: wrong flip-backs at the worst delay, the smallest fault that is caught, and how soon a large one is.
pub fn lines(rows: &[Row]) -> Vec<String> {
    let mut lines = vec![
        "                  good release flipped back     smallest fault caught       seconds until a fault".to_owned(),
        "                  (worst of all delays)         9 times in 10 (60 s late)   of 10 % is flipped back".to_owned(),
        "requests/s  base   ours   article      1 %      ours  article      1 %    0 s   60 s  180 s late".to_owned(),
    ];
    lines.extend(rows.iter().map(line));
    lines
}

fn line(row: &Row) -> String {
    let wrong = |judge: usize| {
        let worst = row.good.iter().map(|it| it.flipped_back[judge]);
        format!("{:.2} %", worst.fold(0.0, f64::max) * 100.0)
    };
    let caught = |judge: usize| {
        let mut faults = FAULT.iter().zip(&row.bad);
        let found = faults.find(|(_, bad)| bad[USUAL].flipped_back[judge] >= 0.9);
        found.map_or("none".to_owned(), |(fault, _)| {
            format!("+{:.1} %", fault * 100.0)
        })
    };
    let seconds = |delay: usize| match row.bad[LARGE][delay] {
        Share {
            flipped_back: [ours, ..],
            seconds,
        } if ours >= 0.5 => format!("{seconds:.0}"),
        _ => "-".to_owned(),
    };
    format!(
        "{:>10} {:>5} {:>6} {:>9} {:>8}  {:>8} {:>8} {:>8} {:>6} {:>6} {:>6}",
        row.traffic,
        format!("{}", row.base * 100.0),
        wrong(0),
        wrong(1),
        wrong(2),
        caught(0),
        caught(1),
        caught(2),
        seconds(0),
        seconds(2),
        seconds(4),
    )
}

/// Every cell, for whoever wants to know all.
pub fn cells(rows: &[Row]) -> Vec<String> {
    let mut lines = vec!["requests/s,base,fault,delay,good ours,good article,good 1 %,bad ours,bad article,bad 1 %,seconds".to_owned()];
    for row in rows {
        for (fault, bad) in FAULT.iter().zip(&row.bad) {
            for (delay, (good, bad)) in DELAY.iter().zip(row.good.iter().zip(bad)) {
                let [a, b, c] = good.flipped_back;
                let [d, e, f] = bad.flipped_back;
                let (traffic, base, seconds) = (row.traffic, row.base, bad.seconds);
                lines.push(format!(
                    "{traffic},{base},{fault},{delay},{a},{b},{c},{d},{e},{f},{seconds:.0}"
                ));
            }
        }
    }
    lines
}

/// The highest share of good releases that the verdict flipped back in any cell.
pub fn worst(rows: &[Row], judge: usize) -> f64 {
    let good = rows.iter().flat_map(|row| &row.good);
    good.map(|it| it.flipped_back[judge]).fold(0.0, f64::max)
}

/// Cells in which another judge is right 99 times in 100 both ways, and the verdict catches fewer than 90 in 100.
pub fn missed(rows: &[Row], judge: usize) -> usize {
    let pairs = rows
        .iter()
        .flat_map(|row| row.bad.iter().map(move |bad| (&row.good, bad)));
    let cells = pairs.flat_map(|(good, bad)| good.iter().zip(bad));
    let right = |good: &Share, bad: &Share| {
        good.flipped_back[judge] <= 0.01 && bad.flipped_back[judge] >= 0.99
    };
    cells
        .filter(|(good, bad)| right(good, bad) && bad.flipped_back[0] < 0.9)
        .count()
}

/// How often a judge is wrong: over all cells, good and bad alike.
pub fn wrong(rows: &[Row], judge: usize) -> (f64, f64) {
    let (mut good, mut bad) = (0.0, 0.0);
    for row in rows {
        good += row
            .good
            .iter()
            .map(|it| it.flipped_back[judge])
            .sum::<f64>()
            / DELAY.len() as f64;
        let missed = row
            .bad
            .as_flattened()
            .iter()
            .map(|it| 1.0 - it.flipped_back[judge]);
        bad += missed.sum::<f64>() / (FAULT.len() * DELAY.len()) as f64;
    }
    (good / rows.len() as f64, bad / rows.len() as f64)
}

pub fn count(rows: &[Row]) -> usize {
    debug_assert_eq!(rows.len() % BASE.len(), 0);
    rows.len() * FAULT.len() * DELAY.len()
}
