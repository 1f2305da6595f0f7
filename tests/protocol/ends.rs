//! Does every path end? The model checker judges states; whether somebody goes in a circle is a question to the whole
//! graph.

use crate::protocol::Protocol;
use stateright::Model;
use std::collections::{HashMap, hash_map::Entry};

/// How many states lie on a circle or behind one: 0 when every path ends.
///
/// A state is done with once all states before it are; behind a circle nothing ever is.
pub fn states_without_end(model: &Protocol) -> usize {
    let mut numbers = HashMap::new();
    let mut open = Vec::new();
    for state in model.init_states() {
        numbers.insert(state.clone(), 0);
        open.push(state);
    }
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); open.len()];
    let mut before = vec![0_usize; open.len()];
    while let Some(state) = open.pop() {
        let from = numbers[&state];
        for next in model.next_states(&state) {
            let count = numbers.len();
            let to = match numbers.entry(next) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => {
                    open.push(new.key().clone());
                    after.push(Vec::new());
                    before.push(0);
                    *new.insert(count)
                }
            };
            after[from].push(to);
            before[to] += 1;
        }
    }
    remaining(&after, before)
}

fn remaining(after: &[Vec<usize>], mut before: Vec<usize>) -> usize {
    let mut ready: Vec<usize> = (0..before.len()).filter(|&it| before[it] == 0).collect();
    let mut done = 0;
    while let Some(state) = ready.pop() {
        done += 1;
        for &next in &after[state] {
            before[next] -= 1;
            if before[next] == 0 {
                ready.push(next);
            }
        }
    }
    after.len() - done
}

/// The search finds a circle when there is one.
#[test]
fn a_circle_is_found() {
    let states = vec![vec![1], vec![2, 3], vec![1], vec![]];
    assert_eq!(remaining(&states, vec![0, 2, 1, 1]), 3);
}
