//! How the page looks, and how it says figures.

use super::story::Story;
use maud::PreEscaped;

/// The rules for the picture, with the colours. They are XML as well as HTML: neither `<` nor `&` stands in them.
pub(super) const PICTURE: PreEscaped<&str> = PreEscaped(include_str!("picture.css"));

/// Those for the page around it.
pub(super) const PAGE: PreEscaped<&str> = PreEscaped(include_str!("page.css"));

pub(super) fn ended(passed: bool) -> &'static str {
    match passed {
        true => "ended as it should",
        false => "did not end as it should",
    }
}

/// A time in seconds, or in minutes and seconds.
pub(super) fn seconds(seconds: f64) -> String {
    match seconds {
        ..10.0 => format!("{seconds:.2} s"),
        ..180.0 => format!("{seconds:.1} s"),
        _ => {
            let whole = seconds.round() as u64;
            format!("{} min {:02} s", whole / 60, whole % 60)
        }
    }
}

pub(super) fn looks(count: usize) -> String {
    let looks = if count == 1 { "look" } else { "looks" };
    format!("{count} {looks}")
}

/// The picture for those who hear it.
pub(super) fn spoken(story: &Story) -> String {
    let (served, failed) = story.served();
    let ends = story.executions.iter();
    let ends = ends.map(|it| format!("{}: {}", it.way, it.end));
    let ends = ends.collect::<Vec<_>>().join("; ");
    format!("{ends}. {failed} of {served} requests failed.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_as_precise_as_it_is_short() {
        assert_eq!(
            [0.034, 20.31, 431.4].map(seconds),
            ["0.03 s", "20.3 s", "7 min 11 s"]
        );
    }
}
