//! Reads the forms of a request, each field by name: what is not known is an error, never passed over.

use super::execution_request::{ExecutionRequest, MigrationStep, Request};
use super::fields::{Fields, allow_only, list, optional, short, text};
use super::image::{image, tag_of, task_definition};
use super::own_repository::OwnRepository;
use super::push::push;
use super::traffic::Shift;
use super::word::{is_word, word};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::{Refusal, ReleaseId, excerpt, sentence};

/// What the refusal shows when an input is none of them.
const FORMS: &str = "Accepted forms: the EventBridge events \"ECR Image Action\" (PUSH, SUCCESS) and \
    \"ECR Replication Action\" (REPLICATE, SUCCESS); \
    {\"image\": \"REPOSITORY:TAG\"}; {\"image\": \"REPOSITORY@sha256:...\"}; {\"tag\": \"v1.3.0\"}; \
    {\"taskDefinition\": \"arn:...:task-definition/NAME:REVISION\"}; the last four also with \
    \"migration\": {\"command\": [\"...\"], \"sql\": \"...\"}, where sql may be left out, and with \
    \"traffic\": \"10:300,50:300,100:120\"; \
    {\"action\": \"rollback\", \"by\": \"NAME\", \"reason\": \"...\"}, where both may be left out; {\"action\": \"sync\"}, also with \"if\": \"drifted\"; {\"action\": \"report-drift\"}; \
    {\"action\": \"contract\", \"command\": [\"...\"], \"sql\": \"...\", \"expandedBy\": \"RELEASE\"}, where sql and \
    expandedBy may be left out; a release, a sync and a contract also with \"override\": \"REASON\"; \
    {\"action\": \"plan\", \"request\": {any of these}}; {\"action\": \"status\"}; \
    {\"action\": \"approve\", \"release\": \"RELEASE\"}, or reject, hold, resume, finish or stop; \
    {\"action\": \"freeze\", \"reason\": \"...\"}; {\"action\": \"unfreeze\"}";

/// What the refusal shows when a person meant to decide something.
const WORDS: &str = "Accepted forms: {\"action\": \"approve\", \"release\": \"RELEASE\", \"gate\": \"flip to 10 %\"}, or \
    reject, where gate may be left out; {\"action\": \"hold\", \"release\": \"RELEASE\"}, or resume, finish or stop; \
    {\"action\": \"freeze\", \"reason\": \"...\", \"until\": \"2026-12-27T08:00:00Z\"}, where until may be left out; \
    {\"action\": \"unfreeze\"}; all of them also with \"by\": \"NAME\" and \"reason\": \"...\"";

/// Reads an execution's input.
///
/// # Errors
/// The refusal is for a person, and shows the accepted forms.
pub fn read(input: &Value, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    read_form(input, repository).map_err(|reason| {
        let reason = sentence(&excerpt(reason.as_str()));
        let forms = if decides(input) { WORDS } else { FORMS };
        Refusal::from(format!("the request cannot be used: {reason} {forms}"))
    })
}

fn read_form(input: &Value, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    let Some(fields) = input.as_object() else {
        return Err(format!("expected a JSON object, found {input}").into());
    };
    if fields.contains_key("detail-type") {
        return Ok(push(input, repository)?.into());
    }
    let Some(action) = fields.get("action") else {
        return release(fields, repository);
    };
    if fields.contains_key("traffic") {
        return Err(moves_no_share(action));
    }
    match action.as_str() {
        Some("plan") => preview(fields, repository),
        Some("rollback") => Ok(rollback(fields)?.into()),
        Some("sync") => overriding(sync(fields)?, fields),
        Some("report-drift") => alone(Request::ReportDrift, fields),
        Some("status") => alone(Request::Status, fields),
        Some("contract") => overriding(contract(fields)?, fields),
        Some(action) if is_word(action) => Ok(Request::Decide(word(action, fields)?).into()),
        _ => Err(list(fields)),
    }
}

/// Whether a person meant to decide something, also where the form is wrong.
pub(crate) fn decides(input: &Value) -> bool {
    input["action"].as_str().is_some_and(is_word)
}

fn alone(request: Request, fields: &Fields) -> Result<ExecutionRequest, Refusal> {
    allow_only(fields, &["action"])?;
    Ok(request.into())
}

