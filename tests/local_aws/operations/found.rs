//! The findings of a preview.

use serde_json::Value;
use std::collections::BTreeMap;

/// The severity of each finding, by its name.
pub fn findings(preview: &Value) -> BTreeMap<String, String> {
    let all = preview["findings"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|it| (text(&it["name"]), text(&it["severity"])))
        .collect()
}

/// Each of these is among the findings, with this severity.
pub fn holds(findings: &BTreeMap<String, String>, expect: &[(&str, &str)]) {
    for (name, severity) in expect {
        let found = findings.get(*name).map(String::as_str);
        assert_eq!(found, Some(*severity), "{name}: {findings:?}");
    }
}
