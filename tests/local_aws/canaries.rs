//! The rehearsal's scenarios of releases in steps. They wait for real verdicts, of whole minutes, so they do it together, and
//! begin first: tests begin in the order of their names.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

use crate::common::{self, on_the_local_aws};
use rehearsal::report::Report;
use rehearsal::scenario::Scenario::{self, Canary, CanaryBreaks, Linear, SiteWideTrouble};
use rehearsal::show::Show;

/// Given a good canary, one under a site that fails as a whole, a linear release in shadow, and a version that fails every
/// order
/// When they are released
/// Then the first three stay, and of the last only the share's customers saw errors until it was flipped back.
#[test]
fn good_steps_stay_and_a_bad_step_costs_its_share_alone() {
    let scenarios = [Canary, SiteWideTrouble, Linear, CanaryBreaks];
    let reports = on_the_local_aws(futures::future::join_all(scenarios.map(run)));
    for report in &reports {
        report.lines().iter().for_each(|line| println!("{line}"));
    }
    assert!(reports.iter().all(Report::passed));
}

async fn run(scenario: Scenario) -> Report {
    let report = common::run(scenario, &Show::silent()).await;
    report.expect("a report")
}
