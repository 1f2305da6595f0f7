//! What the metrics say of a watched release.

/// A verdict, and when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The watch has ended well.
    Good,
    /// Unhealthy, at any time.
    Bad,
    /// Nobody can tell, and the time for it is over.
    Doubtful,
    /// The watch is not over.
    Early,
}

impl Verdict {
    /// Those that lead to something new. The last two do only where a person has ended the watch.
    pub fn all(finish: bool) -> &'static [Verdict] {
        let all = &[
            Verdict::Good,
            Verdict::Bad,
            Verdict::Doubtful,
            Verdict::Early,
        ];
        if finish { all } else { &all[..2] }
    }
}
