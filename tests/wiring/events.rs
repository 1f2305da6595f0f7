//! The 25,000 events of an execution's history, divided among what a release does: the machine's loops end before a
//! history is full, at whatever parameters and however often AWS fails.
//!
//! An execution whose history is full ends at once, without a flip back of its own. The runbook shows the same table.

mod long_waits;
mod polls;

use crate::pages::RUNBOOK;
use crate::routes::{conditions, counts, limit, reached};
use crate::unfolded::{LATE, in_time, unfolded};
use project::{Names, machine, read, template, text};
use serde_json::Value;

/// Step Functions' limit, which nobody can have raised.
const HISTORY: u64 = 25_000;

/// What is left for states that are still to come.
const RESERVE: u64 = 1_500;

/// A failed try of a function: scheduled, started, failed.
const TRY: u64 = 3;

/// Steps of a release.
const MOST_STEPS: u64 = detect::request::MOST_STEPS as u64;

/// The counters, in the order of the loops that they end.
const LOOPS: [&str; 13] = [
    "trafficChecked",
    "verifications",
    "waiting",
    "heldBack",
    "gates",
    "waits",
    "asks",
    "deploys",
    "checks",
    "looks",
    "step",
    "polls",
    "holds",
];

/// Events of one visit of a state in which nothing is tried again: entered and exited, and what its task adds.
fn events(state: &Value) -> u64 {
    match text(&state["Type"]).as_str() {
        // Scheduled, started, submitted, succeeded; a function and an event have no submission.
        "Task" if text(&state["Resource"]).ends_with(".sync") => 6,
        "Task" => 5,
        _ => 2,
    }
}

/// The tries of a task after its first one.
fn retries(state: &Value) -> u64 {
    let retriers = state["Retry"].as_array().into_iter().flatten();
    retriers.filter_map(|it| it["MaxAttempts"].as_u64()).sum()
}

/// The numbers below which a variable must stay, as the machine's conditions have them.
fn bounds(machine: &Value, variable: &str) -> Vec<u64> {
    let conditions = conditions(machine).into_iter();
    conditions.filter_map(|it| limit(&it, variable)).collect()
}

/// The one bound of a counter, wherever it is compared.
fn bound(machine: &Value, counter: &str) -> u64 {
    let bounds = bounds(machine, counter);
    match bounds.first() {
        Some(bound) if bounds.iter().all(|it| it == bound) => *bound,
        _ => panic!("{counter}: {bounds:?}"),
    }
}

/// The states that count a counter up.
fn counting<'a>(machine: &'a Value, counter: &str) -> Vec<&'a String> {
    let states = machine["States"].as_object().expect("states").iter();
    let found = states.filter(|(_, it)| counts(counter, &it["Assign"][counter]));
    let found: Vec<_> = found.map(|(name, _)| name).collect();
    assert!(!found.is_empty(), "nothing counts {counter}");
    found
}

/// How often a counter is counted: up to its bound, and past it where one counting state leads to others before the bound
/// is asked for again.
fn most(machine: &Value, counter: &str) -> u64 {
    let states = &machine["States"];
    let asks = |(_, it): &(&String, &Value)| limit(&it["Choices"].to_string(), counter).is_some();
    let asking = states.as_object().expect("states").iter().filter(asks);
    let asking: Vec<_> = asking.map(|(name, _)| name.as_str()).collect();
    let counting = counting(machine, counter);
    let unasked = counting.iter().map(|from| {
        let after = reached(states, from, &asking);
        let others = counting.iter().filter(|it| *it != from);
        others.filter(|it| after.contains(**it)).count()
    });
    // A late word takes a release back by one step at most, which it goes through once more.
    let late = bounds(machine, LATE).into_iter().max();
    let late = late.filter(|_| counter == "step").unwrap_or(0);
    bound(machine, counter) + late + unasked.max().map_or(0, |it| it as u64)
}

/// The machine as its loops are walked: the gates apart.
fn loops(machine: &Value) -> Value {
    let mut machine = machine.clone();
    machine["States"] = unfolded(&machine["States"]);
    machine
}

