//! Lists within messages and answers: as many items as a person reads, and how many more there are.

use crate::Target;
use crate::excerpt::{cut, one_line};
use serde::Serialize;

/// Items that a list names.
const ITEMS: usize = 10;

/// Characters of all items of a list together, so that several lists fit into one reason.
const ROOM: usize = 2000;

/// Targets that an answer holds. With a plan beside them they stay below the 256 KiB that Step Functions carries.
pub const MOST_TARGETS: usize = 2000;

/// Bytes of JSON that they may take: those of so many IPv6 addresses.
const TARGETS_ROOM: usize = 128 * 1024;

/// The first of the items, as many as a person reads and as fit, and "and N more" after them.
pub fn listed<T: AsRef<str>>(items: impl IntoIterator<Item = T>, separator: &str) -> String {
    let (mut named, mut more, mut room) = (Vec::new(), 0, ROOM);
    for item in items {
        // Most of a long list is only counted.
        if more > 0 || named.len() == ITEMS {
            more += 1;
            continue;
        }
        let item = one_line(item.as_ref());
        let length = item.chars().count();
        if length <= room {
            room -= length;
            named.push(item);
        } else if named.is_empty() {
            named.push(cut(item, ROOM / 2, ROOM / 4));
            room = 0;
        } else {
            more += 1;
        }
    }
    let mut text = named.join(separator);
    if more > 0 {
        text += &format!("{separator}and {more} more");
    }
    text
}

/// The texts one after another: as many as fit into `room` bytes in full. Of the others only the names are left, in one
/// more text.
pub fn within(room: usize, texts: impl IntoIterator<Item = (&'static str, String)>) -> Vec<String> {
    let (mut whole, mut others, mut room) = (Vec::new(), Vec::new(), room);
    for (name, text) in texts {
        match room.checked_sub(text.len()) {
            Some(left) => {
                room = left;
                whole.push(text);
            }
            None => others.push(name),
        }
    }
    if !others.is_empty() {
        // A name is short, and there are only so many checks.
        whole.push(format!(
            "Found as well, and too long to be shown here: {}.",
            others.join(", ")
        ));
    }
    whole
}

/// The first targets, as many as an answer holds.
pub fn first_targets(targets: impl IntoIterator<Item = Target>) -> Vec<Target> {
    let targets = targets.into_iter().take(MOST_TARGETS);
    fitting(targets.collect(), TARGETS_ROOM, |_| ())
}

/// The items as they are; or, when they take more than `room` bytes of JSON, as many as it holds, those with the least
/// key first.
pub fn fitting<T: Serialize, K: Ord>(
    mut items: Vec<T>,
    room: usize,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    // A comma follows each.
    let bytes = |item: &T| serde_json::to_string(item).map_or(room, |json| json.len()) + 1;
    if items.iter().map(bytes).sum::<usize>() > room {
        items.sort_by_key(key);
    }
    let mut taken = 0;
    let fits = |item: &T| {
        taken += bytes(item);
        taken <= room
    };
    items.into_iter().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_ten_and_counts_the_others() {
        assert_eq!(listed([""; 0], ", "), "");
        assert_eq!(listed(["a", "b"], " and "), "a and b");
        let numbers: Vec<String> = (1..=5000).map(|it| it.to_string()).collect();
        assert_eq!(
            listed(&numbers[..10], ", "),
            "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"
        );
        let expect = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, and 4990 more";
        assert_eq!(listed(&numbers, ", "), expect);
    }

    #[test]
    fn long_items_leave_room_for_fewer_and_break_no_line() {
        let arns = vec!["x".repeat(600); 500];
        assert_eq!(listed(&arns, "; ").matches("; ").count(), 3);
        assert!(listed(&arns, "; ").ends_with("; and 497 more"));
        for letter in ["ä", "🚀", "\u{202e}"] {
            let list = listed(vec![letter.repeat(100_000); 20], "; ");
            assert!(list.chars().count() < ROOM, "{letter}: {list}");
        }
        assert_eq!(listed(["a\nb"], ", "), "a b");
    }

    #[test]
    fn texts_for_which_there_is_no_room_are_named() {
        let texts = || [("a", "aaaa"), ("b", "bbbbbb"), ("c", "cc")];
        let texts = |room| within(room, texts().map(|(name, text)| (name, text.to_owned())));
        assert_eq!(texts(12), ["aaaa", "bbbbbb", "cc"]);
        let named = "Found as well, and too long to be shown here: b.";
        assert_eq!(texts(8), ["aaaa", "cc", named]);
    }

    #[test]
    fn an_answer_holds_two_thousand_targets_and_fewer_of_long_names() {
        let target = |id: String| Target { id, port: 65535 };
        let v6 = |it: u32| format!("2001:db8:aaaa:bbbb:cccc:dddd:eeee:{it:04x}");
        let found = first_targets((0..5000).map(v6).map(target));
        assert_eq!(found.len(), MOST_TARGETS);
        let bytes = serde_json::to_string(&found).expect("JSON").len();
        assert!(bytes <= TARGETS_ROOM, "{bytes}");
        let long = (0..5000).map(|_| target("i".repeat(1000)));
        assert_eq!(first_targets(long).len(), 128);
    }
}
