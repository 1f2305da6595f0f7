//! Reads a function's variables, with one message for whatever is wrong with one.
//!
//! Each function's `main.rs` lists the variables it reads; `template.yaml` supplies them.

use crate::{Environment, Error, PerEnvironment, excerpt, sentence};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::str::FromStr;

/// Where variables come from: the process environment, or a table in a test.
pub struct Settings<F>(pub F);

/// The variables of this process.
pub fn from_environment() -> Settings<impl Fn(&str) -> Option<String>> {
    Settings(|name: &str| std::env::var(name).ok())
}

impl<F: Fn(&str) -> Option<String>> Settings<F> {
    /// A variable that may be left empty.
    pub fn optional(&self, name: &str) -> Option<String> {
        (self.0)(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
    }

    /// A variable that must have a value.
    ///
    /// # Errors
    /// `InvalidConfiguration`, naming the variable, where it has none.
    pub fn required(&self, name: &str) -> Result<String, Error> {
        self.optional(name)
            .ok_or_else(|| invalid(name, "a value", "nothing"))
    }

    /// A comma-separated list with at least one entry.
    ///
    /// # Errors
    /// `InvalidConfiguration`, naming the variable, where it has none.
    pub fn list(&self, name: &str) -> Result<Vec<String>, Error> {
        let text = self.required(name)?;
        let entries: Vec<String> = text
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(str::to_owned)
            .collect();
        if entries.is_empty() {
            Err(invalid(name, "a comma-separated list", &text))
        } else {
            Ok(entries)
        }
    }

    /// A comma-separated list that may be left empty.
    ///
    /// # Errors
    /// `InvalidConfiguration`, naming the variable, where it holds commas alone.
    pub fn list_or_none(&self, name: &str) -> Result<Vec<String>, Error> {
        self.optional(name)
            .map_or(Ok(Vec::new()), |_| self.list(name))
    }

    /// A value that must be of type `T`; `expected` says so in words, for the message.
    ///
    /// # Errors
    /// `InvalidConfiguration`, naming the variable, where it is missing or of another type.
    pub fn parsed<T: FromStr>(&self, name: &str, expected: &str) -> Result<T, Error> {
        let text = self.required(name)?;
        text.parse().map_err(|_| invalid(name, expected, &text))
    }

    /// A value of type `T` that may be left empty.
    ///
    /// # Errors
    /// `InvalidConfiguration`, naming the variable, where it is of another type.
    pub fn parsed_or_none<T: FromStr>(
        &self,
        name: &str,
        expected: &str,
    ) -> Result<Option<T>, Error> {
        let text = self.optional(name);
        text.map(|_| self.parsed(name, expected)).transpose()
    }

    /// One of the names of an enum, as serde has them; `expected` says which there are.
    ///
    /// # Errors
    /// `InvalidConfiguration`, naming the variable, where it is missing or has another value.
    pub fn named<T: DeserializeOwned>(&self, name: &str, expected: &str) -> Result<T, Error> {
        variant(name, expected, &self.required(name)?)
    }

    /// `on` or `off`.
    ///
    /// # Errors
    /// As of [`Settings::named`].
    pub fn switch(&self, name: &str) -> Result<bool, Error> {
        let switch = self.named(name, "on or off")?;
        Ok(matches!(switch, Switch::On))
    }

    /// The variables `BLUE_{suffix}` and `GREEN_{suffix}`, each required.
    ///
    /// # Errors
    /// `InvalidConfiguration`, naming the variable, where one is missing.
    pub fn per_environment(&self, suffix: &str) -> Result<PerEnvironment<String>, Error> {
        let read = |environment: Environment| {
            self.required(&format!("{}_{suffix}", environment.name().to_uppercase()))
        };
        Ok(PerEnvironment {
            blue: read(Environment::Blue)?,
            green: read(Environment::Green)?,
        })
    }
}

/// The variant of an enum that serde knows by this name, which stands in a variable.
///
/// # Errors
/// `InvalidConfiguration`, naming the variable, where there is none.
pub fn variant<T: DeserializeOwned>(
    variable: &str,
    expected: &str,
    name: &str,
) -> Result<T, Error> {
    serde_json::from_value(Value::from(name)).map_err(|_| invalid(variable, expected, name))
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Switch {
    On,
    Off,
}

fn invalid(name: &str, expected: &str, found: &str) -> Error {
    Error::InvalidConfiguration(format!(
        "variable {name}: expected {expected}, found {} Set it through the stack's parameters.",
        sentence(&excerpt(found))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings<impl Fn(&str) -> Option<String>> {
        Settings(|name: &str| match name {
            "LIST" => Some(" a, b ,".to_owned()),
            "NUMBER" => Some("ten".to_owned()),
            "EMPTY" | "GREEN_URL" => Some("  ".to_owned()),
            "BLUE_URL" => Some("http://blue".to_owned()),
            _ => None,
        })
    }

    #[test]
    fn a_list_loses_its_spaces_and_empty_entries() {
        assert_eq!(settings().list("LIST").expect("a list"), ["a", "b"]);
    }

    #[test]
    fn a_wrong_value_is_named_with_what_was_expected_and_found() {
        let error = settings()
            .parsed::<u32>("NUMBER", "a whole number")
            .expect_err("not a number");
        assert_eq!(error.name(), "InvalidConfiguration");
        assert!(
            error
                .to_string()
                .starts_with("variable NUMBER: expected a whole number, found ten.")
        );
    }

    #[test]
    fn an_empty_value_is_no_value() {
        assert_eq!(settings().optional("EMPTY"), None);
        assert!(settings().required("MISSING").is_err());
        let error = settings()
            .per_environment("URL")
            .expect_err("green is empty");
        assert!(error.to_string().contains("GREEN_URL"));
    }
}
