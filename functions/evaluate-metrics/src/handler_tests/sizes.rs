//! Answers fit, however many targets and alarms there are, and whatever others wrote.

use super::*;
use fixtures::assert_bounded;

/// What nobody should have to read.
fn hostile(text: &str) -> String {
    format!("{text}\n\u{1b}[2J\u{202e}{}", "ä".repeat(5000))
}

#[tokio::test]
async fn five_thousand_failing_targets_are_counted_and_two_thousand_named() {
    let ids: Vec<String> = (0..5000)
        .map(|number| format!("2001:db8:aaaa:bbbb:cccc:dddd:eeee:{number:x}"))
        .collect();
    let names = ids.iter().map(|id| format!("[{id}]:80"));
    let names: Vec<String> = names.collect();
    let results = names.iter().take(100).map(|target| {
        json!({"check": hostile("ping"), "target": target, "passed": false, "asked": true,
            "expected": hostile("status 200"), "found": hostile("status 500"), "latencyMs": 3})
    });
    let results: Value = results.collect();
    let targets = json!({"passing": [], "failing": names, "unasked": 0});
    let evaluate = Evaluate {
        elb: load_balancer(ids),
        ..evaluate(StateValue::Ok)
    };
    let probe = json!({"probe": {"targets": targets, "results": results}});
    let answer = json!(evaluate.handle(task(probe)).await.expect("an answer"));
    assert_bounded(&answer);
    let reason = "failing targets 5000 of 5000 asked (5000 registered): ping";
    let found = answer["reason"].as_str().unwrap_or_default();
    assert!(found.starts_with(reason), "{found}");
    assert_eq!(answer["targets"].as_array().map(Vec::len), Some(2000));
    assert_eq!(answer["numbers"]["targets"]["failing"], 5000);
}

#[tokio::test]
async fn alarms_that_do_not_exist_are_counted() {
    let mut evaluate = evaluate(StateValue::Ok);
    let name = |number: u32| hostile(&format!("alarm-{number}"));
    evaluate.alarms.names = (0..500).map(name).collect();
    let answer = json!(evaluate.handle(task(json!({}))).await.expect("an answer"));
    assert_bounded(&answer);
    let reason = answer["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("499 more in CloudWatch"), "{reason}");
}
