//! The tests of `hidden.rs`.

use super::*;
use serde_json::json;

fn check(text: &str, expect: &str) {
    let variable = |name: &str, value: &str| json!({"name": name, "value": value});
    let api = json!({
        "name": "api", "image": "shop:v1", "command": ["serve", "--password=\"pa ss\""],
        "environment": [
            variable("NAME", "api"), variable("N", "1"), variable("DEBUG", "true"), variable("EMPTY", ""),
            variable("LIMIT", "999"), variable("PIN", "4711"), variable("REGION", "north"),
            variable("TOKEN", "s3cr3t-token-of-shop"), variable("TOKEN_BEGIN", "s3cr3t-token"),
            variable("OTHER", "of-shop-and-more"), variable("WORD", "variable"), variable("DEPLOYMENT_SLOT", "blue"),
        ],
        "dockerLabels": {"team": "label-of-team"},
        "secrets": [
            {"name": "A", "valueFrom": "/shop/db/password"}, {"name": "B", "valueFrom": "shop-db-password"},
        ],
    });
    let definition = json!({"family": "shop", "containerDefinitions": [api]});
    let content = RevisionContent::of_answer(&json!({ "taskDefinition": definition }));
    assert_eq!(Hidden::of(&content).mask(text), expect);
}

#[test]
fn what_is_hidden_is_taken_out_wherever_it_is_quoted() {
    check(
        "value 's3cr3t-token-of-shop' of api",
        "value '[hidden: variable TOKEN]' of api",
    );
    check(
        "xs3cr3t-token-of-shopx s3cr3t-token",
        "x[hidden: variable TOKEN]x [hidden: variable TOKEN_BEGIN]",
    );
    check(
        r#"["serve","--password=\"pa ss\""]"#,
        r#"["[hidden: command]","[hidden: command]"]"#,
    );
    check("a label-of-team of", "a [hidden] of");
    check("api in blue runs shop:v1", "api in blue runs shop:v1");
}

#[test]
fn a_mask_says_what_it_stands_for() {
    check(
        r#"exec: "serve": executable file not found in $PATH"#,
        r#"exec: "[hidden: command]": executable file not found in $PATH"#,
    );
    check(
        "no such host: shop.north.example",
        "no such host: shop.[hidden: variable REGION].example",
    );
    // A mask is no text of AWS's: nothing is taken out of it.
    check(
        "variable north",
        "[hidden: variable WORD] [hidden: variable REGION]",
    );
}

#[test]
fn what_overlaps_is_taken_out_as_one() {
    check("s3cr3t-token-of-shop-and-more", "[hidden: variable TOKEN]");
}

#[test]
fn what_is_in_every_text_stays() {
    for text in [
        "1 of 10 observed, not 1: true",
        "exit 999, false",
        "unable to pull /shop/db/password",
    ] {
        check(text, text);
    }
    check("4711: shop-db-password", "[hidden: variable PIN]: [hidden]");
}

#[test]
fn the_beginning_of_what_is_cut_off_is_taken_out() {
    let token = "[hidden: variable TOKEN]";
    check("exec: s3cr3t-tok...", &format!("exec: {token}..."));
    check("exec: s3cr…", &format!("exec: {token}…"));
    check("exec: s3c...", "exec: s3c...");
    // A text that is not cut off may end with a word of which a hidden text begins.
    check("exec: s3cr", "exec: s3cr");
    check("exec: s3cr.", "exec: s3cr.");
    // ECS marks no cut.
    let filled = |length: usize| "x ".repeat(length / 2 - 4);
    for length in [256, 1024] {
        let before = filled(length);
        check(&format!("{before}s3cr3t-t"), &format!("{before}{token}"));
    }
    let before = filled(250);
    check(&format!("{before}s3cr3t-t"), &format!("{before}s3cr3t-t"));
}
