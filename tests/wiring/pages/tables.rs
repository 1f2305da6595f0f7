//! Tables of a Markdown page.

/// The rows of the tables whose head's first cell is this word, each row as its cells.
pub fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut inside = false;
    let mut before = "";
    for line in page.lines() {
        if line.starts_with("|--") || line.starts_with("|:-") || line.starts_with("| --") {
            inside = cells(before).first().is_some_and(|it| it == head);
        } else if !line.starts_with('|') {
            inside = false;
        } else if inside {
            rows.push(cells(line));
        }
        before = line;
    }
    rows
}

/// The cells of a line. A bar within backticks or behind a backslash is no border.
fn cells(line: &str) -> Vec<String> {
    let inner = line.trim().trim_start_matches('|');
    let (mut cells, mut cell, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for letter in inner.chars() {
        quoted ^= letter == '`';
        if letter == '|' && !quoted && !escaped {
            cells.push(cell.trim().to_owned());
            cell.clear();
        } else {
            cell.push(letter);
        }
        escaped = letter == '\\';
    }
    cells
}

/// What stands in backticks.
pub fn names(cell: &str) -> Vec<String> {
    let parts = cell.split('`').skip(1).step_by(2);
    parts.map(str::to_owned).collect()
}

#[test]
fn a_table_is_found_by_its_head() {
    let page = "| a | b |\n|---|---|\n| `x`, `y` | `1|2` |\n\n| c |\n|---|\n| z |\n";
    assert_eq!(table(page, "a"), [["`x`, `y`", "`1|2`"]]);
    assert_eq!(table(page, "c"), [["z"]]);
    assert_eq!(names("`x`, `y`"), ["x", "y"]);
}
