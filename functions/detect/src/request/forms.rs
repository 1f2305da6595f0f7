//! Reads the forms of a request, each field by name: what is not known is an error, never passed over.

use super::execution_request::{ExecutionRequest, MigrationStep, Request};
use super::fields::{Fields, allow_only, list, optional, short, text};
use super::from_ci::{self, FROM_CI, from_ci, is_from_ci};
use super::image::{image, tag_of, task_definition};
use super::own_repository::OwnRepository;
use super::push::push;
use super::traffic::Shift;
use super::word::{is_word, word};
use record::{Origin, RequestKind};
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
    {\"action\": \"contract\", \"command\": [\"...\"], \"sql\": \"...\", \"expandedBy\": \"RELEASE\"}, where all but the \
    action may be left out; a release, a sync and a contract also with \"by\": \"NAME\", \"reason\": \"...\" and \
    \"override\": \"REASON\"; \
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
        let forms = match decides(input) {
            _ if is_from_ci(input) => from_ci::FORMS,
            true => WORDS,
            false => FORMS,
        };
        Refusal::from(format!("the request cannot be used: {reason} {forms}"))
    })
}

fn read_form(input: &Value, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    let Some(fields) = input.as_object() else {
        return Err(format!("expected a JSON object, found {input}").into());
    };
    if fields.contains_key("detail-type") {
        let (request, origin) = push(input, repository)?;
        return Ok(ExecutionRequest {
            origin: Some(origin),
            ..request.into()
        });
    }
    let Some(action) = fields.get("action") else {
        return release(fields, repository);
    };
    if fields.contains_key("traffic") {
        return Err(moves_no_share(action));
    }
    match action.as_str() {
        Some("plan") => preview(fields, repository),
        Some(FROM_CI) => from_ci(wrapped(fields, repository)?),
        Some("rollback") => Ok(rollback(fields)?.into()),
        Some("sync") => begins(sync(fields)?, RequestKind::Sync, fields),
        Some("report-drift") => alone(Request::ReportDrift, fields),
        Some("status") => alone(Request::Status, fields),
        Some("contract") => begins(contract(fields)?, RequestKind::Contract, fields),
        Some(action) if is_word(action) => Ok(Request::Decide(word(action, fields)?).into()),
        _ => Err(list(fields)),
    }
}

/// Whether somebody meant to decide something, also where the form is wrong, or where CI may not.
pub(crate) fn decides(input: &Value) -> bool {
    let input = if is_from_ci(input) {
        &input["request"]
    } else {
        input
    };
    input["action"].as_str().is_some_and(is_word)
}

fn alone(request: Request, fields: &Fields) -> Result<ExecutionRequest, Refusal> {
    allow_only(fields, &["action"])?;
    Ok(request.into())
}

/// A request that begins something, also while nothing is meant to begin, and who asks for it.
fn begins(
    request: Request,
    kind: RequestKind,
    fields: &Fields,
) -> Result<ExecutionRequest, Refusal> {
    let overrides = short(fields, "override")?;
    let origin = Origin {
        by: short(fields, "by")?,
        reason: short(fields, "reason")?.or_else(|| overrides.clone()),
        ..Origin::of(kind)
    };
    Ok(ExecutionRequest {
        overrides,
        origin: Some(origin),
        ..ExecutionRequest::from(request)
    })
}

/// The request that stands in another one.
fn wrapped(fields: &Fields, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    allow_only(fields, &["action", "request"])?;
    let inner = fields.get("request").ok_or("it needs a request")?;
    if is_from_ci(inner) {
        return Err(Refusal::from(
            "only CI's machine writes from-ci, and around the whole request: leave it out",
        ));
    }
    read_form(inner, repository)
}

/// A preview of any request, even of one that would be refused.
fn preview(fields: &Fields, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    let inner = wrapped(fields, repository)?;
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
        "by",
        "reason",
    ];
    allow_only(fields, &known)?;
    let (request, kind) = match ["image", "tag", "taskDefinition"].map(|name| fields.get(name)) {
        [Some(name), None, None] => (image(&text(name)?, repository)?, RequestKind::Image),
        [None, Some(tag), None] => (Request::Tag(tag_of(text(tag)?)?), RequestKind::Tag),
        [None, None, Some(arn)] => (task_definition(text(arn)?)?, RequestKind::TaskDefinition),
        _ => return Err(list(fields)),
    };
    Ok(ExecutionRequest {
        migration: fields.get("migration").map(step).transpose()?,
        traffic: fields.get("traffic").map(traffic).transpose()?,
        ..begins(request, kind, fields)?
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
    allow_only(fields, &["action", "if", "override", "by", "reason"])?;
    match fields.get("if") {
        None => Ok(Request::Sync { if_drifted: false }),
        Some(condition) if condition == "drifted" => Ok(Request::Sync { if_drifted: true }),
        Some(other) => Err(format!("expected \"if\": \"drifted\", found {other}").into()),
    }
}

fn contract(fields: &Fields) -> Result<Request, Refusal> {
    let known = [
        "action",
        "command",
        "sql",
        "expandedBy",
        "override",
        "by",
        "reason",
    ];
    allow_only(fields, &known)?;
    let mut of_step = fields.clone();
    of_step.retain(|name, _| name == "command" || name == "sql");
    let expanded_by = optional(fields, "expandedBy")?;
    Ok(Request::Contract {
        // SQL without the command that runs it is missing one.
        step: (!of_step.is_empty())
            .then(|| step(&Value::Object(of_step)))
            .transpose()?,
        expanded_by: expanded_by.map(ReleaseId::from),
    })
}

fn step(value: &Value) -> Result<MigrationStep, Refusal> {
    let step =
        MigrationStep::deserialize(value).map_err(|error| format!("the migration: {error}"))?;
    step.runnable()
}
