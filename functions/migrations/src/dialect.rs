//! Whose SQL a text is.

use serde::{Deserialize, Serialize};
use sqlparser::dialect::{MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use std::fmt;
use std::str::FromStr;

/// The database that a text is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    Postgresql,
    Mysql,
    Sqlite,
}

impl Dialect {
    /// Every dialect there is.
    pub const ALL: [Dialect; 3] = [Dialect::Postgresql, Dialect::Mysql, Dialect::Sqlite];

    pub(crate) fn rules(self) -> &'static dyn sqlparser::dialect::Dialect {
        match self {
            Dialect::Postgresql => &PostgreSqlDialect {},
            Dialect::Mysql => &MySqlDialect {},
            Dialect::Sqlite => &SQLiteDialect {},
        }
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Dialect::Postgresql => "postgresql",
            Dialect::Mysql => "mysql",
            Dialect::Sqlite => "sqlite",
        })
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Dialect, String> {
        // Many tools call it so.
        let name = if text == "postgres" {
            "postgresql"
        } else {
            text
        };
        Dialect::ALL
            .into_iter()
            .find(|dialect| dialect.to_string() == name)
            .ok_or_else(|| format!("expected postgresql, mysql or sqlite, found {text:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_is_read_as_it_is_shown_and_nothing_else_is() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.to_string().parse(), Ok(dialect));
            let json = serde_json::to_string(&dialect).expect("JSON");
            assert_eq!(json, format!("\"{dialect}\""));
        }
        assert_eq!("postgres".parse(), Ok(Dialect::Postgresql));
        let error = Dialect::from_str("oracle").expect_err("no dialect");
        assert_eq!(
            error,
            "expected postgresql, mysql or sqlite, found \"oracle\""
        );
    }
}
