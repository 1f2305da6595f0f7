//! What `blue_green.asl.json` says of retries, waits and bounds.
//!
//! Retries and counts are read from it. Expressions stand here a second time, in Rust, beside the text that they must
//! have there.

use serde_json::Value;

/// Seconds of the parameters, by their defaults in `template.yaml`.
pub struct Parameters {
    pub poll: f64,
    pub deploy_poll: f64,
    pub deploy_timeout: f64,
    pub grace: f64,
}

pub struct Machine {
    states: Value,
    pub parameters: Parameters,
}

/// A block of `Retry`.
struct Retrier<'a>(&'a Value);

impl Machine {
    pub fn read() -> Machine {
        let template = project::template();
        let seconds = |name: &str| {
            let default = &template["Parameters"][name]["Default"];
            default
                .as_f64()
                .unwrap_or_else(|| panic!("no number in {name}"))
        };
        let machine = Machine {
            states: project::machine()["States"].clone(),
            parameters: Parameters {
                poll: seconds("PollSeconds"),
                deploy_poll: seconds("DeployPollSeconds"),
                deploy_timeout: seconds("DeployTimeoutSeconds"),
                grace: seconds("InconclusiveGraceSeconds"),
            },
        };
        machine.says_what_stands_here();
        machine
    }

    /// Without its first block of retries, which waits for as long as a busy account needs; the second one knows its errors.
    pub fn loses_patience(&mut self) {
        for state in self.states.as_object_mut().into_iter().flatten() {
            let Some(retriers) = state.1["Retry"].as_array_mut() else {
                continue;
            };
            if retriers[0]["JitterStrategy"] == "FULL" {
                let names = retriers.remove(0)["ErrorEquals"].take();
                let names = names.as_array().cloned().unwrap_or_default();
                let known = retriers[0]["ErrorEquals"].as_array_mut();
                known.expect("names").extend(names);
            }
        }
    }

    fn says_what_stands_here(&self) {
        let expressions = [
            ("/Wait for tasks/Seconds", WAIT_FOR_TASKS),
            ("/Watch/Seconds", WATCH),
            ("/Deployment steady?/Choices/3/Condition", CHECKS_AGAIN),
            ("/Wait for targets/Seconds", WAIT_FOR_TARGETS),
            ("/Traffic flipped?/Choices/1/Condition", LOOKS_AGAIN),
            ("/Release healthy?/Choices/9/Condition", WATCHES_ON),
        ];
        for (at, text) in expressions {
            let says = self.states.pointer(at).and_then(Value::as_str);
            let says = says.map(|it| it.trim_start_matches("{% ").trim_end_matches(" %}"));
            assert_eq!(
                says,
                Some(text),
                "{at}: change what stands here in Rust with it"
            );
        }
    }

    /// Seconds until the retry with this number, counted from 1, of the retrier that is the first to know the error. None
    /// where there are no more. `retries` are those of each retrier so far; `chance` is between 0 and 1.
    pub fn retry(
        &self,
        state: &str,
        error: &str,
        retries: &mut Vec<u32>,
        chance: f64,
    ) -> Option<f64> {
        let retriers = self.states[state]["Retry"].as_array();
        let retriers = retriers.unwrap_or_else(|| panic!("{state} has no retries"));
        let retriers: Vec<_> = retriers.iter().map(Retrier).collect();
        retries.resize(retriers.len(), 0);
        let number = retriers.iter().position(|it| it.knows(error))?;
        let retrier = &retriers[number];
        retries[number] += 1;
        (retries[number] <= retrier.attempts()).then(|| retrier.wait(retries[number], chance))
    }

    /// Seconds of `Wait for tasks`, so many seconds after the deployment.
    pub fn wait_for_tasks(&self, deployed: f64) -> f64 {
        let Parameters {
            deploy_poll,
            deploy_timeout,
            ..
        } = self.parameters;
        let later = (deploy_timeout / 20.0).min((deployed - 12.0 * deploy_poll) / 8.0);
        deploy_poll.max(later.ceil())
    }

