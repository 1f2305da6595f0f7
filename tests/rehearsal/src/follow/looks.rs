//! The looks of a watch: which of them are news, and what they say.

use super::entry::Entry;
use chrono::{DateTime, TimeDelta, Utc};

/// A verdict that stays the same is shown again after so long, and then less and less often.
const SHOWN_FOR: TimeDelta = TimeDelta::seconds(3);

/// The looks so far at one watch.
#[derive(Default)]
pub(super) struct Looks {
    last: Option<Look>,
}

/// The verdict that was shown last, in a word.
struct Look {
    word: String,
    /// Since when it is this one, and when it was shown.
    since: DateTime<Utc>,
    shown: DateTime<Utc>,
}

impl Looks {
    /// Whether a verdict is another one than the last, or decides, or the last was shown a while ago.
    pub fn is_news(&mut self, entry: &Entry, verdict: &str) -> bool {
        let (word, _) = verdict.split_once(':').unwrap_or((verdict, ""));
        let at = entry.at;
        let last = self.last.as_ref().filter(|look| look.word == word);
        let since = last.map_or(at, |look| look.since);
        let pause = SHOWN_FOR.max((at - since) / 3);
        let decides = entry.look.as_ref().map(|look| &look["decision"]);
        let decides = decides.is_some_and(|decision| decision != "watch");
        let is_news = decides || last.is_none_or(|look| at - look.shown >= pause);
        if is_news {
            self.last = Some(Look {
                word: word.to_owned(),
                since,
                shown: at,
            });
        }
        is_news
    }
}

/// A verdict without the time since the flip, which stands at the beginning of the line and at the end of the part.
pub(super) fn without_time(verdict: &str) -> String {
    let Some((found, rest)) = verdict.split_once(" s after the flip") else {
        return verdict.to_owned();
    };
    let Some((found, _seconds)) = found.rsplit_once(", ") else {
        return verdict.to_owned();
    };
    // In a release of several steps: ` to 10 %`.
    let share = rest
        .strip_prefix(" to ")
        .and_then(|rest| rest.split_once('%'));
    let rest = share.map_or(rest, |(_, rest)| rest);
    format!("{found}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow::fixtures::{at, look};

    #[test]
    fn the_same_verdict_is_shown_less_and_less_often() {
        let mut looks = Looks::default();
        let seconds = (0..=120).step_by(2);
        let shown = seconds.filter(|second| {
            let entry = look(second * 1_000, "inconclusive", "no request", "watch");
            looks.is_news(&entry, "inconclusive: no request")
        });
        let shown: Vec<_> = shown.collect();
        assert_eq!(shown, [0, 4, 8, 12, 18, 28, 42, 64, 96]);
        assert_eq!(looks.last.map(|look| look.since), Some(at(0)));
    }

    #[test]
    fn another_verdict_and_the_one_that_decides_are_shown_at_once() {
        let mut looks = Looks::default();
        let mut is_news = |millis, word: &str, decision| {
            let entry = look(millis, word, "why", decision);
            looks.is_news(&entry, &format!("{word}: why"))
        };
        assert!(is_news(0, "inconclusive", "watch"));
        assert!(is_news(100, "healthy", "watch"));
        assert!(!is_news(200, "healthy", "watch"));
        assert!(is_news(300, "healthy", "advance"));
    }

    #[test]
    fn the_time_since_the_flip_is_left_out() {
        for (verdict, expect) in [
            ("healthy: all, 14 s after the flip", "healthy: all"),
            (
                "unhealthy: 5, 6, 14 s after the flip to 10 %; flip back",
                "unhealthy: 5, 6; flip back",
            ),
            ("unhealthy: 5 s after all", "unhealthy: 5 s after all"),
        ] {
            assert_eq!(without_time(verdict), expect);
        }
    }
}
