//! Fills the release's image into a check, so that an answer can prove which build gave it.

use crate::spec::Check;
use serde_json::Value;
use shared::Image;

/// The check for one release, with `{{tag}}` and `{{digest}}` filled in.
///
/// A release that was requested by digest names no tag. Its `{{tag}}` stays as it is: an empty text would fit the
/// empty version of an application that does not know its own.
pub fn for_image(check: &Check, image: &Image) -> Check {
    let fill = |text: &mut String| *text = filled(text, image);
    let mut check = check.clone();
    fill(&mut check.path);
    check.headers.values_mut().for_each(fill);
    check.expect.headers.values_mut().for_each(fill);
    check.body = check.body.map(|body| filled_value(body, image));
    for expectation in &mut check.expect.json {
        let equals = expectation.equals.take();
        expectation.equals = equals.map(|value| filled_value(value, image));
    }
    check
}

fn filled(text: &str, image: &Image) -> String {
    let text = text.replace("{{digest}}", image.digest.as_str());
    match &image.tag {
        Some(tag) => text.replace("{{tag}}", tag),
        None => text,
    }
}

fn filled_value(value: Value, image: &Image) -> Value {
    match value {
        Value::String(text) => Value::String(filled(&text, image)),
        Value::Array(items) => {
            let items = items.into_iter();
            items.map(|item| filled_value(item, image)).collect()
        }
        Value::Object(fields) => {
            let fields = fields.into_iter();
            fields
                .map(|(name, item)| (name, filled_value(item, image)))
                .collect()
        }
        other @ (Value::Null | Value::Bool(_) | Value::Number(_)) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::read;
    use serde_json::json;

    const SPEC: &str = r#"{"checks": [{"name": "a", "path": "/{{tag}}", "headers": {"x": "{{tag}}"},
        "body": ["{{tag}}"], "expect": {"headers": {"y": "{{tag}}"},
        "json": [{"path": "$.d", "equals": {"d": "{{tag}}@{{digest}}", "n": [1, null]}}]}}]}"#;

    fn check(tag: Option<&str>, expect: &str) {
        let image = Image {
            uri: String::new(),
            tag: tag.map(str::to_owned),
            digest: "sha256:a".into(),
        };
        let check = for_image(&read(Some(SPEC)).expect("a spec").checks[0], &image);
        assert_eq!(check.path, format!("/{expect}"));
        assert_eq!(
            (
                check.headers["x"].as_str(),
                check.expect.headers["y"].as_str()
            ),
            (expect, expect)
        );
        assert_eq!(check.body, Some(json!([expect])));
        let equals = json!({"d": format!("{expect}@sha256:a"), "n": [1, null]});
        assert_eq!(check.expect.json[0].equals, Some(equals));
    }

    #[test]
    fn the_image_is_filled_in_everywhere() {
        check(Some("v1"), "v1");
    }

    #[test]
    fn without_a_tag_nothing_is_taken_for_one() {
        check(None, "{{tag}}");
    }
}
