//! What the rules forwarded to, one move after the other.
//!
//! An execution says by how much it moved traffic, and when it had done so. The answers of customers show where it moved
//! it to, and when the rules had changed: an alarm may have flipped back before the execution found out.

use super::story::{Share, Story};
use crate::traffic::Answer;
use chrono::{DateTime, Utc};

/// From a moment on, the rules give green so many per cent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Forward {
    pub at: DateTime<Utc>,
    pub to_green: u64,
    /// What happened, for a label; empty for what was there at first.
    pub name: String,
}

/// Every move of a story, after what was there at first. None where nobody answered.
pub(super) fn forwards(story: &Story) -> Vec<Forward> {
    let Some(first) = story.answers.first() else {
        return Vec::new();
    };
    let mut forwards = vec![Forward {
        at: first.at,
        to_green: if first.environment == "green" { 100 } else { 0 },
        name: String::new(),
    }];
    for execution in &story.executions {
        let before = forwards.last().map_or(0, |it| it.to_green);
        let flipped = execution.moves.iter().any(|it| it.to != Share::Back);
        for (number, moved) in execution.moves.iter().enumerate() {
            let to_green = to_green(moved.to, before, flipped);
            let at = match moved.to {
                Share::New(_) if number > 0 => moved.at,
                Share::New(_) => first_after(before, execution.began, moved.at, &story.answers),
                Share::Back => last_before(to_green, moved.at, &story.answers),
            };
            forwards.push(Forward {
                at,
                to_green,
                name: name(moved.to, number),
            });
        }
    }
    forwards
}

/// `before` is what green had when the execution began. One that only flips back flips its predecessor back.
fn to_green(to: Share, before: u64, flipped: bool) -> u64 {
    match (to, before) {
        (Share::New(share), 0) => share,
        (Share::New(share), _) => 100 - share.min(100),
        (Share::Back, before) if flipped => before,
        (Share::Back, before) => 100 - before.min(100),
    }
}

fn name(to: Share, number: usize) -> String {
    match to {
        Share::New(100) if number == 0 => "flip".to_owned(),
        Share::New(share) => format!("{share} %"),
        Share::Back => "flip back".to_owned(),
    }
}

/// When the environment that had no traffic answered first between `since` and `until`.
fn first_after(
    to_green: u64,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    answers: &[Answer],
) -> DateTime<Utc> {
    let mut between = answers.iter().filter(|it| since < it.at && it.at < until);
    let first = between.find(|it| it.environment == without(to_green));
    first.map_or(until, |it| it.at)
}

/// When the environment that has no traffic any more answered last before `until`.
fn last_before(to_green: u64, until: DateTime<Utc>, answers: &[Answer]) -> DateTime<Utc> {
    let mut before = answers.iter().rev().filter(|it| it.at < until);
    let last = before.find(|it| it.environment == without(to_green));
    last.map_or(until, |it| it.at)
}

/// The environment without traffic.
fn without(to_green: u64) -> &'static str {
    if to_green == 0 { "green" } else { "blue" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixtures::{at, rolled_back};

    fn found(story: &Story) -> Vec<(u64, String)> {
        let forwards = forwards(story).into_iter();
        forwards.map(|it| (it.to_green, it.name)).collect()
    }

    fn named(moves: &[(u64, &str)]) -> Vec<(u64, String)> {
        let moves = moves.iter();
        moves
            .map(|(to_green, name)| (*to_green, (*name).to_owned()))
            .collect()
    }

    #[test]
    fn shares_grow_and_a_flip_back_ends_them() {
        let expected = named(&[(0, ""), (10, "10 %"), (100, "100 %"), (0, "flip back")]);
        assert_eq!(found(&rolled_back()), expected);
    }

    #[test]
    fn an_execution_that_only_flips_back_takes_the_flip_before_it_back() {
        let mut story = rolled_back();
        let mut rollback = story.executions[0].clone();
        rollback.moves = vec![story.executions[0].moves.remove(2)];
        story.executions.push(rollback);
        assert_eq!(found(&story)[3], (0, "flip back".to_owned()));
    }

    #[test]
    fn a_flip_back_is_there_when_the_environment_answered_last() {
        let mut story = rolled_back();
        story.executions[0].moves[2].at = at(19_500);
        let last = forwards(&story).pop().expect("a flip back");
        assert!((at(17_200)..at(17_300)).contains(&last.at), "{last:?}");
    }
}
