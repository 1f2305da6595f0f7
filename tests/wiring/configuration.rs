//! The variables that functions read, and the parameters that a person gives.

use project::functions::Code;
use project::{Names, functions, keys, list, read, template, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;

#[test]
fn given_the_crates_below_functions_then_the_template_deploys_each_of_them() {
    let deployed = functions().into_iter().map(|function| function.binary);
    let folders = fs::read_dir(project::root().join("functions")).expect("a folder");
    let names = folders.map(|folder| folder.expect("an entry").file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let is_library = |name: &String| LIBRARIES.contains(&name.as_str());
    assert_eq!(
        deployed.collect::<Names>(),
        names.filter(|name| !is_library(name)).collect()
    );
}

/// What the functions share, and what is no function at all.
const LIBRARIES: [&str; 3] = ["migrations", "record", "shared"];

/// The ways in which a function reads a variable by its name.
const READS: [&str; 8] = [
    "required",
    "optional",
    "list",
    "list_or_none",
    "parsed",
    "parsed_or_none",
    "named",
    "switch",
];

/// A permission that only the rehearsal gives: through its server's environment, never through a stack.
const OF_THE_REHEARSAL: &str = "SMOKE_LOOPBACK";

#[test]
fn given_a_function_then_its_template_its_table_and_its_code_name_the_same_variables() {
    for function in functions() {
        let supplied = keys(&function.properties["Environment"]["Variables"]);
        let main = read(&format!("functions/{}/src/main.rs", function.binary));
        assert_eq!(
            documented(&main),
            supplied,
            "the table of {}",
            function.binary
        );
        let mut read = read_by(&function.binary);
        read.remove(OF_THE_REHEARSAL);
        assert_eq!(read, supplied, "the code of {}", function.binary);
    }
}

#[test]
fn given_the_rehearsals_permission_then_smoke_alone_reads_it_and_no_stack_can_give_it() {
    let readers = functions().into_iter().map(|function| function.binary);
    let readers: Vec<_> = readers
        .filter(|binary| read_by(binary).contains(OF_THE_REHEARSAL))
        .collect();
    assert_eq!(readers, ["smoke"]);
    for file in ["template.yaml", "tests/rehearsal/environment.yaml"] {
        let text = read(file).to_uppercase();
        assert!(!text.contains("LOOPBACK"), "{file}");
    }
    let server = read("tests/rehearsal/src/server.rs");
    assert!(server.contains(&format!(".env(\"{OF_THE_REHEARSAL}\", \"allowed\")")));
}

/// The names in the first column of the table above `main`.
fn documented(main: &str) -> Names {
    let rows = main.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let columns = rows.filter_map(|row| row.split(" | ").next());
    let names = columns.flat_map(|column| column.split(", "));
    names
        .map(|name| name.trim_matches('`').to_owned())
        .collect()
}

/// The names that the code reads with `shared::config::Settings`.
fn read_by(binary: &str) -> Names {
    let code = Code::of(binary);
    let read = |method: &str| code.arguments(&["settings", "."], method);
    let suffixes = read("per_environment").into_iter();
    let both = suffixes.flat_map(|suffix| [format!("BLUE_{suffix}"), format!("GREEN_{suffix}")]);
    READS
        .iter()
        .flat_map(|method| read(method))
        .chain(both)
        .collect()
}

#[test]
fn given_a_parameter_then_it_is_used_described_and_shown_in_a_group() {
    let template = template();
    let parameters = &template["Parameters"];
    let groups = &template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
    let shown: Names = list(groups)
        .iter()
        .flat_map(|group| list(&group["Parameters"]))
        .map(text)
        .collect();
    assert_eq!(shown, keys(parameters));
    let body = format!("{}{}", template["Conditions"], template["Resources"]);
    for (name, parameter) in parameters.as_object().expect("parameters") {
        let used = body.contains(&json!({ "Ref": name }).to_string())
            || body.contains(&format!("${{{name}}}"));
        assert!(used, "{name} is not used");
        assert!(parameter["Description"].is_string(), "{name}");
        let wants_words = parameter.get("AllowedPattern").is_some();
        assert_eq!(
            wants_words,
            parameter.get("ConstraintDescription").is_some(),
            "{name}"
        );
    }
}

/// `sam deploy --guided` asks for a hidden parameter again and again until its answer is not empty, default or not.
#[test]
fn given_a_parameter_then_whoever_deploys_can_leave_it_empty() {
    for (name, parameter) in template()["Parameters"].as_object().expect("parameters") {
        assert!(parameter.get("NoEcho").is_none(), "{name}");
    }
}

#[test]
fn given_the_example_environment_then_its_outputs_are_every_parameter_without_a_default() {
    let environment = read("tests/rehearsal/environment.yaml");
    let environment = project::template::parse(&environment).expect("a template");
    let outputs = keys(&environment["Outputs"]);
    let template = template();
    let parameters = template["Parameters"].as_object().expect("parameters");
    let needed = parameters
        .iter()
        .filter(|(_, it)| it.get("Default").is_none());
    for (name, _) in needed {
        assert!(outputs.contains(name), "the example has no output {name}");
    }
}

/// What the alarms compute. The count of errors is for both environments' requests: a share of the traffic is judged by
/// its part of it, but by no handful of errors that the user's own limit lets pass.
const PERCENT: &str = "IF((errors > 8 OR errors > ${MaxTarget5xx}) \
    AND errors > ${MaxTarget5xx} * requests / SUM([requests, FILL(other, 0)]), 100 * errors / requests, 0)";

#[test]
fn given_an_alarm_of_the_stack_then_it_scales_its_limit_by_what_the_other_environment_gets() {
    let template = template();
    for (own, other) in [("Blue", "Green"), ("Green", "Blue")] {
        let alarm = &template["Resources"][format!("{own}Errors")]["Properties"];
        let metrics = list(&alarm["Metrics"]);
        let read = metrics.iter().map(|it| {
            let metric = &it["MetricStat"]["Metric"];
            let group = metric["Dimensions"][0]["Value"].to_string();
            let of = |name: &&str| group.contains(&format!("{name}TargetGroupArn"));
            let environment = [own, other].into_iter().find(of);
            json!([it["Id"], metric["MetricName"], environment])
        });
        let expect = [
            json!(["errors", "HTTPCode_Target_5XX_Count", own]),
            json!(["requests", "RequestCount", own]),
            json!(["other", "RequestCount", other]),
            json!(["percent", null, null]),
        ];
        assert_eq!(read.collect::<Vec<_>>(), expect);
        assert_eq!(metrics[3]["Expression"]["Fn::Sub"], PERCENT);
    }
}

#[test]
fn given_an_alarm_of_the_stack_then_it_invokes_flip_and_flip_lets_it() {
    let template = template();
    let resources = &template["Resources"];
    let alarms: Vec<&Value> = resources
        .as_object()
        .expect("resources")
        .values()
        .filter(|it| it["Type"] == "AWS::CloudWatch::Alarm")
        .filter(|it| it.to_string().contains("AWS/ApplicationELB"))
        .collect();
    let mut names = BTreeSet::new();
    for alarm in alarms {
        assert_eq!(
            alarm["Properties"]["AlarmActions"],
            json!([{"Fn::GetAtt": ["Flip", "Arn"]}, {"Ref": "Notices"}])
        );
        // Flip knows its own alarms, and their environments, by these names: SERVICE is the stack's name.
        names.insert(text(&alarm["Properties"]["AlarmName"]["Fn::Sub"]));
    }
    let own = ["${AWS::StackName}-blue-5xx", "${AWS::StackName}-green-5xx"];
    assert_eq!(names, own.map(str::to_owned).into());
    let flip = &resources["Flip"]["Properties"]["Environment"]["Variables"];
    assert_eq!(flip["SERVICE"], json!({"Ref": "AWS::StackName"}));
    // Tests of tests/iam resolve the permissions: one for each of these names, and one for each listed one.
    let listed = json!({"Ref": "RollbackAlarmNames"});
    assert_eq!(flip["ROLLBACK_ALARM_NAMES"], listed);
    // Detect looks at the same names before each release.
    let detect = &resources["Detect"]["Properties"]["Environment"]["Variables"];
    assert_eq!(detect["ROLLBACK_ALARM_NAMES"], listed);
}
