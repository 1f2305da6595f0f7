//! The tests of `window.rs`.

use super::*;

fn at(text: &str) -> Time {
    text.parse().expect("a time")
}

fn window(pattern: &str, zone: &str) -> ReleaseWindow {
    ReleaseWindow::read(pattern, zone).expect("a window")
}

fn refused(pattern: &str, zone: &str, expect: &str) {
    let reason = ReleaseWindow::read(pattern, zone).expect_err("no window");
    assert!(reason.as_str().contains(expect), "{pattern}: {reason}");
}

#[test]
fn it_is_open_in_the_minutes_that_fit_by_the_clock_of_its_zone() {
    // A Monday.
    let office = window("* 9-16 * * MON-THU", "Europe/Berlin");
    for (now, expect) in [
        ("2026-11-23T07:59:59Z", false),
        ("2026-11-23T08:00:00Z", true),
        ("2026-11-23T08:00:59.999Z", true),
        ("2026-11-23T15:59:59Z", true),
        ("2026-11-23T16:00:00Z", false),
        ("2026-11-27T10:00:00Z", false),
    ] {
        assert_eq!(office.is_open(at(now)), expect, "{now}");
    }
    // In summer the same clock is an hour earlier.
    assert!(office.is_open(at("2026-07-06T07:00:00Z")));
    assert!(!office.is_open(at("2026-07-06T15:00:00Z")));
}

#[test]
fn where_both_fields_of_days_are_set_either_fits() {
    let window = window("* * 1 * MON", "UTC");
    for (now, expect) in [
        ("2026-11-01T12:00:00Z", true),
        ("2026-11-23T12:00:00Z", true),
        ("2026-11-24T12:00:00Z", false),
    ] {
        assert_eq!(window.is_open(at(now)), expect, "{now}");
    }
}

#[test]
fn it_says_when_it_opens_next_over_a_weekend_and_a_change_of_the_clock() {
    let office = window("* 9-16 * * MON-THU", "Europe/Berlin");
    let opens = office.opens(at("2026-11-26T16:30:00Z"));
    assert_eq!(opens, Some(at("2026-11-30T08:00:00Z")));
    // On 28 March 2027 there is no 2:30.
    let night = window("30-40 2 * * *", "Europe/Berlin");
    let opens = night.opens(at("2027-03-27T12:00:00Z"));
    assert_eq!(opens, Some(at("2027-03-29T00:30:00Z")));
    let inside = office.opens(at("2026-11-23T10:00:30Z"));
    assert_eq!(inside, Some(at("2026-11-23T10:01:00Z")));
}

#[test]
fn a_minute_that_never_comes_never_opens() {
    let never = window("* * 30 2 *", "UTC");
    assert!(!never.is_open(at("2026-02-28T00:00:00Z")));
    assert_eq!(never.opens(at("2026-02-28T00:00:00Z")), None);
}

#[test]
fn what_cannot_be_used_is_refused_with_what_to_write() {
    let expect = "the parameter ReleaseWindow cannot be used";
    for pattern in [
        "weekdays",
        "* 9-16",
        "* 25 * * *",
        "* * * * * *",
        "0 9 * * * * 2027",
    ] {
        refused(pattern, "UTC", expect);
        refused(pattern, "UTC", "(* 9-16 * * MON-THU: Monday to Thursday");
    }
    let expect =
        "the parameter ReleaseWindowTimezone cannot be used: found Berlin, expected a name";
    refused("* 9-16 * * *", "Berlin", expect);
    let shown = window("* 9-16 * * MON-THU", "Europe/Berlin").to_string();
    assert_eq!(shown, "* 9-16 * * MON-THU (Europe/Berlin)");
}
