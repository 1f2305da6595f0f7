//! The formats, and what they exit with.

use super::{DROP, folder, run, write};
use serde_json::{Value, json};
use std::path::Path;

const LOCK: &str = "SET lock_timeout = '1s';\nCREATE INDEX noted ON orders (note);\n";

const IGNORED: &str = "-- lint-migration: ignore delete: nobody reads them\nDELETE FROM remarks;\n";

fn parsed(folder: &Path, arguments: &[&str]) -> Value {
    let (_, output, _) = run(folder, arguments);
    serde_json::from_str(&output).expect("JSON")
}

fn files(test: &str) -> std::path::PathBuf {
    let folder = folder(test);
    write(&folder, "lock.sql", LOCK);
    write(&folder, "ignored.sql", IGNORED);
    write(&folder, "a,b:50%.sql", DROP);
    folder
}

#[test]
fn a_lock_refuses_only_where_it_is_to() {
    let folder = files("locks");
    let (code, output, _) = run(&folder, &["lock.sql"]);
    assert_eq!(code, 0);
    assert!(
        output.starts_with("lock.sql:2: lock[block-writes]: CREATE INDEX noted"),
        "{output}"
    );
    assert!(output.ends_with("1 file: 1 lock\n"), "{output}");
    assert_eq!(run(&folder, &["--locks", "refuse", "lock.sql"]).0, 1);
    assert_eq!(run(&folder, &["--locks", "refuse", "ignored.sql"]).0, 0);
    assert_eq!(
        run(&folder, &["--locks", "refuse", "lock.sql", "none.sql"]).0,
        2
    );
}

#[test]
fn what_a_comment_lets_pass_is_told() {
    let (code, output, _) = run(&files("ignored"), &["ignored.sql"]);
    assert_eq!(code, 0);
    let line = "ignored.sql:2: ignored[delete]: DELETE FROM remarks: nobody reads them";
    assert!(output.starts_with(line), "{output}");
}

#[test]
fn what_no_report_shows_is_counted() {
    let folder = files("more");
    write(&folder, "many.sql", IGNORED.repeat(1_002));
    let (code, output, _) = run(&folder, &["many.sql"]);
    assert_eq!(code, 0);
    let end = "many.sql: more: ignored problems that are not shown: 2\n\
               1002 statements in 1 file: 1002 ignored problems\n";
    assert!(output.ends_with(end), "{output}");
    let document = parsed(&folder, &["--format", "json", "many.sql"]);
    assert_eq!(document["moreIgnored"], 2);
    write(
        &folder,
        "locks.sql",
        "CREATE INDEX i ON orders (note);\n".repeat(1_002),
    );
    let (code, output, _) = run(&folder, &["--format", "github", "locks.sql"]);
    assert_eq!(code, 0);
    // And one that nothing limits the wait for a lock.
    let more = "::warning file=locks.sql,title=lint-migration%3A more::locks.sql: locks that are not shown: 3\n";
    assert!(
        output.contains(more) && !output.contains("::error"),
        "{output}"
    );
}

#[test]
fn programs_read_one_object() {
    let all = [
        "--format",
        "json",
        "lock.sql",
        "ignored.sql",
        "a,b:50%.sql",
        "none.sql",
    ];
    let document = parsed(&files("json"), &all);
    assert_eq!(document["files"], 3);
    assert_eq!(document["more"], 0);
    assert_eq!(document["notNew"], 0);
    let severities =
        ["/problems/0/severity", "/problems/1/severity"].map(|it| document.pointer(it));
    assert_eq!(severities, [Some(&json!("lock")), Some(&json!("danger"))]);
    let drop = &document["problems"][1];
    assert_eq!(
        (&drop["file"], &drop["line"]),
        (&json!("a,b:50%.sql"), &json!(1))
    );
    assert_eq!(
        (&drop["rule"], &drop["statement"]),
        (&json!("drop"), &json!("DROP TABLE orders"))
    );
    assert_eq!(document["ignored"][0]["why"], "nobody reads them");
    assert_eq!(document["unread"][0]["file"], "none.sql");
}

#[test]
fn github_gets_commands_that_no_name_can_break() {
    let folder = files("github");
    let all = [
        "--format",
        "github",
        "lock.sql",
        "ignored.sql",
        "./a,b:50%.sql",
        "none.sql",
    ];
    let (code, output, errors) = run(&folder, &all);
    assert_eq!((code, errors.as_str()), (2, ""));
    let lines: Vec<_> = output.lines().collect();
    for (line, start) in lines.iter().zip([
        "::warning file=lock.sql,line=2,title=lint-migration%3A lock[block-writes]::lock.sql:2: CREATE INDEX",
        "::notice file=ignored.sql,line=2,title=lint-migration%3A ignored[delete]::ignored.sql:2: DELETE",
        "::error file=a%2Cb%3A50%25.sql,line=1,title=lint-migration%3A danger[drop]::./a,b:50%25.sql:1: DROP",
        "::error file=none.sql,title=lint-migration%3A unread::none.sql: No such file",
    ]) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(lines.len(), 5);
    let (_, output, _) = run(
        &folder,
        &["--format", "github", "--locks", "refuse", "lock.sql"],
    );
    assert!(
        output.starts_with("::error file=lock.sql,line=2,"),
        "{output}"
    );
}

/// Its rules, each of which says what the page says.
fn rules(run: &Value) -> &[Value] {
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let page = include_str!("../../README.md");
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        let text = |at| rule.pointer(at).and_then(Value::as_str).expect(at);
        let meaning = text("/shortDescription/text");
        let found = meaning.trim_end_matches('.').to_lowercase();
        let kind = text("/properties/tags/0");
        let row = format!("\n| `{id}` | {kind} | {found} |\n");
        assert!(page.to_lowercase().contains(&row), "{row}");
        for text in [text("/fullDescription/text"), text("/help/text")] {
            assert!((10..1024).contains(&text.len()) && text.starts_with(meaning));
        }
    }
    rules
}

#[test]
fn code_scanning_gets_what_it_needs() {
    let all = [
        "--format",
        "sarif",
        "lock.sql",
        "ignored.sql",
        "a,b:50%.sql",
        "none.sql",
    ];
    let document = parsed(&files("sarif"), &all);
    assert_eq!(document["version"], "2.1.0");
    let run = &document["runs"][0];
    let rules = rules(run);
    let [danger, lock] = run["results"].as_array().expect("results").as_slice() else {
        panic!("two results: {run}");
    };
    assert_eq!(
        (&danger["level"], &lock["level"]),
        (&json!("error"), &json!("warning"))
    );
    for result in [danger, lock] {
        let index = result["ruleIndex"].as_u64().expect("an index");
        let rule = &rules[usize::try_from(index).expect("small")];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_ne!(result["message"]["text"], "");
        assert_eq!(
            result["partialFingerprints"]["primaryLocationLineHash"]
                .as_str()
                .map(str::len),
            Some(18)
        );
    }
    let place = &danger["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "a%2Cb%3A50%25.sql");
    assert_eq!(place["region"]["startLine"], 1);
    let invocation = &run["invocations"][0];
    assert_eq!(
        (&invocation["executionSuccessful"], &invocation["exitCode"]),
        (&json!(false), &json!(2))
    );
    let notifications = invocation["toolExecutionNotifications"].as_array();
    assert_eq!(notifications.map(Vec::len), Some(2));
}
