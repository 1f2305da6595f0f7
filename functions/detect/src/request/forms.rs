//! Reads the forms of a request, each field by name: what is not known is an error, never passed over.

use super::execution_request::{ExecutionRequest, MigrationStep, Request};
use super::image::{image, tag_of, task_definition};
use super::own_repository::OwnRepository;
use super::push::push;
use super::traffic::Shift;
use serde::Deserialize;
use serde_json::{Map, Value};
use shared::{Refusal, ReleaseId, excerpt, sentence};

/// What the refusal shows when an input is none of them.
const FORMS: &str = "Accepted forms: the EventBridge events \"ECR Image Action\" (PUSH, SUCCESS) and \
    \"ECR Replication Action\" (REPLICATE, SUCCESS); \
    {\"image\": \"REPOSITORY:TAG\"}; {\"image\": \"REPOSITORY@sha256:...\"}; {\"tag\": \"v1.3.0\"}; \
    {\"taskDefinition\": \"arn:...:task-definition/NAME:REVISION\"}; the last four also with \
    \"migration\": {\"command\": [\"...\"], \"sql\": \"...\"}, where sql may be left out, and with \
    \"traffic\": \"10:300,50:300,100:120\"; \
    {\"action\": \"rollback\", \"reason\": \"...\"}; {\"action\": \"sync\"}, also with \"if\": \"drifted\"; {\"action\": \"report-drift\"}; \
    {\"action\": \"contract\", \"command\": [\"...\"], \"sql\": \"...\", \"expandedBy\": \"RELEASE\"}, where sql and \
    expandedBy may be left out; {\"action\": \"plan\", \"request\": {any of these}}";

type Fields = Map<String, Value>;

/// Reads an execution's input.
///
/// # Errors
/// The refusal is for a person, and shows the accepted forms.
pub fn read(input: &Value, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    read_form(input, repository).map_err(|reason| {
        let reason = sentence(&excerpt(reason.as_str()));
        Refusal::from(format!("the request cannot be used: {reason} {FORMS}"))
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
        Some("sync") => Ok(sync(fields)?.into()),
        Some("report-drift") => {
            allow_only(fields, &["action"])?;
            Ok(Request::ReportDrift.into())
        }
        Some("contract") => Ok(contract(fields)?.into()),
        _ => Err(list(fields)),
    }
}

/// A preview of any request, even of one that would be refused.
fn preview(fields: &Fields, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    allow_only(fields, &["action", "request"])?;
    let inner = fields.get("request").ok_or("a plan needs a request")?;
    let inner = read_form(inner, repository)?;
    if inner.preview {
        return Err(Refusal::from("a plan of a plan shows nothing more"));
    }
    Ok(ExecutionRequest {
        preview: true,
        ..inner
    })
}

fn release(fields: &Fields, repository: &OwnRepository) -> Result<ExecutionRequest, Refusal> {
    let known = ["image", "tag", "taskDefinition", "migration", "traffic"];
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
        ..ExecutionRequest::from(request)
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
    allow_only(fields, &["action", "reason"])?;
    let reason = fields.get("reason").map(text).transpose()?;
    let reason = excerpt(reason.as_deref().unwrap_or("requested by an operator"));
    Ok(Request::Rollback { reason })
}

fn sync(fields: &Fields) -> Result<Request, Refusal> {
    allow_only(fields, &["action", "if"])?;
    match fields.get("if") {
        None => Ok(Request::Sync { if_drifted: false }),
        Some(condition) if condition == "drifted" => Ok(Request::Sync { if_drifted: true }),
        Some(other) => Err(format!("expected \"if\": \"drifted\", found {other}").into()),
    }
}

fn contract(fields: &Fields) -> Result<Request, Refusal> {
    allow_only(fields, &["action", "command", "sql", "expandedBy"])?;
    let mut of_step = fields.clone();
    of_step.retain(|name, _| name == "command" || name == "sql");
    let expanded_by = fields.get("expandedBy").map(text).transpose()?;
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

fn text(value: &Value) -> Result<String, Refusal> {
    match value.as_str().map(str::trim) {
        Some(text) if !text.is_empty() => Ok(text.to_owned()),
        _ => Err(format!("expected text, found {value}").into()),
    }
}

/// A field that is not known may be a slip of the pen.
fn allow_only(fields: &Fields, known: &[&str]) -> Result<(), Refusal> {
    if fields.keys().all(|name| known.contains(&name.as_str())) {
        Ok(())
    } else {
        Err(list(fields))
    }
}

/// The fields that were found, where they are none of the forms.
fn list(fields: &Fields) -> Refusal {
    if fields.is_empty() {
        return Refusal::from("found no field");
    }
    let fields = fields
        .iter()
        .map(|(name, value)| format!("{name} = {value}"));
    let mut fields: Vec<_> = fields.collect();
    fields.sort();
    Refusal::from(format!("found {}", fields.join(", ")))
}
