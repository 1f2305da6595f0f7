//! What a person reads: one line for each kind of service, and the two figures that must hold.

use crate::grid::{DELAY, FAULT, JUDGES, Part, Row};

/// CloudWatch usually reports a minute about a minute after its end.
const USUAL: usize = 2;

/// The names of the judges, in their order.
const NAMES: [&str; JUDGES] = ["ours", "article", "1 %"];

/// A fault that everybody should see; the table says how soon.
const LARGE: usize = 6;

/// The table: wrong flip-backs at the worst delay, the smallest fault that is caught, and how long all that takes.
pub fn lines(rows: &[Row]) -> Vec<String> {
    let mut lines = vec![
        "                    good releases flipped back,   smallest fault that is caught   a fault of 10 % is flipped   good ones".to_owned(),
        "                        at the worst delay        9 times in 10, 60 s late        back after s, if late by     are kept".to_owned(),
        "requests/s  base %     ours  article      1 %     ours  article      1 %     0 s    60 s   180 s  after s".to_owned(),
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
    let after = |delay: usize| match row.bad[LARGE][delay] {
        it if it.flipped_back[0] >= 0.5 => format!("{:.0}", it.flipped_back_after),
        _ => "-".to_owned(),
    };
    let judges = |cell: &dyn Fn(usize) -> String| {
        let cells = (0..JUDGES).map(|judge| format!("{:>8}", cell(judge)));
        cells.collect::<Vec<_>>().join(" ")
    };
    format!(
        "{:>10} {:>7} {} {} {:>7} {:>7} {:>7} {:>8.0}",
        row.traffic,
        row.base * 100.0,
        judges(&wrong),
        judges(&caught),
        after(0),
        after(USUAL),
        after(4),
        row.good[USUAL].kept_after,
    )
}

/// The services whose chances of a missed fault are shown.
const SHOWN: f64 = 0.001;

/// The chance that a bad release is missed, by traffic and fault: ours, the article's, the fixed rate's, in percent.
pub fn chances(rows: &[Row]) -> Vec<String> {
    let columns = |cells: Vec<String>| {
        let cells = cells.iter().map(|it| format!(" {it:>11}"));
        cells.collect::<String>()
    };
    let faults = FAULT.map(|it| format!("+{:.1} %", it * 100.0));
    let mut lines = vec![
        "chance of missing a fault in percent, ours/article/1 %, where 0.1 % fail always and CloudWatch is 60 s late".to_owned(),
        format!("requests/s{}", columns(faults.to_vec())),
    ];
    for row in rows.iter().filter(|it| it.base == SHOWN) {
        let cell = |bad: &[Part; DELAY.len()]| {
            let missed = bad[USUAL].flipped_back.map(|it| (1.0 - it) * 100.0);
            missed.map(|it| format!("{it:.0}")).join("/")
        };
        let cells = row.bad.iter().map(cell);
        lines.push(format!("{:>10}{}", row.traffic, columns(cells.collect())));
    }
    lines
}

/// Every cell, for whoever wants to know all: the parts of good and of bad releases that each judge flipped back.
pub fn cells(rows: &[Row]) -> Vec<String> {
    let head = "requests/s,base,fault,delay,good ours,good article,good 1 %,bad ours,bad article,bad 1 %,after s";
    let mut lines = vec![head.to_owned()];
    for row in rows {
        for (fault, bad) in FAULT.iter().zip(&row.bad) {
            for (delay, (good, bad)) in DELAY.iter().zip(row.good.iter().zip(bad)) {
                let shares = good.flipped_back.iter().chain(&bad.flipped_back);
                let shares: Vec<_> = shares.map(f64::to_string).collect();
                lines.push(format!(
                    "{},{},{fault},{delay},{},{:.0}",
                    row.traffic,
                    row.base,
                    shares.join(","),
                    bad.flipped_back_after
                ));
            }
        }
    }
    lines
}

/// The highest part of good releases that the verdict flipped back in any cell.
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
    let right = |good: &Part, bad: &Part| {
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

/// A judge in one line.
pub fn sum(rows: &[Row], judge: usize) -> String {
    let (good, bad) = wrong(rows, judge);
    format!(
        "{}: {:.2} % of good releases flipped back (in the worst cell {:.2} %), {:.1} % of bad ones missed; right 99 times in 100 where ours misses one in ten: {} cells",
        NAMES[judge],
        good * 100.0,
        worst(rows, judge) * 100.0,
        bad * 100.0,
        missed(rows, judge),
    )
}

pub fn count(rows: &[Row]) -> usize {
    rows.len() * FAULT.len() * DELAY.len()
}
