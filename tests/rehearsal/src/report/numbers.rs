//! The numbers of a look that a person wants to see at once; the others stand in the machine's history.

use serde_json::Value;

/// The numbers of evaluate-metrics' answer, each with its name, as far as they are known.
pub(super) fn of(look: &Value) -> Vec<(&'static str, String)> {
    let numbers = &look["numbers"];
    let errors = &numbers["target5xx"];
    let number = |value: &Value, digits: usize| value.as_f64().map(|it| format!("{it:.digits$}"));
    let targets = &numbers["targets"];
    let healthy = number(&targets["healthy"], 0).zip(number(&targets["registered"], 0));
    let found = [
        ("share", number(&numbers["share"], 0).map(|it| it + " %")),
        ("requests", number(&numbers["requests"], 0)),
        ("target 5xx", number(&errors["errors"], 0)),
        (
            "explained",
            number(&errors["explained"], 1).filter(|_| errors["pValue"].is_number()),
        ),
        (
            "p",
            errors["pValue"]
                .as_f64()
                .map(|p| p_value(p, errors["pLimit"].as_f64())),
        ),
        (
            "fail, at most",
            numbers["worstRate"]
                .as_f64()
                .map(|rate| format!("{:.2} %", 100.0 * rate)),
        ),
        (
            "p99, times the previous",
            number(&numbers["latency"]["p99Ratio"], 1),
        ),
        (
            "healthy targets",
            healthy.map(|(healthy, all)| format!("{healthy} of {all}")),
        ),
    ];
    let known = found
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    known.collect()
}

/// A p-value beside the limit that it is significant up to.
fn p_value(p: f64, limit: Option<f64>) -> String {
    let limit = limit.map_or_else(String::new, |limit| format!(" (limit {limit:.1e})"));
    match p >= 0.01 {
        true => format!("{p:.2}{limit}"),
        false => format!("{p:.1e}{limit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_known_is_shown_and_what_is_not_is_left_out() {
        let errors = json!({"errors": 14, "of": 312.0, "explained": 0.04, "pValue": 1.2e-9, "pLimit": 0.005});
        let numbers = json!({"share": 10, "requests": 312.0, "target5xx": errors, "worstRate": 0.0723,
            "latency": {"p99Ratio": null}, "targets": {"healthy": 2, "registered": 3}});
        let expected = [
            ("share", "10 %"),
            ("requests", "312"),
            ("target 5xx", "14"),
            ("explained", "0.0"),
            ("p", "1.2e-9 (limit 5.0e-3)"),
            ("fail, at most", "7.23 %"),
            ("healthy targets", "2 of 3"),
        ];
        assert_eq!(
            of(&json!({"numbers": numbers})),
            expected.map(|(name, value)| (name, value.to_owned()))
        );
        assert_eq!(of(&json!({})), []);
    }
}
