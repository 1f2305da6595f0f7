//! The minutes that judge a step: which of the new environment's count, and which of the previous one's they are held
//! against.

use crate::bursts;
use crate::compare::{Limits, in_same_minutes, with_history};
use crate::comparison::Comparison;
use crate::policy::Policy;
use crate::recent;
use crate::sample::{History, Pair, Sample, Served};
use crate::snapshot::{Metrics, MinuteMetrics, Snapshot, minute_of};
use crate::watch::{Watch, baseline_from};
use chrono::TimeDelta;
use shared::Time;
use std::collections::BTreeMap;

/// A count of errors within a minute.
pub(crate) type Errors = fn(&MinuteMetrics) -> Option<f64>;

/// What CloudWatch has reported, sorted by what it is good for.
#[derive(Debug, Default)]
pub(crate) struct JudgedMinutes {
    /// The new target group's minutes since the flip to the share, those that judge nothing too. Where the step goes on
    /// beyond its end, only the recent ones, as in all that follows.
    pub(crate) since: Vec<MinuteMetrics>,
    /// The first of the recent minutes, where the step goes on beyond its end.
    pub(crate) recent_from: Option<Time>,
    /// The end of the last minute that is reported: of both environments, where both serve.
    pub(crate) covered_until: Option<Time>,
    /// The minutes that judge. An environment without a point in one has an empty minute there.
    pub(crate) pairs: Vec<Pair<MinuteMetrics>>,
    /// Those of them that lie wholly after the flip to the share.
    pub(crate) whole: Vec<Pair<MinuteMetrics>>,
    /// The previous target group's minutes before the first flip; long after it, those before the minutes that judge.
    pub(crate) before: Vec<MinuteMetrics>,
    /// At 100 %, the whole minutes between the first flip and the last one, in which both environments served.
    pub(crate) stepped: Vec<Pair<MinuteMetrics>>,
    /// Both environments serve.
    pub(crate) is_concurrent: bool,
}

impl JudgedMinutes {
    pub(crate) fn of(
        metrics: &Metrics,
        snapshot: &Snapshot,
        watch: &Watch,
        policy: &Policy,
    ) -> JudgedMinutes {
        let (flipped_at, flip) = (snapshot.flipped_at, minute_of(snapshot.share_since));
        let covered_until = covered_until(metrics, watch, flip);
        let judges = |pair: &Pair<MinuteMetrics>| {
            let reported = covered_until.is_some_and(|end| pair.new.at < end);
            let first = flip + TimeDelta::minutes(watch.minutes_left_out());
            !watch.is_concurrent() || reported && (pair.new.at >= first || is_outage(pair))
        };
        let is_shared = watch.number == 0 && metrics.has_errors_of_earlier_release(flipped_at);
        let is_own = |pair: &Pair<MinuteMetrics>| pair.new.at > flip || !is_shared;
        let all = pairs(metrics, minute_of(flipped_at));
        let recent_from = recent::from(&all, snapshot, watch, policy);
        let begin = recent_from.unwrap_or(flip);
        let current = all.iter().filter(|pair| pair.new.at >= begin);
        let pairs: Vec<_> = current
            .filter(|it| is_own(it) && judges(it))
            .cloned()
            .collect();
        let whole = pairs.iter().filter(|pair| pair.new.at > flip).cloned();
        let since = metrics.since(begin).into_iter();
        let from = baseline_from(flipped_at, policy.baseline_seconds, watch.active_since);
        let baseline = metrics.baseline(from, flipped_at).into_iter().cloned();
        let is_lost = recent::is_baseline_lost(flipped_at, snapshot.now);
        JudgedMinutes {
            since: since
                .filter(|minute| minute.at > flip || !is_shared)
                .cloned()
                .collect(),
            covered_until,
            whole: whole.collect(),
            stepped: stepped(&all, snapshot, watch),
            recent_from,
            pairs,
            before: if is_lost {
                recent::before(&all, begin, policy.baseline_seconds)
            } else {
                baseline.collect()
            },
            is_concurrent: watch.is_concurrent(),
        }
    }

    /// Compares the target groups: in the same minutes where both serve, else with the hour before.
    pub(crate) fn compare(&self, errors: Errors, limits: Limits) -> Comparison {
        let sample = |minute: &MinuteMetrics| by_requests(minute.requests, errors(minute));
        let hour: Vec<Sample> = self.before.iter().map(sample).collect();
        let pair = |pair: &Pair<MinuteMetrics>| Pair {
            new: sample(&pair.new),
            previous: sample(&pair.previous),
        };
        let pairs: Vec<Pair<Sample>> = self.pairs.iter().map(pair).collect();
        if self.is_concurrent {
            return in_same_minutes(&pairs, &hour, limits);
        }
        let new: Vec<Sample> = pairs.iter().map(|pair| pair.new).collect();
        let stepped = self.stepped.iter().map(|pair| sample(&pair.previous));
        let stepped: Vec<Sample> = stepped.collect();
        let history = History {
            hour: &hour,
            stepped: &stepped,
        };
        let served = Served {
            minutes: &new,
            whole: &new[pairs.len() - self.whole.len()..],
        };
        with_history(served, history, limits)
    }

