//! The labelled cases of the databases that run here.

use migrations::{Dialect, Step};
use project::cases::{self, Expect};

/// One labelled text.
pub struct Case {
    pub id: String,
    pub dialect: Dialect,
    pub step: Step,
    pub expect: Expect,
    pub sql: String,
}

/// All cases.
pub fn cases() -> Vec<Case> {
    cases::cases().into_iter().map(case).collect()
}

fn case(it: cases::Case) -> Case {
    Case {
        dialect: it.dialect.parse().expect("a dialect"),
        step: it.step.parse().expect("a step"),
        id: it.id,
        expect: it.expect,
        sql: it.sql,
    }
}
