//! Functions of the server, which do what no statement says.

use super::both_tests::dangers;
use crate::{Rule, Step};

#[test]
fn a_sequence_is_set_only_to_what_its_rows_say() {
    let users = "CREATE TABLE users (id serial, n bigint GENERATED ALWAYS AS IDENTITY);";
    let none: &[Rule] = &[];
    for (sql, expected) in [
        (
            "SELECT setval('orders_id_seq', 1::bigint)",
            &[Rule::Constrain][..],
        ),
        (
            "SELECT setval('orders_id_seq', 1 + (SELECT 1))",
            &[Rule::Constrain],
        ),
        (
            "SELECT setval('orders_id_seq', (SELECT max(id) FROM orders))",
            none,
        ),
        (
            "SELECT setval('orders_id_seq', coalesce(max(id), 1)) FROM orders",
            none,
        ),
        (
            "SELECT setval('orders_id_seq', (SELECT min(id) FROM orders))",
            &[Rule::Constrain],
        ),
        ("CREATE SEQUENCE s; SELECT setval('s'::regclass, 7)", none),
        (&format!("{users} SELECT setval('users_id_seq', 1)"), none),
        (&format!("{users} SELECT setval('users_n_seq', 1)"), none),
        (
            &format!("{users} SELECT setval(pg_get_serial_sequence('users', 'id'), 1)"),
            none,
        ),
        (
            &format!("{users} SELECT setval('users_roles_id_seq', 1)"),
            &[Rule::Constrain],
        ),
        (
            &format!("{users} SELECT setval('old.users_id_seq', 1)"),
            &[Rule::Constrain],
        ),
    ] {
        assert_eq!(dangers(Step::Expand, sql), expected, "{sql}");
    }
}

#[test]
fn a_call_is_judged_by_what_it_may_do() {
    for (sql, expected) in [
        ("SELECT set_config('work_mem', '1GB', false)", &[][..]),
        (
            "SELECT set_config('standard_conforming_strings', 'off', false)",
            &[Rule::Environment],
        ),
        (
            "SELECT set_config('standard' || '_conforming_strings', 'off', false)",
            &[Rule::Unknown],
        ),
        (
            "SELECT set_config($$standard_conforming_strings$$, 'off', false)",
            &[Rule::Unknown],
        ),
        (
            "SELECT set_config('client_encoding', chr(71) || chr(66) || chr(75), false)",
            &[Rule::Environment],
        ),
        (
            "SELECT pg_catalog./*x*/pg_terminate_backend(1)",
            &[Rule::Environment],
        ),
        (
            "SELECT pg_terminate_backend /*x*/ (1)",
            &[Rule::Environment],
        ),
        (
            "SELECT 1 FROM pg_terminate_backend(1)",
            &[Rule::Environment],
        ),
        (
            "SELECT U&\"pg_\\0074erminate_backend\"(1)",
            &[Rule::Unknown],
        ),
    ] {
        assert_eq!(dangers(Step::Expand, sql), expected, "{sql}");
    }
}