    /// Whether `Deployment steady?` waits once more.
    pub fn checks_again(&self, deployed: f64, checks: u32, tries: u32) -> bool {
        deployed < self.parameters.deploy_timeout && checks < 225 && tries < 350
    }

    /// Seconds of `Wait for targets` after a flip that AWS threw back; `chance` is between 0 and 1.
    pub fn wait_for_targets(&self, chance: f64) -> f64 {
        let parts = (self.parameters.deploy_timeout / 60.0).ceil();
        self.parameters.deploy_poll.max(parts) + (60.0 * chance).floor()
    }

    /// Whether `Traffic flipped?` waits once more after one: it has all of DeployTimeoutSeconds again.
    pub fn looks_again(&self, looks: u32, tries: u32) -> bool {
        looks < 60 && tries < 500
    }

    /// Seconds of `Watch`.
    pub fn watch(&self, watch: &Watch) -> f64 {
        let least = if watch.unread { 60.0 } else { 0.0 };
        let usual = self
            .parameters
            .poll
            .max((watch.seconds_max / 128.0).ceil())
            .max(least);
        let early = [3.0, 3.0, 4.0, 5.0].get(watch.looks).copied();
        early.map_or(usual, |early| usual.min(early))
    }

    /// Whether `Release healthy?` watches on.
    pub fn watches_on(&self, watch: &Watch, tries: u32) -> bool {
        let waited = (f64::from(watch.polls) - watch.steps - 12.0) * self.parameters.poll;
        waited <= watch.seconds_max + 600.0 * watch.steps && watch.polls < 170 && tries < 700
    }
}

const WAIT_FOR_TASKS: &str = "$max([${DeployPollSeconds}, $ceil($min([${DeployTimeoutSeconds} / 20, ($millis() - $deployedAt - 12000 * ${DeployPollSeconds}) / 8000]))])";
const WAIT_FOR_TARGETS: &str = "$max([${DeployPollSeconds}, $ceil(${DeployTimeoutSeconds} / 60)]) + ($decision = 'throttled' ? $floor(60 * $random()) : 0)";
const LOOKS_AGAIN: &str = "$decision in ['not-ready', 'throttled'] and $toMillis($states.context.State.EnteredTime) - $deployedAt < ${DeployTimeoutSeconds} * 1000 and $looks < 60 and $tries < 500";
const WATCH: &str = "( $usual := $max([${PollSeconds}, $ceil($watchSecondsMax / 128), $unread ? 60 : 0]); $early > 0 ? $min([$usual, [5, 4, 3, 3][$early - 1]]) : $usual )";
const CHECKS_AGAIN: &str = "$toMillis($states.context.State.EnteredTime) - $deployedAt < ${DeployTimeoutSeconds} * 1000 and $checks < 225 and $tries < 350";
const WATCHES_ON: &str = "($polls - $stepCount - 12) * ${PollSeconds} <= $watchSecondsMax + 600 * $stepCount and $polls < 170 and $tries < 700";

/// How far the watch of a release is.
pub struct Watch {
    pub steps: f64,
    /// `watchSecondsMax`: all steps with their grace.
    pub seconds_max: f64,
    pub polls: u32,
    /// Looks since the latest flip.
    pub looks: usize,
    /// The latest look could not read what it needs.
    pub unread: bool,
}

impl Retrier<'_> {
    fn knows(&self, error: &str) -> bool {
        let mut names = self.0["ErrorEquals"].as_array().into_iter().flatten();
        names.any(|name| name == error || name == "States.ALL")
    }

    fn attempts(&self) -> u32 {
        let attempts = self.0["MaxAttempts"].as_u64().unwrap_or(3);
        u32::try_from(attempts).expect("a count")
    }

    fn wait(&self, number: u32, chance: f64) -> f64 {
        let seconds = |field: &str, default| self.0[field].as_f64().unwrap_or(default);
        let doubled = seconds("BackoffRate", 2.0).powi(number as i32 - 1);
        let wait = seconds("IntervalSeconds", 1.0) * doubled;
        let wait = wait.min(seconds("MaxDelaySeconds", f64::INFINITY));
        if self.0["JitterStrategy"] == "FULL" {
            wait * chance
        } else {
            wait
        }
    }
}
