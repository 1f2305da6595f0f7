//! The steps of a release, from what the stack and the request say.

use super::lengths::{long_enough, why};
use super::shift::{Preset, Shift};
use super::spelling::spelled;
use shared::config::Settings;
use shared::{Error, MOST_SECONDS_OF_STEPS, Refusal, Share, Step, VerdictMode, excerpt};
use std::num::NonZeroU32;

/// What the stack says about steps.
#[derive(Clone, Debug)]
pub struct TrafficPolicy {
    /// `TRAFFIC_STEPS` as it stands there: a release is refused where it cannot be used. Default: all at once.
    pub parameter: Option<String>,
    /// How long a release is watched with all of the traffic, in seconds, where no list of steps says it.
    pub watch_seconds: u32,
    /// How much longer each step may last while the verdict is inconclusive, in seconds.
    pub grace_seconds: u32,
    pub mode: VerdictMode,
}

/// The steps of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlannedSteps {
    pub steps: Vec<Step>,
    /// What a person should know about their lengths.
    pub warning: Option<String>,
}

impl TrafficPolicy {
    /// Reads `TRAFFIC_STEPS`, `WATCH_SECONDS`, `INCONCLUSIVE_GRACE_SECONDS` and `VERDICT_MODE`.
    ///
    /// # Errors
    /// `InvalidConfiguration` where one of the last three is missing or wrong.
    pub fn read<F: Fn(&str) -> Option<String>>(
        settings: &Settings<F>,
    ) -> Result<TrafficPolicy, Error> {
        let watch: NonZeroU32 = settings.parsed("WATCH_SECONDS", "whole seconds, 1 or more")?;
        Ok(TrafficPolicy {
            parameter: settings.optional("TRAFFIC_STEPS"),
            watch_seconds: watch.get(),
            grace_seconds: settings
                .parsed("INCONCLUSIVE_GRACE_SECONDS", "whole seconds, 0 or more")?,
            mode: settings.named("VERDICT_MODE", "decide or shadow")?,
        })
    }

    /// The steps as the request asks for them, or else as the parameter says.
    ///
    /// # Errors
    /// Says whose spelling cannot be used, what was expected and what to write instead.
    pub fn steps(&self, requested: Option<&Shift>) -> Result<PlannedSteps, Refusal> {
        let (whose, steps) = match requested {
            Some(shift) => ("the request's traffic", self.planned(shift)),
            None => ("the parameter TrafficSteps", self.by_parameter()),
        };
        steps.map_err(|reason| format!("{whose} cannot be used: {reason}").into())
    }

    fn by_parameter(&self) -> Result<PlannedSteps, Refusal> {
        match &self.parameter {
            Some(text) => self.planned(&Shift::read(text)?),
            None => self.planned(&Shift::AllAtOnce),
        }
    }

    fn planned(&self, shift: &Shift) -> Result<PlannedSteps, Refusal> {
        let planned = match shift {
            Shift::AllAtOnce => PlannedSteps {
                steps: vec![self.watch()],
                warning: None,
            },
            Shift::Steps(steps) => self.listed(steps)?,
            Shift::Preset(preset) => self.lengthened(preset),
        };
        self.within_bounds(&planned.steps)?;
        Ok(planned)
    }

    /// A list means what it says, so it is not lengthened. In shadow mode nothing depends on it but what is shown.
    fn listed(&self, steps: &[Step]) -> Result<PlannedSteps, Refusal> {
        let long_enough = long_enough(steps);
        let steps = steps.to_vec();
        if steps == long_enough {
            return Ok(PlannedSteps {
                steps,
                warning: None,
            });
        }
        let (found, would_do) = (spelled(&steps), spelled(&long_enough));
        let short = format!(
            "{found} is too short to be judged, {would_do} would do: {}",
            why()
        );
        match self.mode {
            VerdictMode::Decide => Err(short.into()),
            VerdictMode::Shadow => Ok(PlannedSteps {
                steps,
                warning: Some(short),
            }),
        }
    }

    /// A preset is what people know, not what they have measured: it gets the time that it needs.
    fn lengthened(&self, preset: &Preset) -> PlannedSteps {
        let seconds = preset.seconds;
        let step = |share: &Share| Step {
            share: *share,
            seconds,
        };
        let mut written: Vec<Step> = preset.below_all.iter().map(step).collect();
        written.push(self.watch());
        let steps = long_enough(&written);
        let warning = (steps != written).then(|| {
            let longer = match steps.as_slice() {
                [first, later, _, ..] if later.seconds > seconds => {
                    format!(
                        "each step lasts {} s, the first {} s",
                        later.seconds, first.seconds
                    )
                }
                [first, ..] => format!("the first step lasts {} s", first.seconds),
                [] => String::new(),
            };
            let name = excerpt(&preset.name);
            format!("{name}: {longer}, instead of {seconds}: {}", why())
        });
        PlannedSteps { steps, warning }
    }

    fn watch(&self) -> Step {
        Step {
            share: Share::ALL,
            seconds: self.watch_seconds,
        }
    }

    fn within_bounds(&self, steps: &[Step]) -> Result<(), Refusal> {
        let seconds = steps.iter().map(|it| u64::from(it.seconds)).sum::<u64>();
        let grace = u64::from(self.grace_seconds);
        let count = steps.len();
        let longest = steps.iter().fold(seconds, |sum, _| sum + grace);
        if longest <= u64::from(MOST_SECONDS_OF_STEPS) {
            return Ok(());
        }
        Err(Refusal::from(format!(
            "expected steps that last at most {MOST_SECONDS_OF_STEPS} s, since a push waits behind them, found {longest} s: \
             {seconds} s, and {count} times InconclusiveGraceSeconds ({grace} s). Write fewer or shorter steps, \
             or lower InconclusiveGraceSeconds."
        )))
    }
}
