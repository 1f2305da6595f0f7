//! Files of all kinds: each is judged or named, whatever the others are.

use super::{DROP, folder, lint_migration, run, said, write};
use std::ffi::OsStr;
use std::io::Write;
use std::process::Stdio;

#[test]
fn every_file_is_judged_though_others_cannot_be_read() {
    let folder = folder("unread");
    let utf_16 = |text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    };
    write(
        &folder,
        "marked-le.sql",
        utf_16("\u{feff}SELECT 1", u16::to_le_bytes),
    );
    write(&folder, "be.sql", utf_16("SELECT 1", u16::to_be_bytes));
    write(&folder, "latin.sql", b"SELECT 1;\nSELECT 'caf\xe9';");
    write(&folder, "program", b"\x7fELF\0\0");
    write(&folder, "folder/1.sql", "SELECT 1;");
    write(&folder, "last.sql", "SELECT 1;\n".to_owned() + DROP);
    let files = [
        "none.sql",
        "marked-le.sql",
        "be.sql",
        "latin.sql",
        "program",
        "folder",
        "last.sql",
    ];
    let (code, output, errors) = run(&folder, &files);
    assert_eq!(code, 2);
    assert!(
        output.starts_with("last.sql:2: danger[drop]: DROP TABLE orders"),
        "{output}"
    );
    assert!(
        output.ends_with("3 statements in 1 file: 1 danger; 6 not judged\n"),
        "{output}"
    );
    let expected = [
        "none.sql: No such file or directory (os error 2).",
        "marked-le.sql: it is UTF-16. Save it as UTF-8.",
        "be.sql: it is UTF-16. Save it as UTF-8.",
        "latin.sql: it is no UTF-8: line 2 has the byte 0xE9. Save it as UTF-8.",
        "program: it is no text: line 1 has a NUL byte.",
        "folder: it is a folder. Name the files in it.",
    ];
    assert_eq!(errors.lines().collect::<Vec<_>>(), expected);
}

#[test]
fn a_text_has_at_most_16_mb() {
    let (code, _, errors) = run(&folder("endless"), &["/dev/zero"]);
    assert_eq!(code, 2);
    assert!(errors.contains("more than 16 MB"), "{errors}");
}

#[test]
fn a_mark_of_utf_8_is_read_over_and_an_empty_file_is_a_problem() {
    let folder = folder("mark");
    write(&folder, "marked.sql", "\u{feff}SELECT 1;");
    let (code, output, _) = run(&folder, &["marked.sql"]);
    assert_eq!(
        (code, output.as_str()),
        (0, "1 statement in 1 file: no problems\n")
    );
    write(&folder, "empty.sql", "");
    let (code, output, _) = run(&folder, &["empty.sql"]);
    assert_eq!(code, 1);
    assert!(
        output.starts_with("empty.sql:1: danger[unreadable]: "),
        "{output}"
    );
}

#[test]
fn a_file_may_have_any_name() {
    let folder = folder("names");
    for file in ["a b.sql", "a\nb.sql", "::error::a.sql", "-a.sql"] {
        write(&folder, file, DROP);
    }
    let (code, output, errors) = run(
        &folder,
        &[
            "a b.sql",
            "a\nb.sql",
            "::error::a.sql",
            "::none",
            "--",
            "-a.sql",
        ],
    );
    assert_eq!(code, 2);
    let places = output
        .lines()
        .map(|line| line.split(": ").next().unwrap_or_default());
    let places: Vec<_> = places.take(4).collect();
    let expected = ["a b.sql:1", "a\\nb.sql:1", "./::error::a.sql:1", "-a.sql:1"];
    assert_eq!(places, expected);
    assert!(errors.starts_with("./::none: "), "{errors}");
    let (code, _, errors) = run(&folder, &["-a.sql"]);
    assert_eq!(code, 2);
    assert!(errors.contains("-- -a"), "{errors}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder("bytes");
    let name = OsStr::from_bytes(b"a\xff.sql");
    std::fs::write(folder.join(name), DROP).expect("a file");
    let (code, output, _) = said(lint_migration(&folder).arg(name).output());
    assert_eq!(code, 1);
    assert!(output.starts_with("a\u{fffd}.sql:1: "), "{output}");
}

#[test]
fn the_standard_input_is_judged_and_a_closed_pipe_is_no_error() {
    let folder = folder("pipe");
    for closed in [false, true] {
        let mut command = lint_migration(&folder);
        let piped = command
            .arg("-")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut running = piped.stderr(Stdio::piped()).spawn().expect("it starts");
        if closed {
            drop(running.stdout.take());
        }
        let mut input = running.stdin.take().expect("an input");
        input.write_all(DROP.as_bytes()).expect("it reads");
        drop(input);
        let (code, output, errors) = said(running.wait_with_output());
        assert_eq!((code, errors.as_str()), (1, ""));
        assert_eq!(output.starts_with("-:1: danger[drop]"), !closed, "{output}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    let folder = folder("full");
    write(&folder, "1.sql", "SELECT 1;");
    let full = std::fs::File::create("/dev/full").expect("a full device");
    let output = lint_migration(&folder).arg("1.sql").stdout(full).output();
    let (code, _, errors) = said(output);
    assert_eq!(code, 2);
    assert!(
        errors.starts_with("the output cannot be written: "),
        "{errors}"
    );
}
