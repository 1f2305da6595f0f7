//! One release of the fleet: the states of the machine that a good release goes through, in their order.

use super::account::Account;
use super::machine::{Machine, Watch};
use crate::recorded::{End, Recording, Run, look};

/// Seconds in which ECS replaces the tasks: at least, and how many more at most.
const ROLLOUT: (f64, f64) = (60.0, 90.0);

/// Seconds of a smoke test, and of a probe in the watch.
const SMOKE: f64 = 2.0;
const PROBE: f64 = 0.5;

/// What became of a release; otherwise than released, with the state that ended it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Released,
    /// Before its first flip.
    Failed(&'static str),
    FlippedBack(&'static str),
}

/// A share with the seconds of its watch.
pub type Step = (u32, f64);

/// A state's name, by which a release ends.
type Ended = &'static str;

pub struct Release<'a> {
    pub account: &'a Account,
    pub machine: &'a Machine,
    pub recording: &'a Recording,
    pub steps: &'a [Step],
    /// Retries so far, and looks at targets before a flip, as the machine counts them.
    pub tries: u32,
    pub looks: u32,
    /// Whether the last error was that AWS turned a call away.
    pub is_throttled: bool,
}

impl Release<'_> {
    pub async fn run(mut self) -> Fate {
        let first = self.steps[0].0;
        if let Err(state) = self.until_first_flip(first).await {
            return Fate::Failed(state);
        }
        let released = self.watch_all().await;
        released.map_or_else(Fate::FlippedBack, |()| Fate::Released)
    }

    async fn until_first_flip(&mut self, share: u32) -> Result<(), Ended> {
        if self.steps.len() > 1 {
            self.task("Detect environments", "detect-before-steps")
                .await?;
            self.task("Check traffic", "check-traffic").await?;
        }
        self.task("Detect environments", "detect").await?;
        self.task("Register task definition", "register").await?;
        self.task("Deploy to idle environment", "update").await?;
        self.roll_out().await?;
        self.account.clock.sleep(SMOKE).await;
        self.task("Record smoke test", "record-smoke").await?;
        self.task("Heed people", &format!("heed-at-{share}%"))
            .await?;
        self.flip(share).await
    }

    async fn roll_out(&mut self) -> Result<(), Ended> {
        let account = self.account;
        let began = account.clock.now();
        let deployed = || account.clock.now() - began;
        let ends = ROLLOUT.0 + ROLLOUT.1 * account.chance();
        let mut checks = 0;
        loop {
            let wait = self.machine.wait_for_tasks(deployed());
            account.clock.sleep(wait).await;
            let is_over = deployed() >= ends;
            let task = if is_over {
                "check-last"
            } else {
                "check-pending"
            };
            self.task("Check deployment", task).await?;
            checks += 1;
            if is_over {
                return Ok(());
            }
            if !self.machine.checks_again(deployed(), checks, self.tries) {
                return Err("Deployment steady?");
            }
        }
    }

    async fn flip(&mut self, share: u32) -> Result<(), Ended> {
        let check = format!("check-alarms-at-{share}%");
        let flip = format!("flip-at-{share}%");
        loop {
            self.task("Check alarms", &check).await?;
            let flipped = self.task("Flip traffic", &flip).await;
            let looks_again = self.machine.looks_again(self.looks, self.tries);
            if flipped.is_ok() || !self.is_throttled || !looks_again {
                return flipped.map(|_| ());
            }
            self.looks += 1;
            self.task("Scale idle environment again", "scale").await?;
            let wait = self.machine.wait_for_targets(self.account.chance());
            self.account.clock.sleep(wait).await;
        }
    }

    async fn watch_all(&mut self) -> Result<(), Ended> {
        let (steps, grace) = (self.steps, self.machine.parameters.grace);
        let mut watch = Watch {
            steps: steps.len() as f64,
            seconds_max: steps.iter().map(|(_, seconds)| seconds + grace).sum(),
            polls: 0,
            looks: 0,
            unread: false,
        };
        for (number, step) in steps.iter().enumerate() {
            if number > 0 {
                let passed = steps[number - 1].0;
                self.task("Record step", &format!("record-step-at-{passed}%"))
                    .await?;
                self.flip(step.0).await?;
            }
            self.watch(*step, &mut watch).await?;
        }
        self.task("Record release", "record-release").await?;
        Ok(())
    }

    async fn watch(&mut self, (share, end): Step, watch: &mut Watch) -> Result<(), Ended> {
        let (account, state) = (self.account, "Evaluate metrics");
        let flipped_at = account.clock.now();
        (watch.looks, watch.unread) = (0, false);
        loop {
            account.clock.sleep(self.machine.watch(watch)).await;
            // Its retries are none: what it cannot find out, it finds out at the next look.
            account.invoke(self.recording.of("heed-again")).await;
            account.clock.sleep(PROBE).await;
            let after = account.clock.now() - flipped_at;
            let look = look(self.recording, share, end, after);
            let End::Answer { word, unread } = self.retried(state, look).await? else {
                return Err(state);
            };
            match word.as_str() {
                "keep" | "advance" => return Ok(()),
                "flip-back" => return Err(state),
                _ => watch.unread = unread,
            }
            (watch.looks, watch.polls) = (watch.looks + 1, watch.polls + 1);
            if !self.machine.watches_on(watch, self.tries) {
                return Err("Release healthy?");
            }
        }
    }

    async fn task(&mut self, state: Ended, task: &str) -> Result<End, Ended> {
        self.retried(state, self.recording.of(task)).await
    }

    /// A state with its retries: how its task ends, or the state's name where that is an error to the last.
    async fn retried(&mut self, state: Ended, run: &Run) -> Result<End, Ended> {
        let mut retries = Vec::new();
        loop {
            let end = match state {
                "Flip traffic" => self.account.invoke_flip(run).await,
                _ => self.account.invoke(run).await,
            };
            let End::Error(error) = &end else {
                return Ok(end);
            };
            let chance = self.account.chance();
            self.is_throttled = error == "AwsUnavailable";
            let wait = self.machine.retry(state, error, &mut retries, chance);
            self.account.clock.sleep(wait.ok_or(state)?).await;
            self.tries += 1;
        }
    }
}
