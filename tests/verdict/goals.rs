//! The figures that must hold.

use crate::grid::{DELAY, FAULT, Row, TRAFFIC};
use crate::rollouts::table::{Rows, caught, worst};
use crate::rollouts::{Kind, World};
use crate::table;
use std::fmt::{self, Display, Formatter};

/// Good releases that may be flipped back: where errors are independent, and, if a step came first, where they are so and
/// the whole site is in trouble; where they come in clusters, all at once and after a step.
const INDEPENDENT: f64 = 0.001;
const SITE_WIDE_STEP: f64 = 0.001;
const CLUSTERED: f64 = 0.015;
const CLUSTERED_STEP: f64 = 0.003;

/// Faults of 5 % at 100 requests a second that must be caught, in every way to release and with errors of every kind.
const CAUGHT: f64 = 0.99;
const FAULT_TO_CATCH: f64 = 0.05;
const SERVICE: (f64, f64) = (100.0, 0.001);

/// Faults that must be flipped back as soon as before there were steps; seconds after which they were then, CloudWatch
/// 60 s late, by the grid's traffic; and the part of them that chance may add to the mean of so many runs.
const GROSS: [f64; 2] = [0.5, 1.0];
const NO_LATER: [[f64; TRAFFIC.len()]; 2] = [
    [
        198.9, 134.1, 109.0, 101.4, 98.1, 98.0, 97.3, 97.3, 98.0, 97.9,
    ],
    [
        152.0, 115.0, 102.6, 99.3, 97.7, 98.0, 97.3, 97.3, 98.0, 97.9,
    ],
];
const CHANCE: f64 = 0.02;

/// What was found, each the worst of its cells.
pub struct Goals {
    independent: f64,
    clustered: f64,
    clustered_step: f64,
    site_wide_step: f64,
    caught: f64,
    /// Cells in which the article's rule is better.
    missed: usize,
}

impl Goals {
    pub fn of(grid: &[Row], good: &Rows, bad: &Rows) -> Goals {
        let flipped_back = |worlds: &[World], is_step: &[bool]| {
            let is_meant =
                |it: &Kind| worlds.contains(&it.world) && is_step.contains(&(it.way > 0));
            worst(good, |ends| ends.flipped_back, is_meant)
        };
        let independent = flipped_back(&[World::Independent, World::Rising], &[false, true]);
        let clusters = [World::Bursts, World::Hiccups];
        let to_catch = |it: &Kind| it.service == SERVICE && it.fault == FAULT_TO_CATCH;
        Goals {
            independent: independent.max(table::worst(grid, 0)),
            clustered: flipped_back(&clusters, &[false]),
            clustered_step: flipped_back(&clusters, &[true]),
            site_wide_step: flipped_back(&[World::Twice, World::Thrice], &[true]),
            caught: caught(bad, to_catch),
            missed: table::missed(grid, 1),
        }
    }

    pub fn assert(&self) {
        let most = [
            (self.independent, INDEPENDENT),
            (self.clustered, CLUSTERED),
            (self.clustered_step, CLUSTERED_STEP),
            (self.site_wide_step, SITE_WIDE_STEP),
        ];
        for (found, limit) in most {
            assert!(found <= limit, "{found} > {limit}: {self}");
        }
        assert!(self.caught >= CAUGHT, "{} < {CAUGHT}", self.caught);
        assert_eq!(
            self.missed, 0,
            "cells in which the article's rule is better"
        );
    }
}

impl Display for Goals {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        let Goals {
            independent,
            clustered,
            site_wide_step,
            missed,
            ..
        } = self;
        write!(
            f,
            "false_flip_back_max={independent} clustered_max={clustered} site_wide_step_max={site_wide_step} \
             missed_that_article_catches={missed}"
        )
    }
}

/// What the line has no field for.
pub fn more(goals: &Goals) -> String {
    let Goals {
        clustered_step,
        caught,
        ..
    } = goals;
    format!("clustered_step_max={clustered_step} caught_min={caught}")
}

/// Gross faults are flipped back as soon as before.
pub fn assert_no_later(grid: &[Row]) {
    let usual = DELAY.iter().position(|it| *it == 60.0).expect("a delay");
    for (fault, limits) in GROSS.iter().zip(NO_LATER) {
        let fault = FAULT.iter().position(|it| it == fault).expect("a fault");
        for (traffic, limit) in TRAFFIC.iter().zip(limits) {
            let rows = grid.iter().filter(|row| row.traffic == *traffic);
            let after = rows.map(|row| row.bad[fault][usual].flipped_back_after);
            let after: Vec<f64> = after.collect();
            let mean = after.iter().sum::<f64>() / after.len() as f64;
            let is_in_time = mean <= limit * (1.0 + CHANCE);
            assert!(is_in_time, "{traffic} requests/s: {mean} > {limit} s");
        }
    }
}
