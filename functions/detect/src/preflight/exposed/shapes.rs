//! How words and random texts look.

/// Characters of a random text: keys of 21 bytes or more in Base64.
const RUN: core::ops::RangeInclusive<usize> = 28..=128;

/// Letters of a word; there are longer ones, but not in the names of secrets.
const WORD: usize = 20;

/// Consonants one after another: `angstschweiß` has seven, and words of configurations have fewer.
const CONSONANTS: usize = 5;

/// Whether the text is made of words, with a small number here and there: `prod/eu-west-1/db-password`, `X-Api-Key`.
pub(super) fn is_words(text: &str) -> bool {
    let pieces = text.split(|it: char| !it.is_alphanumeric());
    let pieces: Vec<&str> = pieces.filter(|it| !it.is_empty()).collect();
    let (words, others): (Vec<&str>, Vec<&str>) = pieces.into_iter().partition(|it| is_word(it));
    let only_separators = text
        .chars()
        .all(|it| it.is_alphanumeric() || " _-./:,@".contains(it));
    let numbers = others.iter().all(|it| it.len() <= 4 && is_number(it));
    only_separators && numbers && words.len() > others.len()
}

fn is_number(piece: &str) -> bool {
    let digits = piece.strip_prefix('v').unwrap_or(piece);
    !digits.is_empty() && digits.chars().all(|it| it.is_ascii_digit())
}

/// `password`, `PASSWORD`, `Password`, `accessToken`; not `kJhGfDsA`, and not `xqzvbnmk`.
fn is_word(piece: &str) -> bool {
    let letters: Vec<char> = piece.chars().collect();
    let humps = letters
        .windows(2)
        .filter(|it| it[0].is_lowercase() && it[1].is_uppercase());
    let consonants = letters.split(|it| "aeiouyäöü".contains(it.to_ascii_lowercase()));
    let longest = consonants.map(<[char]>::len).max().unwrap_or_default();
    letters.iter().all(|it| it.is_alphabetic())
        && letters.len() <= WORD
        && humps.count() <= letters.len() / 5
        && longest <= CONSONANTS
}

/// Whether a part of the text without separators has small and capital letters and digits in no order.
pub(super) fn longest_random_run(text: &str) -> bool {
    let is_base64 = |it: char| it.is_ascii_alphanumeric() || it == '+' || it == '/';
    let mut runs = text.split(|it: char| !is_base64(it));
    runs.any(|run| RUN.contains(&run.len()) && is_shuffled(run))
}

/// Words written together change seldom from one kind of characters to another; of random ones more than half do.
fn is_shuffled(run: &str) -> bool {
    let kinds = run.chars().filter_map(|it| match it {
        'a'..='z' => Some(0),
        'A'..='Z' => Some(1),
        '0'..='9' => Some(2),
        _ => None,
    });
    let kinds: Vec<i32> = kinds.collect();
    let all = [0, 1, 2].iter().all(|kind| kinds.contains(kind));
    let changes = kinds.windows(2).filter(|it| it[0] != it[1]).count();
    all && changes * 5 >= kinds.len() * 2
}
