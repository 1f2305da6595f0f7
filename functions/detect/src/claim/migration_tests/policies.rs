//! How the policy is read.

use super::*;

#[test]
fn a_policy_is_read_with_and_without_a_standing_command() {
    let policy_of = |command| policy(command, "mysql", "3").expect("a policy");
    let with = policy_of("[\"bin/migrate\", \"up\"]");
    assert_eq!(with.standing, Some(step(&["bin/migrate", "up"])));
    assert_eq!(
        (with.dialect, with.stable_releases_before_contract),
        (Dialect::Mysql, 3)
    );
    for empty in ["", "  "] {
        assert_eq!(policy_of(empty).standing, None);
    }
}

#[test]
fn a_policy_that_cannot_be_used_is_an_error_that_names_its_variable() {
    let words = "[\"bin/migrate\"]";
    for (command, dialect, stable, expect) in [
        ("bin/migrate up", "mysql", "3", "variable MIGRATION_COMMAND"),
        ("\"bin/migrate\"", "mysql", "3", "a JSON list of words"),
        ("[\" \"]", "mysql", "3", "at least a word"),
        ("[]", "mysql", "3", "a JSON list of words"),
        ("[\"bin/migrate\", 3]", "mysql", "3", "a JSON list of words"),
        (words, "oracle", "3", "variable SQL_DIALECT"),
        (words, "", "3", "variable SQL_DIALECT"),
        (
            words,
            "mysql",
            "-1",
            "variable STABLE_RELEASES_BEFORE_CONTRACT",
        ),
        (
            words,
            "mysql",
            "",
            "variable STABLE_RELEASES_BEFORE_CONTRACT",
        ),
    ] {
        let error = policy(command, dialect, stable).expect_err(expect);
        assert!(matches!(error, Error::InvalidConfiguration(_)), "{error:?}");
        assert!(error.to_string().contains(expect), "{error}");
    }
}

#[test]
fn the_commands_of_the_stack_are_read_and_nobodys_are_none() {
    let words = "[\"bin/migrate\", \"contract\"]";
    for from in ["stack", "request"] {
        let policy = policy_with(&[("COMMANDS_FROM", from), ("CONTRACT_COMMAND", words)]);
        let contract = policy.expect("a policy").contract;
        assert_eq!(contract, Some(step(&["bin/migrate", "contract"])));
    }
    for (variable, value, expect) in [
        ("CONTRACT_COMMAND", "up", "variable CONTRACT_COMMAND"),
        (
            "CONTRACT_COMMAND",
            "[\"\"]",
            "parameter ContractCommand: expected a JSON list",
        ),
        ("COMMANDS_FROM", "", "variable COMMANDS_FROM"),
        ("COMMANDS_FROM", "me", "expected nobody, stack or request"),
    ] {
        let error = policy_with(&[(variable, value)]).expect_err(expect);
        assert!(matches!(error, Error::InvalidConfiguration(_)), "{error:?}");
        assert!(error.to_string().contains(expect), "{error}");
    }
    let nobody = ("COMMANDS_FROM", "nobody");
    assert!(policy_with(&[nobody]).is_ok());
    for variable in ["MIGRATION_COMMAND", "CONTRACT_COMMAND"] {
        let error = policy_with(&[nobody, (variable, words)]).expect_err(variable);
        assert!(matches!(error, Error::InvalidConfiguration(_)), "{error:?}");
        let expect = "Empty the stack's parameters MigrationCommand and ContractCommand";
        assert!(error.to_string().contains(expect), "{error}");
    }
}
