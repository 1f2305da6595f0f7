//! Worlds that are harder than the grid's, each with several services, released all at once and in steps.

pub mod kinds;
pub mod table;

use crate::defaults::{ALL_AT_ONCE, Steps, policy};
use crate::judges::{Ending, Found, article, at_end_of_watch, verdict};
use crate::parallel;
use crate::release::Release;
use crate::world::{Errors, Service, Traffic, Trouble, random};

/// The ways to release: all at once first.
pub const WAYS: [(&str, Steps); 4] = [
    ("at once", ALL_AT_ONCE),
    ("10 %", &[(10, 300), (100, 120)]),
    ("50 %", &[(50, 300), (100, 120)]),
    ("10, 50 %", &[(10, 300), (50, 240), (100, 120)]),
];

/// Minutes from the flip's on: three steps need no more, each with its grace.
const MINUTES: usize = 22;

/// Seconds by which CloudWatch usually is late.
const DELAY: f64 = 60.0;

/// A world, and what it is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    Independent,
    Bursts,
    Hiccups,
    /// Traffic rises, and the load balancer itself answers 0.2 % with an error.
    Rising,
    /// The whole site's errors double or triple at the flip, and stay so.
    Twice,
    Thrice,
    /// They triple at any time of the release.
    ThriceLater,
    /// Quiet services.
    Silences,
}

impl World {
    pub fn service(self, requests: f64, failing: f64, run: u64) -> Service {
        let service = Service {
            traffic: Traffic::Day,
            ..Service::steady(requests, failing)
        };
        let errors = |errors| Service { errors, ..service };
        let trouble = |times, from| Service {
            trouble: Trouble { times, from },
            ..service
        };
        match self {
            World::Independent => service,
            World::Bursts => errors(Errors::Bursts),
            World::Hiccups => errors(Errors::Hiccups),
            World::Twice => trouble(2.0, 0),
            World::Thrice => trouble(3.0, 0),
            World::ThriceLater => trouble(3.0, (run % 12) as usize),
            World::Rising => Service {
                traffic: Traffic::Rising,
                balancer: 0.002,
                ..service
            },
            World::Silences => Service {
                traffic: Traffic::Silences,
                ..service
            },
        }
    }
}

/// Releases of one service to one version in one world, by one way.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub world: World,
    /// Requests a second, and the part of them that usually fails.
    pub service: (f64, f64),
    /// The part of the requests that the new version fails beside those.
    pub fault: f64,
    /// Which of [`WAYS`].
    pub way: usize,
}

/// How they ended, as parts of the runs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ends {
    /// By the verdict, for errors.
    pub flipped_back: f64,
    /// Below 100 %, for too few requests.
    pub flipped_back_unknown: f64,
    pub kept_suspicious: f64,
    pub kept_unknown: f64,
    /// By the article's rule, all at once.
    pub article: f64,
    /// Seconds after the first flip, of those that the verdict flipped back for errors.
    pub after: f64,
    /// Requests that failed for the fault alone until then.
    pub failed: f64,
}

/// So many releases of each kind, in the order of the kinds.
pub fn run(kinds: &[Kind], runs: u64) -> Vec<(Kind, Ends)> {
    parallel::rows(kinds.len(), |number| {
        (kinds[number], ends(kinds[number], runs))
    })
}

fn ends(kind: Kind, runs: u64) -> Ends {
    let (policy, (requests, failing)) = (policy(), kind.service);
    let mut ends = Ends::default();
    for run in 0..runs {
        let service = kind.world.service(requests, failing, run);
        // All ways and versions meet the same traffic.
        let random = random(kind.world as usize, run);
        let release = Release::new(service, MINUTES, random);
        let (_, steps) = WAYS[kind.way];
        let ending = verdict(&release, kind.fault, steps, DELAY, &policy);
        ends.add(&ending);
        if steps == ALL_AT_ONCE {
            let minutes = at_end_of_watch(&release, kind.fault, DELAY);
            ends.article += f64::from(u8::from(article(&minutes)));
        }
    }
    ends.divide(runs as f64)
}

impl Ends {
    fn add(&mut self, ending: &Ending) {
        match (ending.flipped_back, ending.found) {
            (true, Found::Unknown) => self.flipped_back_unknown += 1.0,
            (true, _) => {
                self.flipped_back += 1.0;
                self.after += ending.seconds;
                self.failed += ending.failed;
            }
            (false, Found::Suspicious) => self.kept_suspicious += 1.0,
            (false, Found::Unknown) => self.kept_unknown += 1.0,
            (false, Found::Healthy | Found::Unhealthy) => {}
        }
    }

    /// Makes parts of counts, and means of sums.
    fn divide(self, runs: f64) -> Ends {
        let flipped_back = self.flipped_back.max(1.0);
        Ends {
            flipped_back: self.flipped_back / runs,
            flipped_back_unknown: self.flipped_back_unknown / runs,
            kept_suspicious: self.kept_suspicious / runs,
            kept_unknown: self.kept_unknown / runs,
            article: self.article / runs,
            after: self.after / flipped_back,
            failed: self.failed / flipped_back,
        }
    }
}
