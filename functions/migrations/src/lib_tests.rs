//! The tests of `lib.rs`, `parse.rs` and `contract.rs`.

use super::*;

fn check(step: Step, sql: &str, expected: &[(usize, &str, &str)]) {
    for dialect in Dialect::ALL {
        let found = lint(sql, dialect, step);
        assert_eq!(found.len(), expected.len(), "{dialect}: {sql}: {found:?}");
        for (problem, (line, statement, part)) in found.iter().zip(expected) {
            assert_eq!(
                (problem.line, problem.statement.as_str()),
                (*line, *statement)
            );
            assert!(problem.reason.contains(part), "{dialect}: {problem}");
        }
    }
}

#[test]
fn the_drop_of_a_column_waits_until_the_old_version_is_gone() {
    let (add, drop) = (
        "ALTER TABLE orders ADD COLUMN note TEXT",
        "ALTER TABLE orders DROP COLUMN note",
    );
    check(Step::Expand, add, &[]);
    check(Step::Expand, drop, &[(1, drop, "Do it when contracting")]);
    check(Step::Contract, drop, &[]);
}

#[test]
fn a_contraction_is_anything_but_a_rename_or_a_loss_of_everything() {
    for sql in [
        "DROP TABLE orders",
        "CREATE UNIQUE INDEX one ON orders (note)",
        "DROP VIEW noted; CREATE VIEW noted AS SELECT 1",
        "CREATE TABLE a (n INT); ALTER TABLE a RENAME TO b",
    ] {
        check(Step::Contract, sql, &[]);
    }
    let rename = "ALTER TABLE orders RENAME COLUMN a TO b";
    check(
        Step::Contract,
        rename,
        &[(1, rename, "Never rename in one step")],
    );
    for (sql, part) in [
        ("DROP SCHEMA shop", "drops everything"),
        ("DROP DATABASE shop", "drops everything"),
        ("TRUNCATE TABLE orders", "it empties `orders`"),
        ("ALTER TABLE orders RENAME TO sales", "renames"),
    ] {
        check(Step::Contract, sql, &[(1, sql, part)]);
    }
    let rename = lint(
        "ALTER VIEW a RENAME TO b",
        Dialect::Postgresql,
        Step::Contract,
    );
    assert_eq!(rename.len(), 1);
    let mysql = |sql| lint(sql, Dialect::Mysql, Step::Contract).len();
    assert_eq!(mysql("ALTER TABLE orders CHANGE a b INT"), 1);
    assert_eq!(mysql("ALTER TABLE orders CHANGE a a INT"), 0);
    assert_eq!(mysql("RENAME TABLE a TO b"), 1);
}

#[test]
fn a_problem_says_where_its_statement_begins() {
    let sql = "-- orders\nSELECT 1;\n\n  /* the note */ DROP\n  TABLE -- now\n  orders;\nnonsense here;\nDROP VIEW a";
    let expected = [
        (4, "DROP TABLE orders", "drops"),
        (7, "nonsense here", "found: nonsense"),
        (8, "DROP VIEW a", "drops"),
    ];
    check(Step::Expand, sql, &expected);
    let problem = lint("\nDROP TABLE a", Dialect::Sqlite, Step::Expand).remove(0);
    assert!(
        problem
            .to_string()
            .starts_with("line 2: danger[drop]: DROP TABLE a: it drops")
    );
}

#[test]
fn a_text_without_a_statement_is_a_problem() {
    for sql in ["", "  \n", ";;", "\u{feff}"] {
        for step in [Step::Expand, Step::Contract] {
            check(step, sql, &[(1, "", "no statement found")]);
        }
    }
}

#[test]
fn each_operation_and_each_statement_is_counted() {
    let sql = "ALTER TABLE a DROP COLUMN b, DROP COLUMN c; SELECT 1";
    let report = review(sql, Dialect::Mysql, Step::Expand);
    assert_eq!((report.statements, report.problems.len()), (2, 2));
}

