//! The script and the flip, side by side: each pair runs both against the same stand-in, one after the other, so that what
//! else the machine does meets both. The median of the pairs' ratios is held against the goal.

use crate::aws::{Aws, BLUE, GREEN, RULE};
use crate::built::{FLOOR, binary};
use crate::process::{Used, Variables, function, script};
use crate::tasks;
use anyhow::{Result, ensure};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// Pairs of a kind: so many, or fewer once the time is over, but never fewer than three.
const PAIRS: usize = 9;
const ENOUGH: usize = 3;
const TIME: Duration = Duration::from_secs(40);

/// One pair.
#[derive(Clone, Copy)]
struct Pair {
    script: Used,
    flip: Used,
}

/// What the pairs of one kind say.
pub struct Compared {
    pub pairs: usize,
    pub script: Used,
    pub flip: Used,
    pub times_by_time: f64,
    pub times_by_cpu: f64,
    /// Calls of AWS by the script, and by the flip.
    pub calls: (usize, usize),
}

/// Compares both where every answer of AWS takes `delay`.
pub fn compare(runtime: &Runtime, cli: &Path, delay: Duration) -> Result<Compared> {
    // What Python compiles once, and what the disk has to fetch, is measured in neither.
    pair(runtime, cli, delay)?;
    let began = Instant::now();
    let (mut pairs, mut calls) = (Vec::new(), (0, 0));
    while pairs.len() < ENOUGH || pairs.len() < PAIRS && began.elapsed() < TIME {
        let (pair, called) = pair(runtime, cli, delay)?;
        pairs.push(pair);
        calls = called;
    }
    let times = |used: fn(Used) -> Duration| {
        median(&pairs, |it| {
            used(it.script).as_secs_f64() / used(it.flip).as_secs_f64()
        })
    };
    Ok(Compared {
        pairs: pairs.len(),
        script: median_used(&pairs, |it| it.script),
        flip: median_used(&pairs, |it| it.flip),
        times_by_time: times(|it| it.time),
        times_by_cpu: times(|it| it.cpu),
        calls,
    })
}

fn pair(runtime: &Runtime, cli: &Path, delay: Duration) -> Result<(Pair, (usize, usize))> {
    let aws = Aws::start(runtime, delay, &tasks::record())?;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("switch.sh");
    let (script, said) = script(&path, &of_script(cli, &aws)?)?;
    ensure!(said == GREEN && aws.live() == GREEN, "the script: {said}");
    let by_script = aws.calls();
    let aws = Aws::start(runtime, delay, &tasks::record())?;
    let variables = tasks::variables(&aws.url());
    let flip = function(runtime, &binary("flip"), &variables, &tasks::flip(), false)?;
    let (decision, live) = (&flip.answer["decision"], aws.live());
    ensure!(decision == "flipped" && live == GREEN, "{}", flip.answer);
    let pair = Pair {
        script,
        flip: flip.whole,
    };
    Ok((pair, (by_script, aws.calls())))
}

fn of_script(cli: &Path, aws: &Aws) -> Result<Variables> {
    let path = std::env::var("PATH")?;
    let variables = [
        ("PATH", format!("{}:{path}", cli.display())),
        ("AWS_ENDPOINT_URL", aws.url()),
        ("AWS_DEFAULT_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "key".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "secret".to_owned()),
        ("AWS_CONFIG_FILE", "/dev/null".to_owned()),
        ("AWS_PAGER", String::new()),
        ("RULE", RULE.to_owned()),
        ("BLUE", BLUE.to_owned()),
        ("GREEN", GREEN.to_owned()),
    ];
    Ok(variables.into())
}

/// What the floor takes as a whole, the median of as many processes.
pub fn floor(runtime: &Runtime) -> Result<Used> {
    let greet = || {
        function(
            runtime,
            &binary(FLOOR),
            &Vec::new(),
            &tasks::greeting(),
            false,
        )
    };
    let greeted: Result<Vec<_>> = (0..PAIRS).map(|_| Ok(greet()?.whole)).collect();
    Ok(median_used(&greeted?, |it| *it))
}

fn median_used<T>(items: &[T], used: impl Fn(&T) -> Used) -> Used {
    Used {
        time: Duration::from_secs_f64(median(items, |it| used(it).time.as_secs_f64())),
        cpu: Duration::from_secs_f64(median(items, |it| used(it).cpu.as_secs_f64())),
    }
}

/// The middle one of the items' numbers; where they are even, the upper one of the two.
pub fn median<T>(items: &[T], number: impl Fn(&T) -> f64) -> f64 {
    let mut numbers: Vec<f64> = items.iter().map(number).collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
