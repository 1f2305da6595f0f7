//! JSON as the query protocol's XML: an item of a list is a `member`.

use serde_json::Value;

pub fn response(operation: &str, output: &Value) -> Vec<u8> {
    let mut text = String::new();
    write(&mut text, output);
    format!(
        "<{operation}Response><{operation}Result>{text}</{operation}Result></{operation}Response>"
    )
    .into_bytes()
}

pub fn error(fault: &Value) -> Vec<u8> {
    let (code, message) = (escaped(&fault["__type"]), escaped(&fault["message"]));
    format!("<ErrorResponse><Error><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>")
        .into_bytes()
}

fn write(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => {
            for (name, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                element(text, name, value);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| element(text, "member", item)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => text.push_str(&escaped(value)),
    }
}

fn element(text: &mut String, name: &str, value: &Value) {
    text.push_str(&format!("<{name}>"));
    write(text, value);
    text.push_str(&format!("</{name}>"));
}

fn escaped(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
