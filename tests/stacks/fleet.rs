//! A fleet: so many services release within a minute in one account, while alarms of others flip back.
//!
//! | variable | meaning | default |
//! |---|---|---|
//! | `FLEET_AT_ONCE` | releases that begin in a minute, comma-separated | 20,60,100,300 |
//! | `FLEET_MINUTES` | minutes for which so many begin | 1 |
//! | `FLEET_ALARMS` | alarms in a minute, for ten minutes after the first one | 30 |
//! | `FLEET_SEEDS` | runs of each, each with another chance | 3 |
//! | `FLEET_LIMITS` | other limits of the account, such as `elb-describe=40:30 DescribeAlarms=9:20` (`tests/fixtures/src/limits.rs`) | AWS's |

mod account;
mod alarm;
mod clock;
mod fates;
mod machine;
mod order;
mod release;

use crate::recorded::{ALL_AT_ONCE, Recording, TEN_PERCENT_FIRST, recording};
use account::Account;
use fates::Fates;
use fixtures::Limits;
use futures::FutureExt;
use machine::Machine;
use release::{Release, Step};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::env;

/// Seconds of a minute, and of those in which alarms come.
const MINUTE: f64 = 60.0;
const ALARMS: f64 = 600.0;

struct Fleet {
    machine: Machine,
    recording: &'static Recording,
    steps: Vec<Step>,
    at_once: u32,
    minutes: u32,
    alarms_per_minute: u32,
    seeds: u32,
    limits: Limits,
}

impl Fleet {
    /// As the variables say, with so many releases in these steps.
    fn of(at_once: u32, steps: &str) -> Fleet {
        let limits = env::var("FLEET_LIMITS").unwrap_or_default();
        Fleet {
            machine: Machine::read(),
            recording: recording(steps),
            steps: read(steps),
            at_once,
            minutes: variable("FLEET_MINUTES", 1),
            alarms_per_minute: variable("FLEET_ALARMS", 30),
            seeds: variable("FLEET_SEEDS", 3),
            limits: Limits::but(&limits),
        }
    }

    fn runs(&self) -> Fates {
        let fates = RefCell::default();
        for seed in 1..=self.seeds {
            self.run(seed.into(), &fates);
        }
        fates.into_inner()
    }

    fn run(&self, seed: u64, fates: &RefCell<Fates>) {
        let account = Account::new(self.limits.clone(), seed);
        let releases =
            (0..self.at_once * self.minutes).map(|_| self.release(&account, fates).boxed_local());
        let alarms = f64::from(self.alarms_per_minute) * ALARMS / MINUTE;
        let alarms =
            (0..alarms as u32).map(|number| self.alarm(number, &account, fates).boxed_local());
        account.clock.run(releases.chain(alarms));
    }

    /// What one release asks of an account that nobody else asks, by the buckets that its calls take from.
    fn asks(&self) -> BTreeMap<String, u32> {
        let (account, fates) = (Account::new(Limits::documented(), 1), RefCell::default());
        let release = self.release(&account, &fates).boxed_local();
        account.clock.run([release].into_iter());
        account.calls()
    }

    async fn release(&self, account: &Account, fates: &RefCell<Fates>) {
        let minutes = f64::from(self.minutes);
        account
            .clock
            .sleep(minutes * MINUTE * account.chance())
            .await;
        let began = account.clock.now();
        let release = Release {
            account,
            machine: &self.machine,
            recording: self.recording,
            steps: &self.steps,
            tries: 0,
            looks: 0,
            is_throttled: false,
        };
        let fate = release.run().await;
        let took = account.clock.now() - began;
        fates.borrow_mut().releases.push((fate, took));
    }

    /// The alarms begin when the account is busiest: a minute after the first releases.
    async fn alarm(&self, number: u32, account: &Account, fates: &RefCell<Fates>) {
        let between = MINUTE / f64::from(self.alarms_per_minute);
        let after = between * (f64::from(number) + account.chance());
        account.clock.sleep(MINUTE + after).await;
        let took = alarm::flip_back(account, self.recording).await;
        fates.borrow_mut().alarms.push(took);
    }
}

fn variable(name: &str, default: u32) -> u32 {
    env::var(name).map_or(default, |it| it.parse().expect("a number"))
}

/// `10:300,100:120`, as `TrafficSteps` has it.
fn read(steps: &str) -> Vec<Step> {
    let steps = steps.split(',').map(|step| {
        let (share, seconds) = step.split_once(':').expect("SHARE:SECONDS");
        let seconds = seconds.parse().expect("seconds");
        (share.parse().expect("a share"), seconds)
    });
    steps.collect()
}

fn shown(fleet: &Fleet, steps: &str) -> Fates {
    let fates = fleet.runs();
    let Fleet { at_once, seeds, .. } = fleet;
    println!("fleet: at_once={at_once} steps={steps} {fates} seeds={seeds}");
    fates
}

/// The figures of `README.md`. No variable changes what must hold, so that an account of one's own may fail.
#[test]
fn hundreds_release_at_once_and_an_alarm_always_gets_through() {
    let at_once = env::var("FLEET_AT_ONCE").unwrap_or("20,60,100,300".to_owned());
    for steps in [ALL_AT_ONCE, TEN_PERCENT_FIRST] {
        for at_once in at_once.split(',').map(|it| it.parse().expect("a number")) {
            let fates = shown(&Fleet::of(at_once, steps), steps);
            assert!(fates.released_percent() >= 99.5, "{at_once}: {fates}");
            assert_eq!(fates.flipped_back_percent(), 0.0, "{at_once}: {fates}");
            assert_eq!(fates.alarms_lost(), 0, "{at_once}: {fates}");
            assert!(fates.slowest_alarm() < 10.0, "{at_once}: {fates}");
        }
    }
}

/// What a release costs an account: its reads of the load balancer are what there is least of.
#[test]
fn a_release_asks_the_load_balancer_for_little() {
    for (steps, reads) in [(ALL_AT_ONCE, 27), (TEN_PERCENT_FIRST, 63)] {
        let asks = Fleet::of(1, steps).asks();
        let calls: u32 = asks.values().sum();
        let found = asks["elb-describe"];
        println!(
            "rounds: steps={steps} release calls={calls} elb-describe={found} of them {asks:?}"
        );
        assert!(found <= reads, "{steps}: {found}");
    }
}

/// What the machine's first block of retries is for: with the block behind it, the same fleet fails before its flips.
#[test]
fn without_patience_most_of_a_fleet_would_fail() {
    let mut fleet = Fleet::of(300, ALL_AT_ONCE);
    fleet.machine.loses_patience();
    let fates = shown(&fleet, "impatient");
    assert!(fates.released_percent() < 50.0, "{fates}");
}
