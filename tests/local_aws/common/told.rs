//! Every event of every story, held against `statemachine/events.schema.json`.
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

use anyhow::{Context, Result, bail, ensure};
use boon::{Compiler, SchemaIndex, Schemas};
use rehearsal::notices::{Event, plain};
use rehearsal::stage::Stage;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

/// Where the schema is.
const FILE: &str = "statemachine/events.schema.json";

/// The events of the stories that have ended so far.
static SO_FAR: Mutex<SoFar> = Mutex::new(SoFar {
    kinds: BTreeSet::new(),
    checked: 0,
    invalid: 0,
});

/// The schema, and what was compiled of it.
static SCHEMA: LazyLock<(Schemas, SchemaIndex)> = LazyLock::new(|| {
    let text = project::read(FILE);
    let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource(FILE, schema).expect("a schema");
    let index = compiler
        .compile(FILE, &mut schemas)
        .expect("a schema of its draft");
    (schemas, index)
});

struct SoFar {
    kinds: BTreeSet<String>,
    checked: usize,
    invalid: usize,
}

/// Holds all events of a stage against the schema, and prints the sum of all stories so far.
///
/// # Errors
/// An event does not fit; it says why.
pub async fn hold_events(stage: &Stage) -> Result<()> {
    let events = stage.inbox.events.all().await?;
    let events: Vec<_> = events.iter().filter(|it| !it.is_of_no_release()).collect();
    let faults: Vec<_> = events.iter().flat_map(|event| faults(event)).collect();
    let mut so_far = SO_FAR.lock().unwrap_or_else(PoisonError::into_inner);
    so_far.kinds.extend(events.iter().map(|it| kind(it)));
    so_far.checked += events.len();
    so_far.invalid += faults.len();
    let SoFar {
        kinds,
        checked,
        invalid,
    } = &*so_far;
    let names: Vec<_> = kinds.iter().map(String::as_str).collect();
    println!(
        "events: kinds={} checked={checked} invalid={invalid} ({})",
        kinds.len(),
        names.join(", ")
    );
    ensure!(faults.is_empty(), "{faults:#?}");
    Ok(())
}

/// What happened, as the machine or flip calls it.
fn kind(event: &Event) -> String {
    match event.what() {
        "" => format!("by flip: {}", event.answer("decision")),
        what => what.to_owned(),
    }
}

/// What is wrong with an event, at most one thing.
fn faults(event: &Event) -> Option<String> {
    let fault = match event.source.as_str() {
        "blue-green" => of_machine(event),
        _ => of_flip(event),
    };
    fault.err().map(|fault| format!("{fault:#} in {event:#?}"))
}

fn of_machine(event: &Event) -> Result<()> {
    let envelope = event.source == "blue-green" && event.detail_type == "Blue-Green Release";
    ensure!(envelope, "not a release event");
    let execution = event.resources.iter().any(|arn| event.is_of(arn));
    ensure!(execution, "its execution is not among its resources");
    let (schemas, index) = &*SCHEMA;
    let wrong = schemas.validate(&event.detail, *index).err();
    wrong.map_or(Ok(()), |wrong| bail!("{wrong:#}"))
}

/// What the rule `FlipByItself` takes of it.
fn of_flip(event: &Event) -> Result<()> {
    for name in ["service", "release", "title", "text"] {
        let text = event.detail["responsePayload"][name].as_str();
        let text = text.with_context(|| format!("no {name}"))?;
        ensure!(
            !text.is_empty() && plain(text) == text,
            "{name} is {text:?}"
        );
    }
    Ok(())
}
