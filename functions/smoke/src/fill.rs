//! Fills into a check what is known only once a release is: its image, so that a reply can prove which build gave it, and
//! the secret of its headers.

use crate::placeholder::{Part, parts};
use crate::secret::Values;
use crate::spec::Check;
use serde_json::Value;
use shared::Image;

/// The check for one release, with `{{tag}}` and `{{digest}}` filled in, and `{{secret}}` in its headers.
///
/// A release that was requested by digest names no tag. Its `{{tag}}` stays as it is: an empty text would fit the
/// empty version of an application that does not know its own. So does what the values do not have.
pub fn for_image(check: &Check, image: &Image, values: &Values) -> Check {
    let none = Values::default();
    let fill = |text: &mut String| fill_text(text, image, &none);
    let mut check = check.clone();
    fill(&mut check.path);
    let headers = check.headers.values_mut();
    headers.for_each(|text| fill_text(text, image, values));
    check.expect.headers.values_mut().for_each(fill);
    let expectations = check.expect.json.iter_mut();
    let equals = expectations.filter_map(|expectation| expectation.equals.as_mut());
    let texts = equals.chain(&mut check.body);
    texts.for_each(|value| fill_value(value, &fill));
    check
}

fn fill_text(text: &mut String, image: &Image, values: &Values) {
    let mut filled = String::with_capacity(text.len());
    for (part, written) in parts(text) {
        let value = match part {
            Part::Text => None,
            Part::Tag => image.tag.as_deref(),
            Part::Digest => Some(image.digest.as_str()),
            Part::Secret(key) => values.get(key),
        };
        filled.push_str(value.unwrap_or(written));
    }
    *text = filled;
}

fn fill_value(value: &mut Value, fill: &impl Fn(&mut String)) {
    match value {
        Value::String(text) => fill(text),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_value(item, fill)),
        Value::Object(fields) => fields.values_mut().for_each(|item| fill_value(item, fill)),
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
        let spec = read(Some(SPEC)).expect("a spec");
        let check = for_image(&spec.checks[0], &image, &Values::default());
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
