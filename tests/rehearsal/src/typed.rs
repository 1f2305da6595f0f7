//! A request as a person types it.

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};
use std::io::{Result, Write};

/// One line of JSON, with blanks between its parts.
pub fn typed(request: &Value) -> String {
    let mut text = Vec::new();
    let written = request.serialize(&mut Serializer::with_formatter(&mut text, Spaced));
    match written {
        Ok(()) => String::from_utf8_lossy(&text).into_owned(),
        // A vector takes everything.
        Err(_) => request.to_string(),
    }
}

/// A blank after each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> Result<()> {
        out.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_request_stands_on_one_line_with_blanks() {
        let request = json!({"action": "hold", "reason": "\"go\"", "release": "r1"});
        let expect = r#"{"action": "hold", "reason": "\"go\"", "release": "r1"}"#;
        assert_eq!(typed(&request), expect);
        let nested = json!({"migration": {"command": ["migrate", "up"]}});
        let expect = r#"{"migration": {"command": ["migrate", "up"]}}"#;
        assert_eq!(typed(&nested), expect);
    }
}
