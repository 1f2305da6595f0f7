//! A stack as people have it: what moves with a release, and what does not.

use super::operator::Operator;
use crate::changes::INTERNAL;
use crate::follow::{End, Follow};
use crate::registry::{CPUS, repository};
use crate::relay;
use crate::stage::{FIRST, REPOSITORY, Stage};
use anyhow::{Context, Result};
use chrono::Utc;
use serde_json::json;
use shared::Environment::{self, Blue, Green};
use std::collections::BTreeSet;

const BUILD: &str = "v1.1.0";

pub(super) async fn run(operator: &mut Operator<'_>) -> Result<()> {
    for cpu in CPUS {
        member(operator, cpu).await?;
    }
    operator
        .show
        .say(&format!("pushing {BUILD}, the index of both"));
    let execution = relay::push(operator.stage, BUILD).await?;
    let end = end(operator, BUILD, execution).await?;
    operator.succeeded("the index is released", &end, "released");
    let warnings = end.output["warnings"].to_string();
    let warned = warnings.contains("unpinned-image") && warnings.contains("agent");
    let expected = "it warns of the agent, whose image is not pinned";
    operator.report.check(expected, warned, &warnings);
    runs(operator, Green, BUILD).await?;
    answers(operator, BUILD).await?;
    let rollback = json!({"action": "rollback", "reason": "reports are empty"});
    let end = operator.request(&rollback).await?;
    operator.succeeded("the rollback SUCCEEDED", &end, "rolled back");
    runs(operator, Blue, FIRST).await?;
    answers(operator, FIRST).await?;
    operator.nobody_noticed();
    Ok(())
}

/// Pushes the build for one kind of machine, which is a part of a build and no release.
async fn member(operator: &mut Operator<'_>, cpu: &str) -> Result<()> {
    let (stage, tag) = (operator.stage, format!("{BUILD}-{cpu}"));
    operator.show.say(&format!("pushing {tag}"));
    let push = stage
        .registry
        .push_member(&stage.aws, REPOSITORY, BUILD, cpu);
    let event = relay::image_action(stage, &push.await?, Some(&tag), Utc::now());
    let execution = relay::deliver(stage, &event).await?;
    let execution = execution.context("the deployed rule does not match the push")?;
    let end = end(operator, &tag, execution).await?;
    let expected = format!("{tag} alone is nothing to release");
    operator.succeeded(&expected, &end, "nothing to release");
    let reason = end.output["reason"].to_string();
    operator.show.say(&format!("  {reason}"));
    let expected = "because of the exception that it names";
    let named = reason.contains("TagExceptions");
    operator.report.check(expected, named, &reason);
    Ok(())
}

async fn end(operator: &mut Operator<'_>, tag: &str, execution: String) -> Result<End> {
    let follow = Follow::new(operator.stage, execution);
    operator.end(&format!("a push of {tag}"), follow).await
}

/// The API and the worker of an environment run `build`, the agent what it ran before.
async fn runs(operator: &mut Operator<'_>, environment: Environment, build: &str) -> Result<()> {
    let found = versions(operator.stage, environment).await?;
    let found: Vec<_> = found.into_iter().collect();
    let found = found.join(", ");
    operator.show.say(&format!("{environment} runs {found}"));
    let expect = format!("agent latest, api {build}, worker {build}");
    let expected = format!("all tasks of {environment} run {expect}");
    operator.report.check(&expected, found == expect, &found);
    Ok(())
}

/// The containers of an environment's tasks with the builds that they run, by their digests.
async fn versions(stage: &Stage, environment: Environment) -> Result<BTreeSet<String>> {
    let (cluster, service) = stage.service_names(environment)?;
    let ecs = stage.aws.ecs();
    let tasks = ecs.list_tasks().cluster(cluster).service_name(service);
    let tasks = tasks.send().await?.task_arns;
    let call = ecs.describe_tasks().cluster(cluster).set_tasks(tasks);
    let tasks = call.send().await?.tasks.unwrap_or_default();
    let containers = tasks.iter().flat_map(|task| task.containers());
    let builds = containers.map(|container| {
        let image = repository(container.image().unwrap_or_default());
        let image = format!("{image}@{}", container.image_digest().unwrap_or_default());
        let build = stage.registry.find(&image);
        let build = build.map_or(image, |(_, build)| build);
        format!("{} {build}", container.name().unwrap_or_default())
    });
    Ok(builds.collect())
}

/// `build` answers on both listeners.
async fn answers(operator: &mut Operator<'_>, build: &str) -> Result<()> {
    let expected = format!("{build} answers customers");
    operator.answers(&expected, build).await;
    let found = operator.stage.version(INTERNAL).await?;
    let expected = format!("{build} answers on the internal listener");
    operator.report.check(&expected, found == build, &found);
    Ok(())
}
