//! The worlds have the figures that are said of them.

use super::errors::{Errors, LOG, clusters};
use super::traffic::{RISE, Traffic};
use super::{BEFORE, Minute, Service, Trouble, random};

/// Hours of a long log.
const HOURS: usize = 40_000;

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// How many times more the counts of so many minutes vary than Poisson counts.
fn dispersion(counts: &[f64], minutes: usize) -> f64 {
    let counts: Vec<f64> = counts.chunks(minutes).map(|it| it.iter().sum()).collect();
    let mean = mean(&counts);
    let squares = counts.iter().map(|count| (count - mean).powi(2));
    squares.sum::<f64>() / counts.len() as f64 / mean
}

/// The part of the spans of so many minutes that have no error.
fn without_errors(counts: &[f64], minutes: usize) -> f64 {
    let spans = counts.chunks(minutes);
    let without = spans.filter(|span| span.iter().all(|count| *count == 0.0));
    without.count() as f64 / (counts.len() / minutes) as f64
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    let near = (found / expected - 1.0).abs() < 0.03;
    assert!(near, "expected {expected} within 3 %, found {found}");
}

#[test]
fn clusters_are_those_of_the_log() {
    let counts = clusters(&vec![1.0; HOURS * 60], &mut random(0, 0));
    assert_near(1.0 - without_errors(&counts, 1), 203.0 / 2309.0);
    assert_near(without_errors(&counts, 60), 0.16);
    assert_near(dispersion(&counts, 1), 3.8);
    assert_near(dispersion(&counts, 15), 10.0);
    assert_near(dispersion(&counts, 60), 20.0);
    assert_near(mean(&counts), LOG);
}

#[test]
fn a_busy_service_has_more_bursts_which_are_not_larger() {
    let counts = clusters(&vec![30.0; HOURS * 60], &mut random(1, 0));
    assert_near(mean(&counts), 30.0 * LOG);
    assert_near(dispersion(&counts, 1), 3.8);
    assert_near(dispersion(&counts, 60), 20.0);
}

#[test]
fn hiccups_grow_with_the_traffic_and_are_as_many() {
    let minutes = |requests: f64| {
        let requests = vec![requests; HOURS * 60];
        let minutes = Errors::Hiccups.minutes(0.001, &requests, &mut random(2, 0));
        let errors = minutes.iter().map(|it| it.requests * it.failing);
        errors.collect::<Vec<_>>()
    };
    let (quiet, busy) = (minutes(100.0), minutes(10_000.0));
    assert_near(mean(&quiet), 0.1);
    assert_near(mean(&busy), 10.0);
    assert_near(dispersion(&busy, 1), 100.0 * dispersion(&quiet, 1));
    assert_near(without_errors(&busy, 60), 0.16);
}

#[test]
fn a_day_has_nine_times_the_traffic_at_its_height() {
    let day = Traffic::Day.minutes(100.0, 1440, &mut random(3, 0));
    let (lowest, highest) = (
        day.iter().copied().fold(f64::MAX, f64::min),
        day.iter().copied().fold(0.0, f64::max),
    );
    assert_near(highest / lowest, 9.0);
    assert_near(mean(&day), 100.0);
}

#[test]
fn a_rise_is_more_than_one_and_a_half_times_the_hour() {
    let rising = Traffic::Rising.minutes(100.0, BEFORE + 5, &mut random(4, 0));
    let (before, after) = rising.split_at(BEFORE);
    assert_near(before[BEFORE - RISE], 100.0);
    assert_near(after[0], 200.0);
    assert!(after.iter().all(|minute| *minute > 1.5 * mean(before)));
}

#[test]
fn a_quiet_service_is_silent_for_a_fifth_of_the_time() {
    let visits = Traffic::Silences.minutes(12.0, HOURS * 60, &mut random(5, 0));
    assert_near(mean(&visits), 12.0);
    assert_near(without_errors(&visits, 1), 0.2);
    let is_silent = |minute: f64| minute == 0.0;
    let ends = visits
        .windows(2)
        .filter(|it| is_silent(it[0]) && !is_silent(it[1]));
    let silent = visits.iter().filter(|it| is_silent(**it)).count();
    assert_near(silent as f64 / ends.count() as f64, 5.0);
}

#[test]
fn trouble_of_the_site_begins_when_it_says_and_multiplies_whatever_is_usual() {
    for errors in [Errors::Independent, Errors::Bursts, Errors::Hiccups] {
        let usual = Service {
            errors,
            ..Service::steady(100.0, 0.001)
        };
        let trouble = Trouble {
            times: 3.0,
            from: 2,
        };
        let troubled = Service { trouble, ..usual };
        let minutes = |service: Service| service.minutes(10, &mut random(6, 0));
        let rates = |minute: &Minute| [minute.failing, minute.errors];
        for (number, (with, without)) in minutes(troubled).iter().zip(minutes(usual)).enumerate() {
            let times = if number < BEFORE + 2 { 1.0 } else { 3.0 };
            assert_eq!(rates(with), rates(&without).map(|it| it * times));
        }
    }
}
