//! Follows an execution as a person at the console would: states as they are entered, and the end.

use crate::show::Show;
use crate::stage::Stage;
use crate::traffic::Traffic;
use anyhow::{Result, ensure};
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::types::{ExecutionStatus, HistoryEventType};
use serde_json::Value;
use std::time::{Duration, Instant};

/// Nothing on the stage takes longer.
const TIMEOUT: Duration = Duration::from_secs(300);

/// From one look to the next.
const POLL: Duration = Duration::from_millis(150);

/// The same where nobody watches, and many releases run at the same time.
const QUIET_POLL: Duration = Duration::from_millis(400);

/// How an execution ended.
#[derive(Clone, Debug)]
pub struct End {
    /// ARN of the execution.
    pub execution: String,
    pub status: ExecutionStatus,
    pub error: String,
    pub cause: String,
    pub output: Value,
    /// The states it entered, in order.
    pub states: Vec<String>,
    /// How long it was followed, which is from its start.
    pub seconds: f64,
}

/// An execution that is being followed.
pub struct Follow<'a> {
    stage: &'a Stage,
    arn: String,
    states: Vec<String>,
    /// Who answered last: version and environment.
    answering: Option<(String, String)>,
    began: Instant,
}

impl End {
    /// The id of its release.
    pub fn release(&self) -> &str {
        self.execution.rsplit(':').next().unwrap_or_default()
    }

    /// Whether the execution entered a state.
    pub fn entered(&self, state: &str) -> bool {
        self.states.iter().any(|entered| entered == state)
    }

    /// The end in one line.
    pub fn describe(&self) -> String {
        let (status, output) = (&self.status, &self.output);
        format!("{status} {}: {} {output}", self.error, self.cause)
    }
}

impl<'a> Follow<'a> {
    pub fn new(stage: &'a Stage, arn: String) -> Follow<'a> {
        Follow {
            stage,
            arn,
            states: Vec::new(),
            answering: None,
            began: Instant::now(),
        }
    }

    /// ARN of the execution.
    pub fn execution(&self) -> &str {
        &self.arn
    }

    /// Shows states as they are entered, until `state` is entered or the execution ends.
    ///
    /// # Errors
    /// The execution takes longer than 5 minutes, or AWS does not answer.
    pub async fn until(
        &mut self,
        state: Option<&str>,
        show: &Show,
        traffic: &Traffic,
    ) -> Result<()> {
        loop {
            for (entered, input) in self.newly_entered().await? {
                if let Some(line) = self.line(&entered, &input) {
                    show.say(&format!("  {line}"));
                }
                self.states.push(entered);
            }
            let counts = traffic.counts();
            show.live(&counts.describe());
            if counts.latest != self.answering {
                show.say(&counts.describe());
                self.answering = counts.latest;
            }
            if self.is_over(state).await? {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Waits, without showing anything, until `state` is entered or the execution ends.
    ///
    /// # Errors
    /// The execution takes longer than 5 minutes, or AWS does not answer.
    pub async fn wait(&mut self, state: &str) -> Result<()> {
        loop {
            self.read_states().await?;
            if self.is_over(Some(state)).await? {
                return Ok(());
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Follows to the end.
    ///
    /// # Errors
    /// The execution takes longer than 5 minutes, or AWS does not answer.
    pub async fn end(mut self, show: &Show, traffic: &Traffic) -> Result<End> {
        self.until(None, show, traffic).await?;
        self.into_end().await
    }

    /// Follows to the end without showing anything.
    ///
    /// # Errors
    /// The execution takes longer than 5 minutes, or AWS does not answer.
    pub async fn quiet_end(self) -> Result<End> {
        while !self.is_over(None).await? {
            tokio::time::sleep(QUIET_POLL).await;
        }
        self.into_end().await
    }

    async fn into_end(mut self) -> Result<End> {
        self.read_states().await?;
        let execution = self.describe().await?;
        let output = execution.output.unwrap_or_default();
        Ok(End {
            execution: self.arn,
            status: execution.status,
            error: execution.error.unwrap_or_default(),
            cause: execution.cause.unwrap_or_default(),
            output: serde_json::from_str(&output).unwrap_or_default(),
            states: self.states,
            seconds: self.began.elapsed().as_secs_f64(),
        })
    }

    /// Whether `state` was entered, or the execution has ended; an error once that takes too long.
    async fn is_over(&self, state: Option<&str>) -> Result<bool> {
        let entered = state.is_some_and(|state| self.states.iter().any(|name| name == state));
        let over = entered || self.describe().await?.status != ExecutionStatus::Running;
        ensure!(
            over || self.began.elapsed() < TIMEOUT,
            "the execution did not end within {TIMEOUT:?}; its last state was {:?}",
            self.states.last()
        );
        Ok(over)
    }

    async fn describe(&self) -> Result<DescribeExecutionOutput> {
        let call = self.stage.aws.sfn().describe_execution();
        Ok(call.execution_arn(&self.arn).send().await?)
    }

    async fn read_states(&mut self) -> Result<()> {
        let entered = self.newly_entered().await?.into_iter();
        self.states.extend(entered.map(|(name, _)| name));
        Ok(())
    }

    /// The line for a state: the states of a loop are shown once, and each verdict of the watch with its reason.
    fn line(&self, entered: &str, input: &Value) -> Option<String> {
        if entered == "Release healthy?" {
            let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
            return Some(format!("{}: {}", text("verdict"), text("reason")));
        }
        let again = self.states.iter().any(|state| state == entered);
        (!again).then(|| entered.to_owned())
    }

    /// The states entered since the last look, with their inputs. A loop's states appear once a round.
    async fn newly_entered(&self) -> Result<Vec<(String, Value)>> {
        let call = self.stage.aws.sfn().get_execution_history();
        let call = call.execution_arn(&self.arn).max_results(1000);
        let events = call.into_paginator().items().send().try_collect().await?;
        let is_entry = |kind: &HistoryEventType| kind.as_str().ends_with("StateEntered");
        let entered = events.iter().filter(|event| is_entry(event.r#type()));
        let details = entered.filter_map(|event| event.state_entered_event_details());
        let newly = details.skip(self.states.len()).map(|state| {
            let input = state.input().unwrap_or_default();
            let input = serde_json::from_str(input).unwrap_or_default();
            (state.name().to_owned(), input)
        });
        Ok(newly.collect())
    }
}