#[test]
fn hostile_texts_are_refused_and_nothing_else_happens() {
    let deep = |open: &str, close: &str| {
        format!("SELECT {}1{}", open.repeat(10_000), close.repeat(10_000))
    };
    for sql in [
        "SELECT 'never closed\n".to_owned(),
        "SELECT \"never closed".to_owned(),
        "SELECT $tag$ never closed '".to_owned(),
        "\0\0\0".to_owned(),
        "SELECT \0 1".to_owned(),
        "\u{feff}\u{1f4a9}".to_owned(),
        ") ( ] [ } {".to_owned(),
        deep("(", ")"),
        deep("(", ""),
        deep("f(", ")"),
        deep("CASE WHEN ", " THEN 1 END"),
        deep("(SELECT ", ")"),
        deep("NOT ", ""),
        deep("ARRAY[", "]"),
        format!(
            "SELECT * FROM {}a{}",
            "(".repeat(10_000),
            ")".repeat(10_000)
        ),
        format!("SELECT * FROM {}", "(".repeat(40)),
        format!("{}SELECT 1", "EXPLAIN ".repeat(10_000)),
        format!("SELECT * FROM a{}", " JOIN a".repeat(30_000)),
        format!("SELECT * FROM a{}", " STRAIGHT_JOIN a".repeat(30_000)),
        "x".repeat(1_000_000),
    ] {
        for dialect in Dialect::ALL {
            for step in [Step::Expand, Step::Contract] {
                let problems = lint(&sql, dialect, step);
                assert!(!problems.is_empty(), "{dialect}: {:.80}", sql);
                assert!(problems[0].statement.chars().count() < 210);
            }
        }
    }
}

#[test]
fn a_long_text_is_read_to_its_end() {
    let row = "(1, 'one', NULL), ";
    let sql = format!(
        "INSERT INTO a VALUES {}(2, 'two', -1);\nDROP TABLE a",
        row.repeat(10_000)
    );
    check(Step::Expand, &sql, &[(2, "DROP TABLE a", "drops")]);
}

#[test]
fn a_long_run_of_signs_does_not_exhaust_the_stack() {
    for run in ["NOT ", "- ", "~", "+", "@ "] {
        let sql = format!("SELECT {}1", run.repeat(1_000));
        for dialect in Dialect::ALL {
            lint(&sql, dialect, Step::Expand);
        }
    }
}

#[test]
fn a_long_chain_does_not_exhaust_the_stack() {
    for link in [
        " + 1",
        " AND a",
        "::int",
        " UNION SELECT 1",
        "[1]",
        " || 'a'",
        ".a",
        " IS NULL",
        " COLLATE x",
    ] {
        let sql = format!("SELECT 1{}", link.repeat(30_000));
        for dialect in Dialect::ALL {
            lint(&sql, dialect, Step::Expand);
        }
    }
}

#[test]
fn comments_alone_are_nothing_to_do() {
    for sql in ["-- nothing", "/* nothing; */ ;"] {
        check(Step::Expand, sql, &[]);
    }
}

#[test]
fn what_undoes_itself_or_cannot_run_is_told() {
    let postgresql = [
        ("BEGIN; CREATE INDEX CONCURRENTLY i ON a (n); COMMIT", 1),
        ("BEGIN; VACUUM a; COMMIT", 1),
        ("SELECT 1; BEGIN; SELECT 2", 1),
        ("CREATE TABLE a (n int); ROLLBACK", 1),
        ("BEGIN; ROLLBACK", 0),
        ("BEGIN; SELECT 1; COMMIT; VACUUM a", 0),
        ("BEGIN; SELECT 1; END", 0),
    ];
    for (sql, expected) in postgresql {
        let report = review(sql, Dialect::Postgresql, Step::Expand);
        let fails = report.dangers().filter(|it| it.rule == Rule::Fail).count();
        assert_eq!(fails, expected, "{sql}: {:?}", report.problems);
    }
    let mysql = |sql| review(sql, Dialect::Mysql, Step::Expand).dangers().count();
    assert_eq!(mysql("BEGIN; INSERT INTO a VALUES (1)"), 1);
    assert_eq!(
        mysql("BEGIN; INSERT INTO a VALUES (1); CREATE TABLE b (n INT)"),
        0
    );
}

#[test]
fn a_dump_of_mysql_names_what_ends_its_statements() {
    let trigger = "CREATE TRIGGER t BEFORE INSERT ON made FOR EACH ROW BEGIN SET NEW.a = 1; SET NEW.b = 2; END";
    let sql = format!(
        "CREATE TABLE made (a int, b int);\n-- one\nDELIMITER $$\n{trigger}$$\nDROP TABLE a $$\n  delimiter ;\nDROP TABLE b;\n\
         SELECT 1; DROP VIEW c"
    );
    let lines = |sql: &str| {
        let found = lint(sql, Dialect::Mysql, Step::Expand);
        let lines: Vec<_> = found.iter().map(|it| (it.line, it.rule)).collect();
        lines
    };
    assert_eq!(
        lines(&sql),
        [(5, Rule::Drop), (7, Rule::Drop), (8, Rule::Drop)]
    );
    let two = "DELIMITER //\nSELECT 1; DROP TABLE a //";
    assert_eq!(lines(two), [(2, Rule::Drop)]);
    let word = "DELIMITER go\nSELECT 1 go";
    assert_eq!(lines(word), [(1, Rule::Unreadable)]);
}
