//! What a person writes after `cargo rehearse`, and what is said of a wrong name.

use clap::builder::{PossibleValue, PossibleValuesParser, StyledStr, TypedValueParser};
use clap::error::{ContextKind, ContextValue};
use clap::{Parser, ValueEnum};
use rehearsal::scenario::Scenario;
use std::path::PathBuf;

/// Rehearses a blue-green release on a local AWS: the same template, real functions, real traffic.
#[derive(Parser)]
#[command(name = "cargo rehearse", bin_name = "cargo rehearse")]
pub struct Arguments {
    /// Something else than a scenario
    #[arg(value_enum)]
    pub command: Option<Command>,
    /// The scenario to run (`all` for every one)
    #[arg(
        long,
        value_name = "NAME",
        default_value = "good",
        conflicts_with = "command",
        hide_possible_values = true,
        value_parser = chosen()
    )]
    pub scenario: Chosen,
    /// Lists the scenarios
    #[arg(long)]
    pub list: bool,
    /// Writes the report's picture of one scenario there, as an SVG
    #[arg(long, value_name = "PATH", conflicts_with = "command")]
    pub picture: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Command {
    /// leaves the local AWS running until Ctrl-C
    Up,
    /// puts every fault at every AWS call of a release and of a rollback
    Faults,
    /// previews a release of v2.0.0 with a migration, and changes nothing
    Plan,
    /// walks through README's section "Deploy" with the SAM CLI
    Deploy,
}

/// The scenarios to run, in order.
#[derive(Clone)]
pub struct Chosen(pub Vec<Scenario>);

/// Reads the name of a scenario; clap suggests a near one for a wrong one.
fn chosen() -> impl TypedValueParser<Value = Chosen> {
    let all = || Scenario::value_variants().iter().copied();
    let names = all().filter_map(|scenario| scenario.to_possible_value());
    PossibleValuesParser::new(names.chain([PossibleValue::new("all")])).map(move |name| {
        let scenarios = all().filter(|scenario| name == "all" || scenario.name() == name);
        Chosen(scenarios.collect())
    })
}

impl Arguments {
    /// Those of this process. Where they are wrong, it says so and ends with status 2.
    pub fn read() -> Arguments {
        Arguments::try_parse().unwrap_or_else(|error| explain(error).exit())
    }
}

/// A wrong name of a scenario is answered with the near one, and with where all of them are: they fill three lines. A
/// scenario's name alone is answered with the option that takes it.
fn explain(mut error: clap::Error) -> clap::Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let is_option = text(ContextKind::InvalidArg).starts_with("--scenario");
    let value = text(ContextKind::InvalidValue).to_owned();
    if is_option {
        error.remove(ContextKind::ValidValue);
    }
    let tip = if Scenario::from_str(&value, false).is_ok() {
        format!("`cargo rehearse --scenario {value}` runs that scenario")
    } else if is_option {
        "`cargo rehearse --list` shows all of them".to_owned()
    } else {
        return error;
    };
    let tips = ContextValue::StyledStrs(vec![StyledStr::from(tip)]);
    error.insert(ContextKind::Suggested, tips);
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::error::ErrorKind;

    fn refused(arguments: &[&str]) -> String {
        let arguments = ["rehearse"].iter().chain(arguments);
        let parsed = Arguments::try_parse_from(arguments).map(|_| ());
        let error = explain(parsed.expect_err("refused"));
        assert_eq!(error.kind(), ErrorKind::InvalidValue);
        assert_eq!(error.exit_code(), 2);
        error.to_string()
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_near_one() {
        let text = refused(&["--scenario", "cannary"]);
        assert!(text.contains("a similar value exists: 'canary'"), "{text}");
        assert!(text.contains("`cargo rehearse --list`"), "{text}");
        assert!(text.lines().all(|line| line.len() <= 100), "{text}");
        let text = refused(&["canary"]);
        let option = "`cargo rehearse --scenario canary` runs that scenario";
        assert!(text.contains(option), "{text}");
        let text = refused(&["upp"]);
        assert!(text.contains("a similar value exists: 'up'"), "{text}");
    }

    #[test]
    fn every_scenario_is_chosen_by_its_name_and_all_by_one() {
        let chosen = |name: &str| {
            let arguments = Arguments::try_parse_from(["rehearse", "--scenario", name]);
            arguments.map(|arguments| arguments.scenario.0)
        };
        for scenario in Scenario::value_variants() {
            let found = chosen(&scenario.name()).expect("a scenario");
            assert_eq!(found, [*scenario]);
        }
        let all = chosen("all").expect("all of them");
        assert_eq!(all, Scenario::value_variants());
    }
}
