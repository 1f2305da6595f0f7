//! Who supplies the commands of migrations and contract steps, and what is said and kept of that. Pure.

use crate::request::MigrationStep;
use record::{CommandsOf, Origin};
use serde::Deserialize;
use serde_json::Value;
use shared::{Error, Refusal, excerpt, sentence};

/// Who supplies them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandsFrom {
    /// None runs.
    Nobody,
    /// The stack's parameters `MigrationCommand` and `ContractCommand`.
    Stack,
    /// A request; the stack's parameters where it brings none.
    Request,
}

impl CommandsFrom {
    /// Refuses a command that a request brings where it may not.
    pub(super) fn allow_own(self) -> Result<(), Refusal> {
        let (who, remedy) = match self {
            CommandsFrom::Request => return Ok(()),
            CommandsFrom::Stack => (
                "commands come from the stack only (parameter CommandsFrom = stack)",
                "Leave it out, and set the parameters MigrationCommand and ContractCommand",
            ),
            CommandsFrom::Nobody => (
                "no command may run (parameter CommandsFrom = nobody)",
                "Leave it out",
            ),
        };
        Err(Refusal::from(format!(
            "the request brings a command, and {who}. {remedy}; or set CommandsFrom to request."
        )))
    }

    /// Why a contract step that brings no command cannot run one.
    pub(super) fn no_contract(self) -> Refusal {
        let (why, remedy) = match self {
            CommandsFrom::Nobody => (
                "no command may run (parameter CommandsFrom = nobody)",
                "Set CommandsFrom to stack, and ContractCommand to the command",
            ),
            CommandsFrom::Stack => (
                "the stack has none (parameter ContractCommand)",
                "Set ContractCommand",
            ),
            CommandsFrom::Request => (
                "neither the request nor the stack has one (parameter ContractCommand)",
                "Name it in the request, or set ContractCommand",
            ),
        };
        Refusal::from(format!(
            "a contract step runs a command, and {why}. {remedy}."
        ))
    }
}

/// How a command of the stack is spelled.
pub(super) const WORDS: &str = "a JSON list of words, such as [\"bin/migrate\", \"up\"]";

/// The command that a parameter holds.
pub(super) fn standing(
    command: Option<Value>,
    parameter: &str,
) -> Result<Option<MigrationStep>, Error> {
    command.map(step).transpose().map_err(|reason| {
        Error::InvalidConfiguration(format!(
            "the stack's parameter {parameter}: expected {WORDS}: {}",
            sentence(&excerpt(reason.as_str()))
        ))
    })
}

fn step(command: Value) -> Result<MigrationStep, Refusal> {
    let command = serde_json::from_value(command).map_err(|error| error.to_string())?;
    MigrationStep { command, sql: None }.runnable()
}

/// What a reason ends with where a request runs its own command.
pub(super) fn of_request(command: &[String]) -> String {
    format!(
        "; runs a command of the request: {}",
        excerpt(&command.join(" "))
    )
}

/// Whose command runs, with the one that the request brings.
pub(super) fn whose(own: Option<&MigrationStep>) -> CommandsOf {
    own.map_or(CommandsOf::Stack, |_| CommandsOf::Request)
}

/// Who asked, with whose command runs, if one does.
pub(super) fn origin(requested: Option<&Origin>, commands: Option<CommandsOf>) -> Option<Origin> {
    Some(Origin {
        commands,
        ..requested?.clone()
    })
}
