//! The looks of a watch: what each reads depends on its time, and on what those before it have read.

use super::recorder::Recorder;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use evaluate_metrics::watch::UNREAD_SECONDS;
use serde_json::{Map, Value, json};

/// Seconds after a flip at which its release is looked at. After these the looks repeat every minute.
const MOMENTS: [i64; 10] = [3, 6, 10, 15, 30, 45, 60, 75, 90, 105];
const MINUTE: i64 = 60;

/// Seconds for which the watch of a step may go on without a verdict (`template.yaml`), and those after which one more
/// look comes.
const GRACE: i64 = 180;
const POLL: i64 = 15;

/// The looks from a step's end on: at its end, after its grace, and after the longest wait for an answer.
fn late(end: i64) -> [i64; 3] {
    [end, end + GRACE + POLL, end + GRACE + UNREAD_SECONDS + POLL]
}

/// The moment at which the look was recorded that is made so many seconds `after` the flip: the latest until then.
pub(super) fn moment(end: i64, after: f64) -> i64 {
    let mut after = after as i64;
    let last = MOMENTS[MOMENTS.len() - 1];
    if after < end && after >= last + POLL {
        after = MINUTE + after % MINUTE;
    }
    let moments = MOMENTS.into_iter().filter(|it| *it < end);
    let mut moments = moments.chain(late(end)).filter(|it| *it <= after);
    moments.next_back().unwrap_or(MOMENTS[0])
}

pub(super) fn name(share: u32, seconds: i64) -> String {
    format!("look-at-{share}%-after-{seconds}s")
}

/// A step of a release whose looks are recorded.
pub(super) struct Watched<'a> {
    pub recorder: &'a mut Recorder,
    pub plan: &'a Value,
    /// Its number, from 0 on, and its share.
    pub step: usize,
    pub share: u32,
}

/// What the machine remembers of the look before; its times are seconds after the flip.
#[derive(Clone, Default)]
struct Memory {
    last_read: Map<String, Value>,
    inconclusive_since: Option<i64>,
}

impl Watched<'_> {
    /// Records the looks of a watch that lasts `end` seconds.
    pub(super) async fn record(&mut self, end: i64) {
        let mut memory = Memory::default();
        let like = format!("look-at-{}%", self.share);
        for seconds in MOMENTS.into_iter().filter(|it| *it < end) {
            memory = self.look(&like, seconds, memory).await;
            if seconds < MINUTE {
                // Whether the minute of the flip is over, so that there is anything to read, depends on its second.
                let name = name(self.share, seconds);
                self.recorder.leave_out(&name, "GetMetricData");
            }
        }
        for seconds in late(end) {
            let memory = Memory {
                inconclusive_since: (seconds > end).then_some(end),
                ..memory.clone()
            };
            self.look(&name(self.share, seconds), seconds, memory).await;
        }
    }

    async fn look(&mut self, like: &str, seconds: i64, memory: Memory) -> Memory {
        let flipped_at = Utc::now() - TimeDelta::seconds(seconds);
        let task = self.task(flipped_at, memory);
        let (name, function) = (name(self.share, seconds), "evaluate-metrics");
        let answer = self.recorder.run_like(&name, like, function, task).await;
        // A busy machine may take its time until the look.
        let after = |time: &Value| {
            let at = DateTime::parse_from_rfc3339(time.as_str()?).ok()?;
            Some((at.to_utc() - flipped_at).num_seconds().min(seconds))
        };
        let read = answer["lastRead"].as_object().into_iter().flatten();
        let last_read = read.map(|(name, time)| (name.clone(), json!(after(time))));
        Memory {
            last_read: last_read.collect(),
            inconclusive_since: after(&answer["inconclusiveSince"]),
        }
    }

    fn task(&self, flipped_at: DateTime<Utc>, memory: Memory) -> Value {
        let time = |after: i64| {
            let at = flipped_at + TimeDelta::seconds(after);
            at.to_rfc3339_opts(SecondsFormat::Millis, true)
        };
        let read = memory.last_read.into_iter();
        let last_read: Map<String, Value> = read
            .map(|(name, after)| (name, json!(after.as_i64().map(time))))
            .collect();
        json!({
            "action": "judge", "plan": self.plan, "step": self.step, "shareSince": time(0), "flippedAt": time(0),
            "probe": null, "failedBefore": false, "measured": 0, "ignoredAlarms": [], "wouldFlipBack": null,
            "inconclusiveSince": memory.inconclusive_since.map(time), "lastRead": last_read,
        })
    }
}
