//! What a case needs beside its schema.

/// Statements that are run before, and one more that the old version does.
#[derive(Default)]
pub struct Setup {
    pub statements: &'static str,
    pub probe: Option<&'static str>,
}

impl Setup {
    /// What `setups.tsv` says of a case.
    pub fn of(id: &str) -> Self {
        let rows = include_str!("setups.tsv")
            .lines()
            .filter(|row| !row.starts_with('#'));
        let mut rows = rows.map(|row| row.split('\t'));
        let found = rows.find_map(|mut cells| {
            let wanted = cells.next()?.split(' ').any(|it| it == id);
            wanted.then(|| Self {
                statements: cells.next().unwrap_or_default(),
                probe: cells.next(),
            })
        });
        found.unwrap_or_default()
    }

    /// Whether the case needs nothing more.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

/// The cases that need something.
pub fn ids() -> impl Iterator<Item = &'static str> {
    let rows = include_str!("setups.tsv")
        .lines()
        .filter(|row| !row.starts_with('#'));
    rows.flat_map(|row| row.split('\t').next().unwrap_or_default().split(' '))
}
