//! The load balancer: what flip's own code makes of the rules, computed when a state asks for it first.

use crate::answer::Answer;
use crate::forwards::{Shape, is_alike, live, routing};
use crate::health::ALL;
use crate::premise::{Own, Rules};
use flip::capacity::{Capacity, Need, Targets};
use flip::decide::{RuleWrites, rule_writes};
use shared::routing::{LiveRule, original_forwards};
use shared::{Environment, OriginalForward, Splits, Traffic};
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;
use std::thread::LocalKey;

/// The rules to write, or the answer where traffic does not move.
type Decided = Result<Vec<usize>, Answer>;

/// What flip decides about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Case {
    pub rules: Rules,
    pub to: Traffic,
    /// Whose splits these may be.
    pub own: Vec<Own>,
    pub need: Need,
    /// The healthy targets of both environments: of the one that gets the traffic, and of the other one.
    pub healthy: [u8; 2],
}

type Memo<K, V> = RefCell<HashMap<K, V>>;

thread_local! {
    static WRITES: Memo<Case, Decided> = RefCell::default();
    static TRAFFIC: Memo<(Rules, Environment), Option<Traffic>> = RefCell::default();
    static ACTIVE: Memo<Rules, Option<Environment>> = RefCell::default();
}

/// What `flip::decide::rule_writes` says, whatever the shape of the forwards.
pub fn writes(case: &Case) -> Decided {
    remembered(&WRITES, case, |case| {
        let decided = decide(case, Shape::Single);
        let weighted = decide(case, Shape::Weighted);
        assert_eq!(decided, weighted, "the shape decides nothing: {case:?}");
        decided
    })
}

/// What `Routing::traffic` says.
pub fn traffic(rules: &Rules, to: Environment) -> Option<Traffic> {
    remembered(&TRAFFIC, &(rules.clone(), to), |(rules, to)| {
        let live = live(rules, Shape::Single);
        routing(rules.len()).traffic(&live, *to).ok()
    })
}

/// What `Routing::active_environment` says.
pub fn active(rules: &Rules) -> Option<Environment> {
    remembered(&ACTIVE, rules, |rules| {
        let live = live(rules, Shape::Single);
        routing(rules.len()).active_environment(&live).ok()
    })
}

fn remembered<K: Clone + Eq + Hash, V: Clone>(
    memo: &'static LocalKey<Memo<K, V>>,
    key: &K,
    compute: impl FnOnce(&K) -> V,
) -> V {
    memo.with_borrow_mut(|memo| {
        if let Some(known) = memo.get(key) {
            return known.clone();
        }
        let computed = compute(key);
        memo.insert(key.clone(), computed.clone());
        computed
    })
}

fn decide(case: &Case, shape: Shape) -> Decided {
    let routing = routing(case.rules.len());
    let rules = live(&case.rules, shape);
    let [receiving, other] = case.healthy;
    let targets = Targets {
        receiving: capacity(receiving, case.need.wanted()),
        previous: case.need.wanted_of_previous().map(|it| capacity(other, it)),
    };
    let originals = case.own.iter().map(|own| originals(case, own, shape));
    let originals: Vec<_> = originals.collect();
    let splits = case
        .own
        .iter()
        .zip(&originals)
        .map(|(own, originals)| Splits {
            to: own.to,
            shares: own.shares,
            originals,
        });
    let splits: Vec<_> = splits.collect();
    match rule_writes(&rules, &routing, case.to, &splits, case.need, &targets) {
        RuleWrites::NotReady(_) => Err(Answer::NotReady),
        RuleWrites::Refused(_) => Err(Answer::Refused),
        RuleWrites::Needed(writes) => Ok(places(case, shape, &writes)),
    }
}

fn capacity(healthy: u8, wanted: usize) -> Capacity {
    let state = |at| if at < healthy { "healthy" } else { "unhealthy" };
    let targets = (0..ALL).map(|at| fixtures::target_health("10.0.0.1", state(at)));
    Capacity::of(&targets.collect::<Vec<_>>(), wanted)
}

/// The forwards that the record has: each of the rules' shape, on the environment that was active.
fn originals(case: &Case, own: &Own, shape: Shape) -> Vec<OriginalForward> {
    let from = Some(Traffic::all(own.to.other()));
    let found = live(&vec![from; case.rules.len()], shape);
    if own.known {
        original_forwards(&found)
    } else {
        Vec::new()
    }
}

/// Which rules these are. Each is written as it says, and with all of the traffic in the shape that it had.
fn places(case: &Case, shape: Shape, writes: &[LiveRule]) -> Vec<usize> {
    let expected = live(&vec![Some(case.to); case.rules.len()], shape);
    let place = |written: &LiveRule| {
        let at = expected.iter().position(|it| it.arn == written.arn);
        let at = at.expect("a rule of the case");
        assert!(is_alike(written, &expected[at]), "{case:?}: {written:?}");
        at
    };
    writes.iter().map(place).collect()
}
