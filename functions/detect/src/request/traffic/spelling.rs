//! Reads the spelling of a shift: `10:300,50:300,100:120`, `AllAtOnce`, or a preset.

use super::presets::preset;
use super::shift::{MOST_STEPS, Shift, whole};
use shared::{Refusal, Share, Step, excerpt};

/// What a refusal shows.
const EXPECTED: &str = "expected shares in per cent that rise to 100, each with its seconds (10:300,50:300,100:120), \
    AllAtOnce, or a preset (Canary10Percent5Minutes, Linear10PercentEvery3Minutes)";

impl Shift {
    /// Reads a spelling; blanks around commas and colons mean nothing.
    ///
    /// # Errors
    /// Says what was expected and what was found.
    pub fn read(text: &str) -> Result<Shift, Refusal> {
        let text = text.trim();
        let is_list = text.starts_with(|it: char| it.is_ascii_digit()) || text.contains(':');
        let shift = if is_list { list(text) } else { preset(text) };
        shift.map_err(|problem| {
            let found = if text.is_empty() { "nothing" } else { text };
            Refusal::from(format!("{problem}: found {}; {EXPECTED}", excerpt(found)))
        })
    }
}

fn list(text: &str) -> Result<Shift, String> {
    let count = text.split(',').count();
    if count > MOST_STEPS {
        return Err(format!("{count} steps are more than {MOST_STEPS}"));
    }
    let steps: Vec<Step> = text.split(',').map(step).collect::<Result<_, _>>()?;
    let shares = || steps.iter().map(|it| it.share);
    if let Some((before, after)) = shares().zip(shares().skip(1)).find(|(a, b)| a >= b) {
        return Err(format!("the share {after} is not more than {before}"));
    }
    match steps.last() {
        Some(last) if !last.share.is_all() => {
            Err(format!("the last share is {}, not 100 %", last.share))
        }
        Some(_) => Ok(Shift::Steps(steps)),
        None => Err("it has no step".to_owned()),
    }
}

fn step(text: &str) -> Result<Step, String> {
    let text = text.trim();
    let step = text.split_once(':').and_then(|(share, seconds)| {
        let share = u8::try_from(whole(share.trim())?).ok()?;
        let seconds = whole(seconds.trim()).filter(|it| *it > 0)?;
        let share = Share::new(share)?;
        Some(Step { share, seconds })
    });
    step.ok_or_else(|| {
        let found = excerpt(text);
        format!("the step \"{found}\" is not a share of 1 to 100, a colon and whole seconds of 1 or more")
    })
}

/// Steps as a person writes them.
pub(super) fn spelled(steps: &[Step]) -> String {
    let steps = steps.iter();
    let steps = steps.map(|it| format!("{}:{}", it.share.percent(), it.seconds));
    steps.collect::<Vec<_>>().join(",")
}