    /// Compares the load balancer's own errors with those before: it counts them for no target group. The requests are
    /// those of both groups, so that a rise in traffic is none in errors. The flip's minute is left out.
    pub(crate) fn compare_load_balancer(&self, limits: Limits) -> Comparison {
        let of_both = |pair: &Pair<MinuteMetrics>| {
            let requests = [pair.new.requests, pair.previous.requests];
            let requests = requests.into_iter().flatten().reduce(|sum, it| sum + it);
            by_requests(requests, pair.new.load_balancer_5xx)
        };
        let before =
            |minute: &MinuteMetrics| by_requests(minute.requests, minute.load_balancer_5xx);
        let hour: Vec<Sample> = self.before.iter().map(before).collect();
        let stepped: Vec<Sample> = self.stepped.iter().map(of_both).collect();
        let whole: Vec<Sample> = self.whole.iter().map(of_both).collect();
        let history = History {
            hour: &hour,
            stepped: &stepped,
        };
        let of_new = self.whole.iter().filter_map(|pair| pair.new.requests);
        let served = Served {
            minutes: &whole,
            whole: &whole,
        };
        with_history(served, history, limits).among_requests_of_new(of_new.sum())
    }
}

/// At 100 %, the whole minutes between the first flip and the last one.
fn stepped(
    all: &[Pair<MinuteMetrics>],
    snapshot: &Snapshot,
    watch: &Watch,
) -> Vec<Pair<MinuteMetrics>> {
    let [first, last] = [snapshot.flipped_at, snapshot.share_since].map(minute_of);
    let is_stepped = |pair: &&Pair<MinuteMetrics>| {
        !watch.is_concurrent() && pair.new.at > first && pair.new.at < last
    };
    all.iter().filter(is_stepped).cloned().collect()
}

/// A minute without a count of requests gives no rate. Connection errors may be more than the requests: the load
/// balancer tries again.
pub(crate) fn by_requests(requests: Option<f64>, errors: Option<f64>) -> Sample {
    let errors = errors.unwrap_or(0.0);
    let sample = requests.map(|requests| Sample {
        errors,
        exposure: requests.max(errors),
    });
    sample.unwrap_or_default()
}

/// Each minute since `from` in which one of the groups has a point, in their order.
pub(crate) fn pairs(metrics: &Metrics, from: Time) -> Vec<Pair<MinuteMetrics>> {
    let mut pairs: BTreeMap<Time, Pair<MinuteMetrics>> = BTreeMap::new();
    let empty = |at| Pair {
        new: MinuteMetrics::new(at),
        previous: MinuteMetrics::new(at),
    };
    for minute in metrics.since(from) {
        pairs
            .entry(minute.at)
            .or_insert_with_key(|at| empty(*at))
            .new = minute.clone();
    }
    for minute in metrics.previous.iter().filter(|minute| minute.at >= from) {
        pairs
            .entry(minute.at)
            .or_insert_with_key(|at| empty(*at))
            .previous = minute.clone();
    }
    pairs.into_values().collect()
}

/// The end of the last minute of which CloudWatch has reported anything; where both environments serve, anything of both.
fn covered_until(metrics: &Metrics, watch: &Watch, flip: Time) -> Option<Time> {
    let last = |minutes: &[MinuteMetrics]| {
        let ends = minutes
            .iter()
            .map(|minute| minute.at + TimeDelta::minutes(1));
        ends.filter(|end| *end > flip).max()
    };
    let new = last(&metrics.new)?;
    if watch.is_concurrent() {
        return last(&metrics.previous).map(|previous| previous.min(new));
    }
    Some(new)
}

/// The new environment has an outage, and the previous one has not. So gross a fault counts in the minutes too that are
/// left out.
fn is_outage(pair: &Pair<MinuteMetrics>) -> bool {
    let fails = |minute: &MinuteMetrics| {
        let errors = [
            minute.target_5xx,
            minute.connection_errors,
            minute.load_balancer_5xx,
        ];
        let mut samples = errors
            .map(|it| by_requests(minute.requests, it))
            .into_iter();
        samples.any(bursts::is_outage)
    };
    fails(&pair.new) && !fails(&pair.previous)
}
