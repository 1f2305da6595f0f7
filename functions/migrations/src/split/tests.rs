//! Where statements end, in each dialect.

use super::*;
use crate::Dialect::{Mysql, Postgresql, Sqlite};

fn pieces(dialect: Dialect, text: &str) -> Vec<&str> {
    let pieces = split(text, dialect);
    pieces.map(|piece| piece.text.trim()).collect()
}

fn check(dialects: &[Dialect], text: &str, expected: &[&str]) {
    for dialect in dialects {
        assert_eq!(pieces(*dialect, text), expected, "{dialect}");
    }
}

#[test]
fn a_semicolon_ends_a_statement_and_what_is_empty_is_none() {
    check(&Dialect::ALL, "a;;\n b ;c", &["a", "b", "c"]);
    check(&Dialect::ALL, " ; \n;", &[]);
    check(&Dialect::ALL, "", &[]);
}

#[test]
fn a_semicolon_in_a_string_or_a_comment_ends_nothing() {
    for text in ["'a;''b'", "\"a;b\"", "/* a;b */ c", "-- a;b\nc", "'never;"] {
        check(&Dialect::ALL, text, &[text]);
    }
    check(&[Mysql, Sqlite], "`a;b`", &["`a;b`"]);
    check(&[Postgresql], "`a;b`", &["`a", "b`"]);
    check(&[Sqlite], "[a;b]", &["[a;b]"]);
    check(&[Mysql], "# a;b\nc", &["# a;b\nc"]);
    check(&[Postgresql, Sqlite], "# a;b", &["# a", "b"]);
}

#[test]
fn each_dialect_has_its_own_escapes_and_comments() {
    check(&[Mysql], r"'a\';b'", &[r"'a\';b'"]);
    check(&[Postgresql, Sqlite], r"'a\';b", &[r"'a\'", "b"]);
    check(&[Postgresql], r"E'a\';b'", &[r"E'a\';b'"]);
    check(&[Mysql], "1--1;b", &["1--1", "b"]);
    check(&[Mysql], "1-- 1;b", &["1-- 1;b"]);
    check(&[Postgresql], "/* /* ; */ ; */ a", &["/* /* ; */ ; */ a"]);
    check(&[Postgresql], "/* /*/ ; */ ; */ a", &["/* /*/ ; */ ; */ a"]);
    check(&[Mysql, Sqlite], "/* /* ; */ ; a", &["/* /* ; */", "a"]);
    check(&Dialect::ALL, "-- a\rb;c", &["-- a\rb;c"]);
    assert_eq!(
        with_plain_lines("\u{feff}-- a\rb\r\n", Postgresql),
        "-- a\nb\n"
    );
    assert_eq!(with_plain_lines("\u{feff}-- a\rb", Sqlite), "-- a\rb");
}

#[test]
fn what_stands_between_dollars_is_one_string_of_postgresql() {
    for text in ["$$ a;b $$", "$x$ a;$$;$y$ b $x$", "$é$;$é$", "$$ never;"] {
        check(&[Postgresql], text, &[text]);
    }
    check(&[Postgresql], "$1;a$$;b", &["$1", "a$$", "b"]);
    check(&[Mysql, Sqlite], "$$ a;b $$", &["$$ a", "b $$"]);
}

#[test]
fn the_body_of_a_trigger_or_a_routine_is_not_cut() {
    let trigger =
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 1; END";
    check(&[Mysql, Sqlite], &format!("{trigger}; b"), &[trigger, "b"]);
    let routine = "CREATE DEFINER = `a`@`b` PROCEDURE p() BEGIN IF 1 THEN SELECT 1; END IF; BEGIN a; END; CASE 1 WHEN 1 \
                   THEN a; END CASE; WHILE 1 DO a; END WHILE; END";
    check(&[Mysql], &format!("{routine}; b"), &[routine, "b"]);
    let atomic = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END";
    check(&[Postgresql], &format!("{atomic}; b"), &[atomic, "b"]);
    let rule = "CREATE RULE r AS ON DELETE TO a DO (a; b)";
    check(&[Postgresql], &format!("{rule}; b"), &[rule, "b"]);
    check(
        &Dialect::ALL,
        "BEGIN; a; END; b",
        &["BEGIN", "a", "END", "b"],
    );
    check(
        &[Postgresql],
        "CREATE FUNCTION begin() a; b",
        &["CREATE FUNCTION begin() a", "b"],
    );
    check(
        &Dialect::ALL,
        "CREATE TABLE a (x; b",
        &["CREATE TABLE a (x", "b"],
    );
}

#[test]
fn where_a_body_ends_is_certain_or_it_is_open() {
    let body = |text: &str| split(text, Mysql).next().map(|piece| piece.body);
    for body_of in [
        "SELECT 1;",
        "SELECT NEW.end, @begin;",
        "DECLARE EXIT HANDLER FOR SQLSTATE '2' BEGIN DO a; END;",
        "IF a THEN BEGIN DO b; END; END IF; BEGIN END; l: BEGIN DO c; END l; REPEAT d; UNTIL e END REPEAT;",
        "SELECT a ORDER BY CASE 1 WHEN 1 THEN NEW.`x` END FOR UPDATE;",
        "CASE a WHEN 1 THEN IF b THEN c; END IF; ELSE BEGIN END; END CASE;",
    ] {
        let text = format!("CREATE PROCEDURE p(begin int) BEGIN {body_of} END l");
        assert_eq!(body(&text), Some(Body::Whole), "{text}");
    }
    for text in [
        "CREATE PROCEDURE p() BEGIN SELECT begin; END; a; CREATE PROCEDURE q() BEGIN SELECT end; END",
        "CREATE PROCEDURE p() BEGIN a; END BEGIN b; END",
        "CREATE PROCEDURE p() BEGIN a; END b c",
        "CREATE PROCEDURE p() BEGIN a; b",
    ] {
        assert_eq!(body(text), Some(Body::Open), "{text}");
    }
    for text in [
        "CREATE TABLE a (event int, begin int); b",
        "CREATE PROCEDURE begin() a; b",
    ] {
        assert_eq!(body(text), Some(Body::Plain), "{text}");
    }
}

