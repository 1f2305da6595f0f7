//! The dashboard's body. CloudWatch says only when the stack is deployed what is wrong with one, and never that a metric
//! of this name and these dimensions does not exist: such a widget stays empty.

mod metrics;
mod references;

use project::{list, template, text};
use serde_json::{Value, json};

/// Bytes of a body that CloudFormation takes in any template, even in one that does not come from a bucket.
const BODY: usize = 51_200;

/// Columns of the grid (CloudWatch API reference, dashboard body structure).
const COLUMNS: u64 = 24;

/// What a widget of each type needs to show anything.
const PROPERTIES: [(&str, &[&str]); 4] = [
    ("alarm", &["title", "alarms"]),
    ("log", &["title", "region", "view", "query"]),
    ("metric", &["title", "region", "view", "metrics"]),
    ("text", &["markdown"]),
];

/// The text of the body, and the names that it defines for itself.
fn written() -> (String, Value) {
    let template = template();
    let dashboard = &template["Resources"]["ReleaseDashboard"];
    assert_eq!(dashboard["Type"], "AWS::CloudWatch::Dashboard");
    let body = &dashboard["Properties"]["DashboardBody"]["Fn::Sub"];
    (text(&body[0]), body[1].clone())
}

/// The widgets, with every `${NAME}` as it is written.
fn widgets() -> Vec<Value> {
    let (body, _) = written();
    let body: Value = serde_json::from_str(&body).expect("the body is JSON");
    list(&body["widgets"]).into_iter().cloned().collect()
}

/// Where a widget is: its columns and rows.
fn place(widget: &Value) -> [u64; 4] {
    ["x", "y", "width", "height"].map(|it| widget[it].as_u64().expect("a whole number"))
}

#[test]
fn given_the_body_then_its_size_and_its_widgets_are_within_cloudwatchs_limits() {
    let (body, _) = written();
    assert!(body.len() <= BODY, "{} bytes", body.len());
    let widgets = widgets();
    assert!((1..=500).contains(&widgets.len()));
    let metrics = widgets
        .iter()
        .filter_map(|it| it["properties"]["metrics"].as_array());
    let counts: Vec<usize> = metrics.map(Vec::len).collect();
    assert!(counts.iter().all(|it| (1..=500).contains(it)));
    assert!(counts.iter().sum::<usize>() <= 2_500);
}

#[test]
fn given_a_widget_then_it_has_what_its_type_needs() {
    for widget in widgets() {
        let kind = text(&widget["type"]);
        let known = PROPERTIES.iter().find(|(name, _)| *name == kind);
        let (_, needs) = known.unwrap_or_else(|| panic!("the type {kind}"));
        let properties = &widget["properties"];
        for name in *needs {
            assert!(
                properties.get(name).is_some(),
                "{kind} has no {name}: {widget}"
            );
        }
        let region = properties.get("region");
        assert!(region.is_none_or(|it| *it == "${AWS::Region}"), "{widget}");
    }
}

#[test]
fn given_the_grid_then_no_widget_leaves_it_or_lies_upon_another() {
    let places: Vec<_> = widgets().iter().map(place).collect();
    for [x, _, width, height] in &places {
        assert!(*width >= 1 && x + width <= COLUMNS && (1..=1_000).contains(height));
    }
    for (at, [x, y, width, height]) in places.iter().enumerate() {
        for [x2, y2, width2, height2] in &places[at + 1..] {
            let beside = x + width <= *x2 || x2 + width2 <= *x;
            let below = y + height <= *y2 || y2 + height2 <= *y;
            assert!(beside || below, "({x}, {y}) and ({x2}, {y2})");
        }
    }
}

#[test]
fn given_the_parameter_then_it_switches_the_dashboard_off_and_is_on_by_default() {
    let template = template();
    let parameter = &template["Parameters"]["Dashboard"];
    assert_eq!(parameter["Default"], "on");
    assert_eq!(parameter["AllowedValues"], json!(["on", "off"]));
    let condition = &template["Conditions"]["HasDashboard"];
    assert_eq!(
        *condition,
        json!({"Fn::Equals": [{"Ref": "Dashboard"}, "on"]})
    );
    assert_eq!(
        template["Resources"]["ReleaseDashboard"]["Condition"],
        "HasDashboard"
    );
}

/// The fields stand in the log as `About` of `record` writes them, beside the metrics.
#[test]
fn given_the_table_of_releases_then_it_reads_fields_that_the_functions_write() {
    let widgets = widgets();
    let log = widgets
        .iter()
        .find(|it| it["type"] == "log")
        .expect("a table");
    let query = text(&log["properties"]["query"]);
    for group in ["DetectLogs", "FlipLogs"] {
        assert!(query.contains(&format!("SOURCE '${{{group}}}'")), "{query}");
    }
    let (_, fields) = query.split_once("fields @timestamp, ").expect("fields");
    let fields = fields.split('\n').next().unwrap_or_default();
    let code = project::read("functions/record/src/measured.rs");
    let (_, about) = code
        .split_once("struct About")
        .expect("the fields of the log");
    for field in fields.split(", ") {
        assert!(about.contains(&format!("    {field}: ")), "{field}");
    }
    assert!(query.contains("filter ispresent(outcome)"));
}
