//! The statements that are part of a query.

use crate::problem::Finding;
use sqlparser::ast::{Query, SetExpr, Statement};

/// What is found in a query, which may change data inside of its WITH, or as what follows it.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the other bodies of a query only read"
)]
pub(crate) fn judge(query: &Query, one: &dyn Fn(&Statement) -> Vec<Finding>) -> Vec<Finding> {
    let with = query.with.iter().flat_map(|with| &with.cte_tables);
    let mut findings: Vec<Finding> = with.flat_map(|table| judge(&table.query, one)).collect();
    findings.extend(match query.body.as_ref() {
        SetExpr::Query(inner) => judge(inner, one),
        SetExpr::Insert(inner)
        | SetExpr::Update(inner)
        | SetExpr::Delete(inner)
        | SetExpr::Merge(inner) => one(inner),
        _ => Vec::new(),
    });
    findings
}
