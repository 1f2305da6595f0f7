//! PostgreSQL's own functions that do what no statement of the text says.

use super::names::folded;
use super::tree::plain;
use crate::problem::Finding;
use crate::rule::Rule;
use crate::state::{State, joined};
use crate::{reading, reason};
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{AstNode, CallExpr, Expr, FuncArgExpr, Stmt};

/// What a function does that reaches beyond the schema.
const DOES: [(&str, &str); 19] = [
    ("dblink", "it runs SQL on another database"),
    ("dblink_exec", "it runs SQL on another database"),
    ("dblink_open", "it runs SQL on another database"),
    ("dblink_send_query", "it runs SQL on another database"),
    ("lo_export", "it writes a file of the server"),
    ("lo_unlink", "it deletes a large object"),
    ("pg_cancel_backend", "it stops what another connection does"),
    ("pg_drop_replication_slot", "it drops a replication slot"),
    ("pg_file_unlink", "it deletes a file of the server"),
    ("pg_file_write", "it writes a file of the server"),
    ("pg_promote", "it makes a standby the primary"),
    ("pg_read_binary_file", "it reads a file of the server"),
    ("pg_read_file", "it reads a file of the server"),
    ("pg_reload_conf", "it reads the server's configuration anew"),
    ("pg_rotate_logfile", "it begins another log of the server"),
    (
        "pg_terminate_backend",
        "it ends the connection of somebody else",
    ),
    ("query_to_xml", "it runs SQL that stands in a string"),
    (
        "query_to_xml_and_xmlschema",
        "it runs SQL that stands in a string",
    ),
    ("ts_stat", "it runs SQL that stands in a string"),
];

/// What the functions do that a statement, or its block, calls.
pub(crate) fn calls(statement: &Stmt, state: &State) -> Vec<Finding> {
    let mut node = statement.syntax().clone();
    if let Stmt::Do(block) = statement {
        node = block.plpgsql().map_or(node, |body| body.syntax());
    }
    let calls = node.descendants().filter_map(CallExpr::cast);
    calls.filter_map(|call| judge(&call, state)).collect()
}

fn judge(call: &CallExpr, state: &State) -> Option<Finding> {
    let name = name(call)?;
    match name.as_str() {
        "set_config" => set(call),
        "setval" => counted_anew(call, state),
        // A name in escapes may be any of these.
        _ if name.starts_with("u&\"") => Some(reason::unjudged()),
        _ => {
            let does = DOES.iter().find(|(function, _)| *function == name);
            does.map(|(_, does)| beyond(does))
        }
    }
}

fn beyond(does: &str) -> Finding {
    let reason = format!(
        "{does}, which changes no schema and is not undone with the release. Do it apart from a release."
    );
    Finding::new(Rule::Environment, reason)
}

/// A setting whose name or value is put together may be one by which the text is read.
fn set(call: &CallExpr) -> Option<Finding> {
    let Some(setting) = argument(call, 0).and_then(|it| literal(&it)) else {
        return Some(reason::unjudged());
    };
    let value = argument(call, 1).and_then(|it| literal(&it));
    let value = value.unwrap_or_else(|| "computed".to_owned());
    reading::check_strings(&setting, &value).err()
}

/// A sequence that goes on from a fixed number gives the old version numbers that exist.
fn counted_anew(call: &CallExpr, state: &State) -> Option<Finding> {
    let sequence = argument(call, 0);
    let grown = argument(call, 1).is_some_and(|it| calls_max(&it));
    let made = sequence.as_ref().is_some_and(|it| is_made(it, state));
    let shown = sequence.and_then(|it| literal(&it)).unwrap_or_default();
    (!grown && !made).then(|| {
        let reason = format!(
            "it sets the sequence `{shown}` to a fixed number, and rows of the old version may get numbers that exist. \
             Set it to the largest number that is there: `SELECT setval('{shown}', (SELECT max(id) FROM ...))`."
        );
        Finding::new(Rule::Constrain, reason)
    })
}

fn calls_max(value: &Expr) -> bool {
    let mut calls = value.syntax().descendants().filter_map(CallExpr::cast);
    calls.any(|call| name(&call).as_deref() == Some("max"))
}

/// Whether the text has made a sequence, or the table of which `pg_get_serial_sequence` gives it.
fn is_made(sequence: &Expr, state: &State) -> bool {
    let mut of_table = None;
    if let Expr::CallExpr(call) = sequence
        && name(call).as_deref() == Some("pg_get_serial_sequence")
    {
        of_table = argument(call, 0);
    }
    let written = literal(of_table.as_ref().unwrap_or(sequence));
    written.is_some_and(|name| state.made_key(&joined(name.split('.').map(folded))))
}

/// An argument by its place; none where it is given by its name.
fn argument(call: &CallExpr, place: usize) -> Option<Expr> {
    match call.arg_list()?.args().nth(place)?.func_arg_expr()? {
        FuncArgExpr::Expr(value) => Some(value),
        FuncArgExpr::NamedArg(_) => None,
    }
}

/// The text of one string, perhaps with its type; none where it has escapes or is put together.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "every other expression may have several values"
)]
fn literal(value: &Expr) -> Option<String> {
    match value {
        Expr::Literal(literal) => {
            let text = plain(literal);
            let text = text.trim().strip_prefix('\'')?.strip_suffix('\'')?;
            (!text.contains('\'')).then(|| text.to_owned())
        }
        Expr::CastExpr(cast) => literal(&cast.expr()?),
        Expr::ParenExpr(inner) => literal(&inner.expr()?),
        _ => None,
    }
}

/// The name of the function that is called, without its schema.
pub(super) fn name(call: &CallExpr) -> Option<String> {
    let called = call.syntax().first_child()?;
    let tokens = called.descendants_with_tokens();
    let tokens = tokens.filter_map(squawk_syntax::SyntaxElement::into_token);
    let tokens = tokens.filter(|it| it.kind() != SyntaxKind::COMMENT);
    let called: String = tokens.map(|it| it.text().to_owned()).collect();
    called.rsplit('.').next().map(folded)
}

/// The first two strings among the arguments of a call.
pub(super) fn strings(call: &CallExpr) -> [String; 2] {
    let arguments = call.arg_list().map(|list| plain(&list)).unwrap_or_default();
    let mut literals = arguments.split('\'').skip(1).step_by(2);
    let mut next = || literals.next().unwrap_or_default().to_owned();
    [next(), next()]
}

/// Whether a call's third argument is `true`: what `set_config` sets then lasts until the transaction ends.
pub(super) fn third_is_true(call: &CallExpr) -> bool {
    let third = call.arg_list().and_then(|list| list.args().nth(2));
    third.is_some_and(|it| plain(&it).trim().eq_ignore_ascii_case("true"))
}