/// The rounds in which a counter is counted: from each state that counts it, the states up to the next one that counts
/// anything. Loops lie within each other, and so every visit of a state belongs to one count.
fn rounds(machine: &Value, counter: &str) -> Vec<Names> {
    let states = &in_time(&machine["States"]);
    let all: Vec<_> = LOOPS.iter().flat_map(|it| counting(machine, it)).collect();
    let round = |start: &String| {
        let others = all.iter().filter(|it| **it != start);
        let others: Vec<_> = others.map(|it| it.as_str()).collect();
        let leads_back = |name: &String| reached(states, name, &[]).contains(start);
        let round = reached(states, start, &others).into_iter();
        round.filter(leads_back).collect()
    };
    counting(machine, counter).into_iter().map(round).collect()
}

/// What the events are for, how often at most, and how many that makes.
fn rows(machine: &Value) -> Vec<(String, String, u64)> {
    let states = machine["States"].as_object().expect("states");
    let machine = &loops(machine);
    let mut rows = Vec::new();
    for counter in LOOPS {
        let most = most(machine, counter);
        let plural = if most == 1 { "" } else { "s" };
        let of = |name: &String| events(&machine["States"][name]);
        let each = |round: &Names| round.iter().map(of).sum::<u64>();
        let each = rounds(machine, counter).iter().map(each).max();
        let each = each.expect("a round");
        rows.push((
            counter,
            format!("{most} round{plural} of {each} events"),
            most * each,
        ));
    }
    let once = states.values().map(events).sum::<u64>() + 2;
    rows.push((
        "once",
        "every state, the beginning and the end".to_owned(),
        once,
    ));
    // The last loop ends once `tries` is that large. Every task may still use all of its own retries then.
    let counted = bounds(machine, "tries").into_iter().max().expect("a bound");
    let tries = counted + states.values().map(retries).sum::<u64>();
    rows.push((
        "retries",
        format!("{tries} tries of {TRY} events"),
        tries * TRY,
    ));
    let used: u64 = rows.iter().map(|(_, _, events)| events).sum();
    rows.push((
        "reserve",
        "for later".to_owned(),
        HISTORY.saturating_sub(used),
    ));
    let rows = rows.into_iter();
    rows.map(|(name, most, events)| (name.to_owned(), most, events))
        .collect()
}

#[test]
fn given_every_loop_and_every_retry_runs_to_its_bound_then_the_history_has_room_for_more() {
    let rows = rows(&machine());
    let reserve = rows.last().map(|(_, _, events)| *events);
    assert!(reserve >= Some(RESERVE), "{rows:?}");
    assert_eq!(rows.iter().map(|(_, _, it)| it).sum::<u64>(), HISTORY);
}

#[test]
fn given_the_events_of_a_history_then_the_runbook_divides_them_as_the_machine_does() {
    let shown = crate::pages::table(&read(RUNBOOK), "events for");
    let rows = rows(&machine()).into_iter().map(|(name, most, events)| {
        let thousands = match (events / 1000, events % 1000) {
            (0, rest) => rest.to_string(),
            (thousands, rest) => format!("{thousands},{rest:03}"),
        };
        vec![name, most, thousands]
    });
    let plain = shown.iter().map(|row| {
        let plain = row.iter().map(|cell| cell.replace('`', ""));
        plain.collect::<Vec<_>>()
    });
    assert_eq!(plain.collect::<Vec<_>>(), rows.collect::<Vec<_>>());
}

#[test]
fn given_a_loop_then_the_tries_of_its_tasks_count_and_end_it_too() {
    let machine = loops(&machine());
    let states = &machine["States"];
    let mut ends = Vec::new();
    for counter in LOOPS {
        for name in rounds(&machine, counter).into_iter().flatten() {
            let counted = states[&name]["Assign"].get("tries");
            let expect = "{% $sum([$tries, $states.context.State.RetryCount]) %}";
            let is_counted = counted.is_some_and(|it| it == expect);
            assert_eq!(is_counted, retries(&states[&name]) > 0, "{name}");
        }
        let conditions = conditions(&machine).into_iter();
        let ending = conditions.filter(|it| limit(it, counter).is_some());
        ends.extend(ending.map(|it| limit(&it, "tries").expect("a bound of tries")));
    }
    // Each later loop has some left, whatever the one before it used. What people say is asked in several loops.
    ends.sort_unstable();
    ends.dedup();
    assert_eq!(ends, [200, 350, 500, 700]);
}

/// The largest value of a parameter.
fn largest(parameter: &str) -> u64 {
    let most = &template()["Parameters"][parameter]["MaxValue"];
    most.as_u64()
        .unwrap_or_else(|| panic!("{parameter}: {most}"))
}
