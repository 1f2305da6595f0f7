//! Where label or linter differ from the database on purpose, and what cannot run here.

/// Cases that fail here because of how this server is built. They are tried all the same: one that runs does not belong
/// here.
pub const LEFT_OUT: [(&str, &str); 3] = [
    ("189", "it has no pgcrypto"),
    ("459", "it has no ICU"),
    ("480", "it has no pgcrypto"),
];

/// Cases, how their contradiction begins, and why it may stand. One that is no more must go from here.
pub const KNOWN: [(&[&str], &str, &str); 16] = [
    (
        &["012"],
        "it fails",
        "lower of a bare string has no collation in a generated column; the linter resolves no types",
    ),
    (
        &["071"],
        "it fails",
        "a table has one primary key; where it has none, the new one may be without harm, but the linter does not know",
    ),
    (
        &["518"],
        "it fails",
        "a semicolon is missing; the linter refuses what it cannot read, and the server does, too",
    ),
    (
        &["165", "406"],
        "it fails",
        "it fails alone, and runs where a tool puts the file into one transaction",
    ),
    (
        &["122", "123"],
        "the old version misses something",
        "CREATE TABLE IF NOT EXISTS makes the table where the file is new, and that is what it is for",
    ),
    (
        &["122"],
        "it blocks, longer",
        "CREATE TABLE IF NOT EXISTS makes the table where the file is new, and that is what it is for",
    ),
    (
        &["132"],
        "it blocks for a moment",
        "DROP INDEX waits behind every read, and all others wait behind it",
    ),
    (
        &["280"],
        "it blocks for a moment",
        "a foreign key on a column that is added empty is not checked, but both tables are locked",
    ),
    (
        &["406"],
        "it blocks for a moment",
        "the lock lasts as long as the transaction into which a tool puts it",
    ),
    (
        &["407"],
        "it blocks for a moment",
        "an advisory lock is on no table",
    ),
    (
        &["124", "125", "129"],
        "it does no harm",
        "without an index the old version only gets slower",
    ),
    (
        &["197", "198", "398"],
        "it does no harm",
        "the old version here uses no other database, and no other one reads from it",
    ),
    (
        &["256", "257"],
        "it does no harm",
        "the old version fails once it reads a value that it does not know",
    ),
    (
        &["272"],
        "it does no harm",
        "the index refuses already what the constraint does",
    ),
    (
        &["341"],
        "it does no harm",
        "this program does none, but it could be any that the server can run",
    ),
    (
        &["399"],
        "it does no harm",
        "the setting counts from the server's next start on",
    ),
];