/// A request that begins something, also while nothing is meant to begin.
fn overriding(request: Request, fields: &Fields) -> Result<ExecutionRequest, Refusal> {
    Ok(ExecutionRequest {
        overrides: short(fields, "override")?,
        ..ExecutionRequest::from(request)
    })
}

/// A preview of any request, even of one that would be refused.
fn preview(fields: &Fields, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    allow_only(fields, &["action", "request"])?;
    let inner = fields.get("request").ok_or("a plan needs a request")?;
    let inner = read_form(inner, repository)?;
    if inner.preview {
        return Err(Refusal::from("a plan of a plan shows nothing more"));
    }
    if matches!(inner.request, Request::Decide(_) | Request::Status) {
        let status = json!({"action": "status"});
        return Err(Refusal::from(format!(
            "only what a release, a rollback, a sync or a contract step would do can be planned: what there is to decide, \
             {status} shows, and writes nothing"
        )));
    }
    Ok(ExecutionRequest {
        preview: true,
        ..inner
    })
}

fn release(fields: &Fields, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    let known = [
        "image",
        "tag",
        "taskDefinition",
        "migration",
        "traffic",
        "override",
    ];
    allow_only(fields, &known)?;
    let request = match ["image", "tag", "taskDefinition"].map(|name| fields.get(name)) {
        [Some(name), None, None] => image(&text(name)?, repository)?,
        [None, Some(tag), None] => Request::Tag(tag_of(text(tag)?)?),
        [None, None, Some(arn)] => task_definition(text(arn)?)?,
        _ => return Err(list(fields)),
    };
    Ok(ExecutionRequest {
        migration: fields.get("migration").map(step).transpose()?,
        traffic: fields.get("traffic").map(traffic).transpose()?,
        ..overriding(request, fields)?
    })
}

fn traffic(value: &Value) -> Result<Shift, Refusal> {
    let spelled = value.as_str();
    let spelled = spelled.ok_or_else(|| format!("traffic: expected text, found {value}"))?;
    Shift::read(spelled).map_err(|reason| format!("traffic: {reason}").into())
}

/// Why a request of this action has no traffic to shift.
fn moves_no_share(action: &Value) -> Refusal {
    let why = match action.as_str() {
        Some("plan") => "a plan shows the traffic of its request: write it in there",
        Some("rollback") => "a rollback flips all of the traffic back at once: leave traffic out",
        Some("sync") => "a sync never moves traffic: leave traffic out",
        Some("contract") => "a contract step never moves traffic: leave traffic out",
        _ => "only a release shifts traffic: leave traffic out",
    };
    why.into()
}

fn rollback(fields: &Fields) -> Result<Request, Refusal> {
    allow_only(fields, &["action", "by", "reason"])?;
    let reason = match (short(fields, "by")?, short(fields, "reason")?) {
        (Some(by), Some(reason)) => format!("{by}: {reason}"),
        (Some(by), None) => format!("requested by {by}"),
        (None, Some(reason)) => reason,
        (None, None) => "requested by an operator".to_owned(),
    };
    Ok(Request::Rollback { reason })
}

fn sync(fields: &Fields) -> Result<Request, Refusal> {
    allow_only(fields, &["action", "if", "override"])?;
    match fields.get("if") {
        None => Ok(Request::Sync { if_drifted: false }),
        Some(condition) if condition == "drifted" => Ok(Request::Sync { if_drifted: true }),
        Some(other) => Err(format!("expected \"if\": \"drifted\", found {other}").into()),
    }
}

fn contract(fields: &Fields) -> Result<Request, Refusal> {
    let known = ["action", "command", "sql", "expandedBy", "override"];
    allow_only(fields, &known)?;
    let mut of_step = fields.clone();
    of_step.retain(|name, _| name == "command" || name == "sql");
    let expanded_by = optional(fields, "expandedBy")?;
    Ok(Request::Contract {
        step: step(&Value::Object(of_step))?,
        expanded_by: expanded_by.map(ReleaseId::from),
    })
}

fn step(value: &Value) -> Result<MigrationStep, Refusal> {
    let step =
        MigrationStep::deserialize(value).map_err(|error| format!("the migration: {error}"))?;
    step.runnable()
}
