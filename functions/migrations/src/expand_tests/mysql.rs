//! What MySQL's statements lock, and what the parser does not read of them.

use super::check;
use crate::Dialect::Mysql;
use crate::{Problem, Rule, Step, review};

/// What blocks in a step, or fails: the rule of the first finding that is no other danger, and a part of its reason.
fn blocks(step: Step, sql: &str, rule: Option<Rule>, part: &str) {
    let report = review(sql, Mysql, step);
    let kinds = [Rule::BlockWrites, Rule::BlockAll, Rule::Fail];
    let found: Vec<&Problem> = report
        .problems
        .iter()
        .filter(|it| kinds.contains(&it.rule))
        .collect();
    let first = found.first();
    assert_eq!(first.map(|problem| problem.rule), rule, "{sql}: {report:?}");
    assert!(
        first.is_none_or(|it| it.reason.contains(part)),
        "{sql}: {report:?}"
    );
}

const WAITS: Option<Rule> = Some(Rule::BlockWrites);

/// Operations of an `ALTER TABLE`.
const OPERATIONS: &[(&str, Option<Rule>, &str)] = &[
    (
        "ADD COLUMN n INT, ALGORITHM=COPY",
        WAITS,
        "says ALGORITHM=COPY",
    ),
    ("ADD COLUMN n INT, LOCK=SHARED", WAITS, "says LOCK=SHARED"),
    (
        "ADD COLUMN n INT, LOCK=EXCLUSIVE",
        Some(Rule::BlockAll),
        "reads and writes of `orders`",
    ),
    ("ADD COLUMN n INT, ALGORITHM=INPLACE, LOCK=NONE", None, ""),
    ("ADD COLUMN n INT DEFAULT 1", None, ""),
    ("ADD COLUMN n DATETIME DEFAULT CURRENT_TIMESTAMP", None, ""),
    (
        "ADD COLUMN n DATETIME DEFAULT (now())",
        WAITS,
        "default of column `n`",
    ),
    (
        "ADD COLUMN n INT AS (a + 1) STORED",
        WAITS,
        "compute column `n`",
    ),
    ("ADD COLUMN n INT AS (a + 1) VIRTUAL", None, ""),
    (
        "ADD COLUMN n INT AS (a + 1), ADD COLUMN m INT AS (a + 2) VIRTUAL, ALGORITHM=INSTANT",
        None,
        "",
    ),
    (
        "ADD COLUMN n INT AS (a + 1), ADD COLUMN m INT",
        WAITS,
        "VIRTUAL column by a statement of its own",
    ),
    (
        "ADD INDEX zips ((CAST(places->'$.zip' AS UNSIGNED ARRAY)))",
        WAITS,
        "multi-valued",
    ),
    (
        "ADD COLUMN n INT AS (a + 1) STORED, LOCK=NONE",
        Some(Rule::Fail),
        "MySQL refuses it",
    ),
    (
        "ADD COLUMN n INT AUTO_INCREMENT, ADD KEY (n)",
        WAITS,
        "numbers all rows",
    ),
    (
        "ADD COLUMN n INT AUTO_INCREMENT, ADD KEY (n), ALGORITHM=INPLACE",
        WAITS,
        "numbers",
    ),
    ("ADD COLUMN n SERIAL", WAITS, "numbers all rows"),
    ("ADD FULLTEXT INDEX words (note)", WAITS, "FULLTEXT"),
    ("ADD SPATIAL INDEX places (place)", WAITS, "SPATIAL"),
    (
        "ADD FULLTEXT INDEX words (note), LOCK=NONE",
        Some(Rule::Fail),
        "FULLTEXT",
    ),
    ("ADD INDEX by_note (note)", None, ""),
    ("DROP PRIMARY KEY", WAITS, "primary key"),
    ("DROP PRIMARY KEY, ADD PRIMARY KEY (id)", None, ""),
    ("MODIFY note BIGINT", WAITS, "type of `note`"),
    ("MODIFY note BIGINT, ALGORITHM=INPLACE, LOCK=NONE", None, ""),
    ("ENGINE=InnoDB", None, ""),
    (
        "ENGINE=InnoDB, ALGORITHM=COPY",
        WAITS,
        "says ALGORITHM=COPY",
    ),
    ("CONVERT TO CHARACTER SET utf8mb4", WAITS, "`orders`"),
    ("REMOVE PARTITIONING", WAITS, "`orders`"),
];

