//! A split: both environments get a share of a rule's traffic. Reads one, and knows a release's own. Pure.

use super::{LiveRule, Routing};
use crate::{Environment, OriginalForward, Refusal, Share, Splits, Traffic};

impl Routing {
    /// Where all rules alike send traffic: everything to one environment, or a share of it to `to`.
    ///
    /// # Errors
    /// Says which rules differ, or forward elsewhere, or have weights that are no share in per cent.
    pub fn traffic(&self, rules: &[LiveRule], to: Environment) -> Result<Traffic, Refusal> {
        let (first, others) = rules.split_first().ok_or("no rule was found")?;
        let traffic = self.traffic_of(first, to)?;
        for rule in others {
            let other = self.traffic_of(rule, to)?;
            if other != traffic {
                return Err(Refusal::from(format!(
                    "the rules disagree: {} forwards to {traffic}, {} forwards to {other}",
                    first.arn, rule.arn
                )));
            }
        }
        Ok(traffic)
    }

    /// Where one rule sends traffic.
    ///
    /// # Errors
    /// Says what the rule forwards to instead.
    pub fn traffic_of(&self, rule: &LiveRule, to: Environment) -> Result<Traffic, Refusal> {
        let share = self.share_of(rule, to)?;
        share.map_or_else(
            || self.environment_of(rule).map(Traffic::all),
            |share| Ok(Traffic { to, share }),
        )
    }

    /// The share that a rule gives `to` beside the other environment; none where its weights are no such split.
    fn share_of(&self, rule: &LiveRule, to: Environment) -> Result<Option<Share>, Refusal> {
        let share = match *self.receiving(rule)?.as_slice() {
            [(a, x), (b, y)] if a == to && b != to && x < 100 && y == 100 - x => x,
            [(a, x), (b, y)] if b == to && a != to && y < 100 && x == 100 - y => y,
            _ => return Ok(None),
        };
        Ok(u8::try_from(share).ok().and_then(Share::new))
    }

    /// Where a rule sends traffic that the release has split; none where it is not split by that.
    pub fn own_traffic(&self, rule: &LiveRule, splits: &Splits<'_>) -> Option<Traffic> {
        let (to, share) = (splits.to, self.share_of(rule, splits.to).ok()??);
        let is_own =
            splits.shares.contains(&Some(share)) && splits.original_of(&rule.arn).is_some();
        is_own.then_some(Traffic { to, share })
    }

    /// The forward that the rule had before one of these releases split it; none where it is not split by one.
    pub(super) fn before_split<'a>(
        &self,
        rule: &LiveRule,
        splits: &[Splits<'a>],
    ) -> Option<&'a OriginalForward> {
        let mut own = splits.iter();
        let own = own.find(|own| self.own_traffic(rule, own).is_some())?;
        own.original_of(&rule.arn)
    }
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
