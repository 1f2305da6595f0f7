//! PostgreSQL's own functions that do what no statement of the text says.

use super::tree::plain;
use crate::problem::Finding;
use crate::reading;
use crate::rule::Rule;
use crate::settings;
use crate::state::State;
use squawk_syntax::ast::{AstNode, CallExpr, Stmt};

/// What a function does that reaches beyond the schema.
const DOES: [(&str, &str); 12] = [
    ("dblink", "it runs SQL on another database"),
    ("dblink_exec", "it runs SQL on another database"),
    ("lo_unlink", "it deletes a large object"),
    ("pg_cancel_backend", "it stops what another connection does"),
    ("pg_drop_replication_slot", "it drops a replication slot"),
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
        "set_config" => {
            let [setting, value] = strings(call);
            reading::check_strings(&setting, &value).err()
        }
        "setval" => counted_anew(call, state),
        _ => {
            let does = DOES.iter().find(|(function, _)| *function == name);
            does.map(|(_, does)| settings::environment(does))
        }
    }
}

/// A sequence that goes on from a fixed number gives the old version numbers that exist.
fn counted_anew(call: &CallExpr, state: &State) -> Option<Finding> {
    let [sequence, _] = strings(call);
    let arguments = call.arg_list()?;
    let value = arguments.args().nth(1).map(|it| plain(&it));
    let fixed = value.is_some_and(|it| it.trim().bytes().all(|digit| digit.is_ascii_digit()));
    (fixed && !state.made_sequence(&sequence)).then(|| {
        let reason = format!(
            "it sets the sequence `{sequence}` to a fixed number, and rows of the old version may get numbers that exist. \
             Set it to the largest number that is there: `SELECT setval('{sequence}', (SELECT max(id) FROM ...))`."
        );
        Finding::new(Rule::Constrain, reason)
    })
}

/// The name of the function that is called, without its schema.
pub(super) fn name(call: &CallExpr) -> Option<String> {
    let called = call.syntax().first_child()?.text().to_string();
    let name = called.rsplit('.').next()?;
    Some(super::names::folded(name))
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
