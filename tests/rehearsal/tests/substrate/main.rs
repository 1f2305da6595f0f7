//! What the rehearsal stands on, without the release system: MiniStack, the engine behind its ECS, and the sample
//! service.

mod alarms;
mod balancer;
mod commands;
mod conditions;
mod deliveries;
mod entries;
mod events;
mod forwards;
mod health;
mod images;
mod migration;
mod shop;
mod starts;
mod tasks;

use anyhow::{Context, Result, bail, ensure};
use aws_sdk_ecs::types::DeploymentRolloutState;
use rehearsal::aws::http_client;
use rehearsal::engine::Engine;
use rehearsal::server::Server;
use rehearsal::{install, stack};
use shop::{HOST, STACK, Shop, customer};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A process that is killed is gone at once, on a busy machine a little later.
const ENDED_WITHIN: Duration = Duration::from_secs(60);

/// Where functions would call AWS; there are none here.
const NO_FUNCTIONS: &str = "http://127.0.0.1:9";

/// Given a service of v1.0.0 under traffic
/// When it is rolled to v1.1.0, then to builds that crash and that say they are unhealthy, and to an image that nobody
/// pushed
/// Then the first is COMPLETED; the others are FAILED with a reason, and v1.1.0 stays. No request fails.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_is_rolled_to_what_can_run() -> Result<()> {
    let engine = Engine::start(env!("CARGO_BIN_EXE_sample-service").into()).await?;
    let server = Server::start(engine.port, NO_FUNCTIONS).await?;
    let shop = Arc::new(Shop::open(&server, &engine).await?);
    shop.answers("v1.0.0").await?;
    let (stop, answers) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let customer = tokio::spawn(customer(shop.clone(), stop.clone(), answers.clone()));

    let (state, reason) = shop.rolled("shop:v1.1.0").await?;
    assert_eq!(state, DeploymentRolloutState::Completed, "{reason}");
    shop.answers("v1.1.0").await?;
    let pushed = engine.registry.find(&format!("{HOST}/shop:v1.1.0"));
    let digest = pushed.context("pushed")?.0;
    assert_eq!(shop.digests().await?, [digest.clone(), digest]);
    let mut states = shop.targets().await?;
    states.retain(|(_, state)| state != "draining");
    let healthy = states.iter().filter(|(_, state)| state == "healthy");
    assert_eq!((states.len(), healthy.count()), (2, 2), "{states:?}");

    for (image, stopped) in [
        ("shop:v1.1.0-crash", "Essential container exited"),
        ("shop:v1.1.0-unhealthy", "Task failed ELB health checks"),
        ("shop:v9.9.9", "CannotPullContainerError"),
    ] {
        let before = answers.load(Ordering::Relaxed);
        let (state, reason) = shop.rolled(image).await?;
        assert_eq!(state, DeploymentRolloutState::Failed, "{image}: {reason}");
        let now = answers.load(Ordering::Relaxed);
        assert!(now > before, "{image}: no customer was there");
        assert!(reason.contains("circuit breaker"), "{image}: {reason}");
        let reasons = shop.stopped_reasons().await?;
        let found = reasons.iter().any(|it| it.starts_with(stopped));
        assert!(found, "{image}: {reasons:?}");
        shop.answers("v1.1.0").await.context(image)?;
    }
    stop.store(true, Ordering::Relaxed);
    assert_eq!(customer.await?, Vec::<String>::new());

    stack::delete(&shop.aws, STACK).await?;
    assert!(shop.blue().await.is_err(), "the cluster is gone");
    Ok(())
}

/// Given a service of v1.0.0 under traffic
/// When tasks of its image migrate its database: once, again, and with a text that cannot run
/// Then the first changes it, the second has nothing to do, the third fails with a reason; no request fails.
#[tokio::test(flavor = "multi_thread")]
async fn a_task_migrates_the_database_of_a_running_service() -> Result<()> {
    let engine = Engine::start(env!("CARGO_BIN_EXE_sample-service").into()).await?;
    let server = Server::start(engine.port, NO_FUNCTIONS).await?;
    let shop = Arc::new(Shop::open(&server, &engine).await?);
    shop.answers("v1.0.0").await?;
    let (stop, answers) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let customer = tokio::spawn(customer(shop.clone(), stop.clone(), answers.clone()));
    let expand = "ALTER TABLE orders ADD COLUMN note TEXT";
    let mut ends = Vec::new();
    for sql in [expand, expand, "ALTER TABLE orders ADD COLUMN item TEXT"] {
        ends.push(shop.run(&["migrate", sql]).await?);
    }
    stop.store(true, Ordering::Relaxed);
    assert_eq!(customer.await?, Vec::<String>::new());
    let begin = format!("migrating {HOST}+shop.sqlite");
    for ((code, log), (expect, line)) in ends.iter().zip([
        (0, ", note TEXT)"),
        (0, "already migrated"),
        (1, "fatal: duplicate column name: item"),
    ]) {
        let [first, last] = log.as_slice() else {
            bail!("expected two lines, found {log:?}");
        };
        assert_eq!((*code, first), (expect, &begin), "{log:?}");
        assert!(last.ends_with(line), "{log:?}");
    }
    Ok(())
}

/// Given a local AWS with a service on it
/// When it is dropped
/// Then neither MiniStack nor a task answers any more, and what MiniStack unpacked is removed, and the databases too.
#[tokio::test(flavor = "multi_thread")]
async fn everything_ends_with_its_owner() -> Result<()> {
    let engine = Engine::start(env!("CARGO_BIN_EXE_sample-service").into()).await?;
    let server = Server::start(engine.port, NO_FUNCTIONS).await?;
    let shop = Shop::open(&server, &engine).await?;
    shop.answers("v1.0.0").await?;
    let (task, _) = shop.targets().await?.pop().context("no target")?;
    let urls = [
        format!("http://{task}:8080/health"),
        format!("{}/_ministack/health", server.endpoint),
    ];
    let client = http_client();
    for url in &urls {
        assert!(client.get(url).send().await?.status().is_success(), "{url}");
    }
    let port = server.endpoint.rsplit(':').next().context("no port")?;
    let prefix = format!("ministack-{port}-");
    let databases = format!("databases-{}", engine.port);
    ensure!(unpacked(&prefix)? == 1 && unpacked(&databases)? == 1);
    drop((server, engine));
    let began = Instant::now();
    for url in &urls {
        while client.get(url).send().await.is_ok() {
            ensure!(began.elapsed() < ENDED_WITHIN, "{url} answers");
        }
    }
    ensure!(unpacked(&prefix)? == 0 && unpacked(&databases)? == 0);
    Ok(())
}

/// Folders of the rehearsal whose name begins so.
fn unpacked(prefix: &str) -> Result<usize> {
    let entries = std::fs::read_dir(install::home())?.flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix));
    Ok(named.count())
}