#[test]
fn a_command_of_psql_ends_with_its_line() {
    let expected = ["-- a\n\\set x 1; 2", "b", "c \\g", "d"];
    check(&[Postgresql], "-- a\n\\set x 1; 2\nb; c \\g\nd", &expected);
    check(
        &[Postgresql],
        r"a \; b; \x \\ c",
        &[r"a \;", "b", r"\x \\", "c"],
    );
    check(&[Postgresql], r"\\ a; b", &[r"\\", "a", "b"]);
    check(&[Postgresql], r"'\' a; E'\\' b", &[r"'\' a", r"E'\\' b"]);
    check(
        &[Mysql],
        "--a b; c\nd; e --f\n g",
        &["--a b; c", "d", "e --f\n g"],
    );
}

#[test]
fn a_placeholder_stands_outside_of_quotes() {
    let found = |text| placeholder(text, Postgresql);
    assert_eq!(found("a ${b}.c").as_deref(), Some("${b}"));
    assert_eq!(found("a {{ b }}.c").as_deref(), Some("{{ b }}"));
    for text in [
        "'${b}'",
        "$${b}$$",
        "-- {{ b }}",
        "\"${b}\"",
        "{ a }",
        "${b",
    ] {
        assert_eq!(found(text), None, "{text}");
    }
}

#[test]
fn mysql_alone_has_an_order_that_names_the_delimiter() {
    let text = "a;\n-- b\ndelimiter $$ \nc; '$$' d$$e$$\nDELIMITER ;\nf;g";
    let expected = ["a", "-- b", "c", "'$$' d", "e", "f", "g"];
    check(&[Mysql], text, &expected);
    check(
        &[Sqlite],
        "a;delimiter $$;b$$",
        &["a", "delimiter $$", "b$$"],
    );
    check(
        &[Mysql],
        "DELIMITER //\na /* // */ //b",
        &["a /* // */", "b"],
    );
    check(&[Mysql], "DELIMITER x\na;b", &["DELIMITER x\na", "b"]);
    check(&[Mysql], "SELECT delimiter;b", &["SELECT delimiter", "b"]);
}

#[test]
fn rows_of_values_alone_are_left_out() {
    let shorter = |head: &str, row: &str, tail: &str| {
        let text = format!(
            "{head} VALUES {}{row}{tail}",
            format!("{row},\n").repeat(300)
        );
        let piece = split(&text, Mysql).next().expect("a piece");
        let found = without_rows(&piece, Mysql);
        found.map(|(text, tokens)| (text.replace('\n', ""), tokens))
    };
    for row in ["(1)", "(-1.5, 'it''s', 'a\\'b')", "( null,TRUE , 0x1F)"] {
        let (text, tokens) = shorter("-- a\ninsert INTO a", row, " ON x").unwrap_or_default();
        let alone = format!("-- ainsert INTO a VALUES {row} ON x");
        assert_eq!(text, alone);
        assert_eq!(
            split(&alone.replace("-- a", ""), Mysql)
                .next()
                .map(|it| it.tokens),
            Some(tokens)
        );
    }
    for row in [
        "(f(1))",
        "(1, /* a */ 2)",
        "(1 + 1)",
        "(a.b)",
        "((1))",
        "(\"a\")",
        "1",
        "(X'00')",
    ] {
        assert_eq!(shorter("INSERT INTO a", row, ""), None, "{row}");
    }
    assert_eq!(shorter("SELECT * FROM", "(1)", ""), None);
}

#[test]
fn a_piece_knows_its_line_and_its_size() {
    let found: Vec<Piece> = split("a\r\n;\nb(([1]));\n\n-- c", Postgresql).collect();
    let sizes = found.iter().map(|it| (it.line, it.tokens, it.depth));
    assert_eq!(sizes.collect::<Vec<_>>(), [(1, 1, 0), (2, 8, 3), (3, 0, 0)]);
}

#[test]
fn a_long_run_counts_as_depth() {
    for (text, depth) in [
        ("a.b.c", 2),
        ("NOT NOT a", 2),
        ("?, ?, ?", 3),
        ("a NOT NULL, b int NOT NULL", 1),
        ("1.5, 2.5", 1),
    ] {
        assert_eq!(
            split(text, Postgresql).next().map(|it| it.depth),
            Some(depth),
            "{text}"
        );
    }
}

#[test]
fn comments_are_found_where_they_are_comments() {
    let text = "-- a\nb '-- c' /* d */ # e";
    assert_eq!(comments(text, Mysql), ["-- a", "/* d */", "# e"]);
    assert_eq!(comments(text, Sqlite), ["-- a", "/* d */"]);
}
