//! The two steps of a change to the schema.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// When a migration runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Before traffic moves: the old version still runs.
    Expand,
    /// After the old version is gone.
    Contract,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Step::Expand => "expand",
            Step::Contract => "contract",
        })
    }
}

impl FromStr for Step {
    type Err = String;

    fn from_str(text: &str) -> Result<Step, String> {
        [Step::Expand, Step::Contract]
            .into_iter()
            .find(|step| step.to_string() == text)
            .ok_or_else(|| format!("expected expand or contract, found {text:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_read_as_it_is_shown_and_nothing_else_is() {
        for step in [Step::Expand, Step::Contract] {
            assert_eq!(step.to_string().parse(), Ok(step));
            let json = serde_json::to_string(&step).expect("JSON");
            assert_eq!(json, format!("\"{step}\""));
        }
        let error = Step::from_str("grow").expect_err("no step");
        assert_eq!(error, "expected expand or contract, found \"grow\"");
    }
}
