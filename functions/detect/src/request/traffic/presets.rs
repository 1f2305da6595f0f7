//! The names of shifts that people know from CodeDeploy (its User Guide, "Deployment configurations on an Amazon ECS
//! compute platform"), with any numbers in them: one share for a time and then the rest, or equal shares at equal times.

use super::shift::{MOST_STEPS, Preset, Shift, whole};
use shared::Share;

/// What CodeDeploy writes before the name.
const PREFIXES: [&str; 2] = ["CodeDeployDefault.ECS", "ECS"];

/// Reads a name; the error says what is wrong with it.
pub(super) fn preset(name: &str) -> Result<Shift, String> {
    let mut prefixes = PREFIXES.iter();
    let plain = prefixes.find_map(|prefix| name.strip_prefix(prefix));
    let plain = plain.unwrap_or(name);
    if plain == "AllAtOnce" {
        return Ok(Shift::AllAtOnce);
    }
    let canary = plain.strip_prefix("Canary");
    let linear = plain.strip_prefix("Linear");
    let numbers = canary.and_then(|it| numbers(it, "Percent"));
    let numbers = numbers.or_else(|| linear.and_then(|it| self::numbers(it, "PercentEvery")));
    let (percent, minutes) = numbers.ok_or("it is none of these")?;
    let share = u8::try_from(percent).ok().and_then(Share::new);
    let share = share.filter(|it| !it.is_all());
    let share = share.ok_or_else(|| format!("its share is {percent}, not 1 to 99"))?;
    if minutes == 0 {
        return Err("its steps last no minute".to_owned());
    }
    let below_all = if canary.is_some() {
        vec![share]
    } else {
        multiples(share)
    };
    let count = below_all.len() + 1;
    if count > MOST_STEPS {
        return Err(format!("{count} steps are more than {MOST_STEPS}"));
    }
    Ok(Shift::Preset(Preset {
        name: name.to_owned(),
        below_all,
        seconds: minutes.saturating_mul(60),
    }))
}

/// The numbers of `10Percent5Minutes`, where `between` is `Percent`.
fn numbers(text: &str, between: &str) -> Option<(u32, u32)> {
    let (percent, minutes) = text.split_once(between)?;
    let minutes = minutes.strip_suffix("s").unwrap_or(minutes);
    let minutes = minutes.strip_suffix("Minute")?;
    Some((whole(percent)?, whole(minutes)?))
}

/// A share, twice that, and so on below 100 %.
fn multiples(share: Share) -> Vec<Share> {
    let shares = (1..).map_while(|times| Share::new(share.percent().checked_mul(times)?));
    shares.take_while(|it| !it.is_all()).collect()
}
