//! The variables that functions read, and the parameters that a person gives.

use crate::parts::{Names, between, crates, functions, keys, list, read, sources, template, text};
use serde_json::{Value, json};

#[test]
fn given_the_crates_below_functions_then_the_template_deploys_each_of_them() {
    let deployed: Names = functions()
        .into_iter()
        .map(|function| function.binary)
        .collect();
    assert_eq!(deployed, crates());
}

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

/// The names that the code asks `shared::config::Settings` for.
fn read_by(binary: &str) -> Names {
    let sources = sources(binary);
    let reads = [
        "required",
        "optional",
        "list",
        "list_or_none",
        "parsed",
        "parsed_or_none",
    ];
    let mut names: Names = reads
        .iter()
        .flat_map(|method| between(&sources, &format!("settings.{method}(\""), "\""))
        .collect();
    for suffix in between(&sources, "settings.per_environment(\"", "\"") {
        names.extend([format!("BLUE_{suffix}"), format!("GREEN_{suffix}")]);
    }
    names
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

#[test]
fn given_the_example_environment_then_its_outputs_are_every_parameter_without_a_default() {
    let environment = read("tests/rehearsal/environment.yaml");
    let environment = rehearsal::template::parse(&environment).expect("a template");
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
    assert_eq!(alarms.len(), 2);
    for alarm in alarms {
        assert_eq!(
            alarm["Properties"]["AlarmActions"],
            json!([{"Fn::GetAtt": ["Flip", "Arn"]}, {"Ref": "Notices"}])
        );
        // Flip knows an alarm's environment by this name: SERVICE is the stack's name.
        let name = text(&alarm["Properties"]["AlarmName"]["Fn::Sub"]);
        assert!(
            name.starts_with("${AWS::StackName}-blue-")
                || name.starts_with("${AWS::StackName}-green-")
        );
    }
    let flip = &resources["Flip"]["Properties"]["Environment"]["Variables"];
    assert_eq!(flip["SERVICE"], json!({"Ref": "AWS::StackName"}));
    let permission = &resources["AlarmsMayFlip"]["Properties"];
    assert_eq!(
        permission["Principal"],
        "lambda.alarms.cloudwatch.amazonaws.com"
    );
    let source = text(&permission["SourceArn"]["Fn::Sub"]);
    assert!(source.ends_with(":alarm:${AWS::StackName}-*"), "{source}");
}

#[test]
fn given_a_check_of_the_preflight_then_the_readme_says_what_to_do() {
    let readme = read("README.md");
    let section = between(&readme, "## What refuses a release", "\n## ");
    let section = section.first().expect("the section");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let mut told = Names::new();
    for row in rows {
        let columns: Vec<&str> = row.split(" | ").collect();
        for name in columns[0].split('`').skip(1).step_by(2) {
            let check = detect::preflight::Check::named(name).expect("a check");
            let refuses = check.severity == detect::preflight::Severity::Refusal;
            let says = columns[1].starts_with("refuse");
            assert!(refuses == says || name == "alarm-on", "{name}");
            told.insert(name.to_owned());
        }
    }
    let known = detect::preflight::CHECKS
        .iter()
        .map(|it| it.name.to_owned());
    assert_eq!(told, known.collect());
}
