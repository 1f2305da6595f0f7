//! Fills the release's image into a check, so that an answer can prove which build gave it.

use crate::spec::Check;
use serde_json::Value;
use shared::Image;

/// The check for one release, with `{{tag}}` and `{{digest}}` filled in.
///
/// A release that was requested by digest names no tag. Its `{{tag}}` stays as it is: an empty text would fit the
/// empty version of an application that does not know its own.
pub fn for_image(check: &Check, image: &Image) -> Check {
    let fill = |text: &mut String| fill_text(text, image);
    let mut check = check.clone();
    fill(&mut check.path);
    check.headers.values_mut().for_each(fill);
    check.expect.headers.values_mut().for_each(fill);
    let expectations = check.expect.json.iter_mut();
    let equals = expectations.filter_map(|expectation| expectation.equals.as_mut());
    let values = equals.chain(&mut check.body);
    values.for_each(|value| fill_value(value, image));
    check
}

fn fill_text(text: &mut String, image: &Image) {
    *text = text.replace("{{digest}}", image.digest.as_str());
    if let Some(tag) = &image.tag {
        *text = text.replace("{{tag}}", tag);
    }
}

fn fill_value(value: &mut Value, image: &Image) {
    match value {
        Value::String(text) => fill_text(text, image),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_value(item, image)),
        Value::Object(fields) => fields.values_mut().for_each(|item| fill_value(item, image)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
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
