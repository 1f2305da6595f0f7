//! Reads a text. What is no UTF-8 is named, since a linter that guesses may see another statement than the database.

use migrations::TEXT_MAX;
use std::fs::File;
use std::io::{self, Read, stdin};
use std::path::Path;

const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file, or of the standard input if its name is `-`; without a byte order mark.
///
/// # Errors
/// In words, where it cannot be opened, is too long, or is no UTF-8.
pub(super) fn read(file: &Path) -> Result<String, String> {
    let bytes = if file.as_os_str() == "-" {
        bytes(stdin().lock())
    } else {
        File::open(file).and_then(bytes)
    };
    match bytes {
        Ok(bytes) if bytes.len() > TEXT_MAX + UTF_8_MARK.len() => {
            let most = TEXT_MAX >> 20;
            Err(format!(
                "it has more than {most} MB. Split it, or leave the data out."
            ))
        }
        Ok(bytes) => decoded(bytes),
        Err(_) if file.is_dir() => Err("it is a folder. Name the files in it.".to_owned()),
        Err(error) => Err(format!("{error}.")),
    }
}

/// All that a text may have, and a byte more where there is more, so that no file fills the memory.
fn bytes(source: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = (TEXT_MAX + UTF_8_MARK.len() + 1) as u64;
    source.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn decoded(mut bytes: Vec<u8>) -> Result<String, String> {
    if let Some(encoding) = wide(&bytes) {
        return Err(format!("it is {encoding}. Save it as UTF-8."));
    }
    if bytes.starts_with(UTF_8_MARK) {
        bytes.drain(..UTF_8_MARK.len());
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let line = line(&bytes, at);
        return Err(format!("it is no text: line {line} has a NUL byte."));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let byte = bytes.get(at).copied().unwrap_or_default();
        let line = line(bytes, at);
        format!("it is no UTF-8: line {line} has the byte 0x{byte:02X}. Save it as UTF-8.")
    })
}

/// The encoding of a text whose characters take two bytes or four, where that can be seen.
fn wide(bytes: &[u8]) -> Option<&'static str> {
    let marked = |mark: &[u8]| bytes.starts_with(mark);
    if marked(b"\xff\xfe\0\0") || marked(b"\0\0\xfe\xff") {
        return Some("UTF-32");
    }
    let is_utf_16 = marked(b"\xff\xfe") || marked(b"\xfe\xff") || is_unmarked_utf_16(bytes);
    is_utf_16.then_some("UTF-16")
}

/// Most characters of SQL are ASCII: in UTF-16 one byte of the two is zero, always on the same side.
fn is_unmarked_utf_16(bytes: &[u8]) -> bool {
    let (pairs, _) = bytes.as_chunks::<2>();
    let pairs = &pairs[..pairs.len().min(1000)];
    let little = pairs.iter().filter(|[low, high]| *low != 0 && *high == 0);
    let big = pairs.iter().filter(|[high, low]| *high == 0 && *low != 0);
    little.count().max(big.count()) * 2 > pairs.len()
}

/// The line of a byte, counted from 1.
fn line(bytes: &[u8], at: usize) -> usize {
    1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf_16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn a_text_is_read_with_a_byte_order_mark_and_without() {
        for bytes in ["SELECT 'é'", "\u{feff}SELECT 'é'"] {
            assert_eq!(decoded(bytes.into()).as_deref(), Ok("SELECT 'é'"));
        }
        assert_eq!(decoded(Vec::new()).as_deref(), Ok(""));
        assert_eq!(decoded(b"a".into()).as_deref(), Ok("a"));
    }

    #[test]
    fn other_encodings_are_named() {
        let (little, big) = (u16::to_le_bytes, u16::to_be_bytes);
        for bytes in [
            utf_16("\u{feff}SELECT 1", little),
            utf_16("\u{feff}SELECT 1", big),
            utf_16("SELECT '日本'", little),
            utf_16("SELECT '日本'", big),
            utf_16("\u{feff}日本", little),
        ] {
            let error = decoded(bytes).expect_err("UTF-16");
            assert_eq!(error, "it is UTF-16. Save it as UTF-8.");
        }
        let wide = |character: u32| [0xfeff, character].map(u32::to_le_bytes).concat();
        let error = decoded(wide(65)).expect_err("UTF-32");
        assert_eq!(error, "it is UTF-32. Save it as UTF-8.");
        let error = decoded(b"SELECT 1;\nSELECT 'caf\xe9'".into()).expect_err("Latin-1");
        assert_eq!(
            error,
            "it is no UTF-8: line 2 has the byte 0xE9. Save it as UTF-8."
        );
        for bytes in [&b"\x7fELF\x02\x01\x01\0\0\0\0"[..], b"SELECT 1;\0"] {
            let error = decoded(bytes.into()).expect_err("no text");
            assert_eq!(error, "it is no text: line 1 has a NUL byte.");
        }
    }

    #[test]
    fn no_more_is_read_than_a_text_may_have() {
        let all = bytes(io::repeat(b';')).expect("endless");
        assert_eq!(all.len(), TEXT_MAX + UTF_8_MARK.len() + 1);
    }
}
