//! An operator who sends one request after the other, while customers order tea.

use crate::follow::{End, Follow};
use crate::relay;
use crate::report::Report;
use crate::show::Show;
use crate::stage::{FIRST, REPOSITORY, Stage};
use crate::traffic::Traffic;
use crate::typed::typed;
use anyhow::Result;
use aws_sdk_sfn::types::ExecutionStatus;
use serde_json::Value;
use std::sync::Arc;

/// Every request is followed to its end, and its end compared.
pub(super) struct Operator<'a> {
    pub stage: &'a Arc<Stage>,
    pub show: &'a Show,
    pub traffic: Traffic,
    pub report: Report,
}

impl<'a> Operator<'a> {
    /// Waits until the first version answers.
    pub async fn start(
        stage: &'a Arc<Stage>,
        show: &'a Show,
        traffic: Traffic,
        report: Report,
    ) -> Result<Self> {
        traffic.wait_for(FIRST).await?;
        Ok(Operator {
            stage,
            show,
            traffic,
            report,
        })
    }

    /// Pushes a build without an event of it.
    pub async fn push(&self, build: &str) -> Result<()> {
        let Stage { registry, aws, .. } = self.stage.as_ref();
        registry.push(aws, REPOSITORY, build).await?;
        Ok(())
    }

    pub async fn request(&mut self, request: &Value) -> Result<End> {
        self.show.say(&format!("requesting {}", typed(request)));
        let follow = Follow::new(self.stage, relay::request(self.stage, request).await?);
        self.end(&way(request), follow).await
    }

    /// Follows what `way` started to its end.
    pub async fn end(&mut self, way: &str, follow: Follow<'_>) -> Result<End> {
        let end = follow.end(self.show, &self.traffic).await?;
        self.report.tell(way, &end);
        Ok(end)
    }

    /// `expected` says in words that the execution should succeed with `result`.
    pub fn succeeded(&mut self, expected: &str, end: &End, result: &str) {
        let fits = end.status == ExecutionStatus::Succeeded && end.output["result"] == result;
        self.report.check(expected, fits, &end.describe());
    }

    /// `expected` says in words that the execution should fail with `error`, and a cause that contains `cause`.
    pub fn failed(&mut self, expected: &str, end: &End, error: &str, cause: &str) {
        let fits = end.error == error && end.cause.contains(cause);
        self.report.check(expected, fits, &end.describe());
    }

    /// `expected` says in words that `version` should answer customers.
    pub async fn answers(&mut self, expected: &str, version: &str) {
        let answers = self.traffic.wait_for(version).await;
        let found = format!("{answers:?}");
        self.report.check(expected, answers.is_ok(), &found);
    }

    /// The build has not answered anybody.
    pub fn nobody_has(&mut self, build: &str) {
        let counts = self.traffic.counts();
        let answered = counts.answers.keys().any(|(version, _)| version == build);
        let expected = format!("by then no customer has got {build}");
        let found = format!("{:?}", counts.answers);
        self.report.check(&expected, !answered, &found);
    }

    /// The release ended before it had changed anything.
    pub fn untouched(&mut self, end: &End) {
        let untouched = !end.entered("Register task definition");
        let states = format!("{:?}", end.states);
        self.report
            .check("before anything is touched", untouched, &states);
    }

    /// Customers stayed where they were.
    pub fn never_flipped(&mut self, end: &End) {
        let flipped = end.entered("Flip traffic");
        let states = format!("{:?}", end.states);
        self.report
            .check("traffic was never flipped", !flipped, &states);
    }

    /// No customer noticed anything.
    pub fn nobody_noticed(&mut self) {
        let counts = self.traffic.counts();
        self.report.failed_requests(&counts, None);
    }
}

/// A request in a few words: what it asks for.
fn way(request: &Value) -> String {
    let text = |name: &str| request[name].as_str();
    match (text("action"), text("tag")) {
        (Some(action), _) => format!("a request: {action}"),
        (None, Some(tag)) => format!("a request for {tag}"),
        (None, None) => format!("a request: {request}"),
    }
}