const STATEMENTS: &[(&str, Option<Rule>)] = &[
    ("CREATE FULLTEXT INDEX words ON orders (note)", WAITS),
    ("CREATE SPATIAL INDEX places ON orders (place)", WAITS),
    ("CREATE INDEX by_note ON orders (note) LOCK=SHARED", WAITS),
    ("CREATE INDEX by_note ON orders (note)", None),
    (
        "CREATE INDEX zips ON orders (id, (CAST(places->'$.zip' AS CHAR(9) ARRAY)))",
        WAITS,
    ),
    ("OPTIMIZE TABLE orders, notes", WAITS),
    ("LOCK TABLES orders READ", WAITS),
    ("LOCK TABLES orders WRITE", Some(Rule::BlockAll)),
    ("FLUSH TABLES WITH READ LOCK", WAITS),
    ("FLUSH PRIVILEGES", None),
    ("ANALYZE TABLE orders", None),
];

#[test]
fn what_writes_wait_for_is_told() {
    for (operations, rule, part) in OPERATIONS {
        for step in [Step::Expand, Step::Contract] {
            blocks(
                step,
                &format!("ALTER TABLE orders {operations}"),
                *rule,
                part,
            );
        }
        let new = format!("CREATE TABLE orders (id INT); ALTER TABLE orders {operations}");
        blocks(Step::Expand, &new, None, "");
    }
    for (sql, rule) in STATEMENTS {
        blocks(Step::Expand, sql, *rule, "");
    }
}

const UNREAD: &[(&str, &str)] = &[
    ("ALTER TABLE orders ADD COLUMN (a INT, b INT)", ""),
    (
        "ALTER TABLE orders ADD (a INT, UNIQUE KEY (note))",
        "adds a UNIQUE constraint to `orders`",
    ),
    (
        "ALTER TABLE orders ADD COLUMN (a INT, PRIMARY KEY (id))",
        "adds a primary key to `orders`",
    ),
    ("ALTER TABLE orders ADD COLUMN (a INT, KEY (a))", ""),
    (
        "ALTER TABLE orders ADD (a INT, b INT NOT NULL)",
        "column `b` of `orders` is NOT NULL",
    ),
    (
        "ALTER TABLE orders ADD COLUMN (a INT, b INT); UPDATE orders SET b = 1",
        "",
    ),
    (
        "ALTER TABLE orders ADD note VARCHAR(9) BINARY, COMMENT = 'a'",
        "",
    ),
    (
        "ALTER TABLE orders RENAME INDEX a TO b, DROP KEY c",
        "drops index `c`",
    ),
    ("ALTER TABLE orders DROP CHECK c", "drops constraint `c`"),
    (
        "ALTER TABLE orders ALTER INDEX a INVISIBLE, RENAME KEY a TO b",
        "",
    ),
    ("ALTER TABLE orders ENGINE=MyISAM", "by another engine"),
    (
        "ALTER TABLE orders CONVERT TO CHARACTER SET utf8mb4",
        "character set",
    ),
    (
        "ALTER TABLE orders DROP PARTITION p0",
        "a partition of `orders`",
    ),
    (
        "ALTER TABLE orders COMMENT = 'a', DROP COLUMN note",
        "drops column `note`",
    ),
    (
        "ALTER TABLE orders COMMENT = 'a', RENAME TO sales",
        "renames table `orders`",
    ),
    (
        "ALTER TABLE orders COMMENT 'a', DISCARD TABLESPACE",
        "cannot be read",
    ),
    (
        "CREATE TABLE a (n INT) PARTITION BY HASH (n) PARTITIONS 4; DELETE FROM a",
        "",
    ),
    (
        "CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW SET NEW.n = 1",
        "a trigger",
    ),
    ("ALTER TABLE orders DISABLE KEYS", ""),
    (
        "ALTER TABLE orders DISABLE KEYS, DROP note",
        "drops column `note`",
    ),
    ("CREATE USER IF NOT EXISTS 'app'@'%' IDENTIFIED BY 'x'", ""),
    ("RESET MASTER", "the whole server"),
    ("FLUSH LOGS", "the whole server"),
    (
        "CREATE TABLE n (id INT) PARTITION BY HASH (id); ALTER TABLE n EXCHANGE PARTITION p0 WITH TABLE orders",
        "a partition of `n`",
    ),
    ("DROP EVENT nightly", "drops event `nightly`"),
    (
        "LOAD DATA INFILE 'a' REPLACE INTO TABLE orders",
        "cannot be",
    ),
];

#[test]
fn what_the_parser_does_not_read_is_judged_by_its_words() {
    check(&[Mysql], UNREAD);
}
