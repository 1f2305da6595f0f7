//! Words of people and overrides, among the other requests.

use super::super::decides;
use super::{check, read, refused};
use crate::request::Request;
use serde_json::json;

#[test]
fn what_begins_may_override_and_what_does_not_begin_may_not() {
    let contract = json!({"action": "contract", "command": ["m"]});
    for mut request in [json!({"tag": "v1"}), json!({"action": "sync"}), contract] {
        request["override"] = json!(" hot fix ");
        let requested = read(&request, "team/shop").expect("a request");
        assert_eq!(requested.overrides.as_deref(), Some("hot fix"), "{request}");
        request["override"] = json!(true);
        refused(request, "override: expected text, found true");
    }
    for action in ["rollback", "report-drift", "status", "freeze"] {
        let request = json!({"action": action, "override": "hot fix"});
        refused(request, "override = ");
    }
}

#[test]
fn a_word_of_the_wrong_form_is_refused_with_the_forms_of_words_alone() {
    let word = read(&json!({"action": "approve"}), "team/shop").expect_err("no request");
    let word = word.as_str();
    assert!(
        word.contains("\"gate\": \"flip to 10 %\"") && !word.contains("migration"),
        "{word}"
    );
    let status = json!({"action": "status"});
    check(status.clone(), Request::Status);
    refused(
        json!({"action": "plan", "request": status}),
        "can be planned",
    );
    let stop = json!({"action": "stop", "release": "r1"});
    refused(json!({"action": "plan", "request": stop}), "can be planned");
    assert!(decides(&json!({"action": "stop"})) && !decides(&json!({"action": "status"})));
}
