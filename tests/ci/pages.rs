//! Each snippet of the pages parses: with the tool that reads it, where that is installed.
#![allow(clippy::print_stdout, reason = "what was passed over is for a person")]

use crate::FOLDER;
use project::{read, template};
use std::io::Write;
use std::process::{Command, Stdio};

const PAGE: &str = "statemachine/terraform.md";

/// The code of a page in this language.
fn snippets(page: &str, language: &str) -> Vec<String> {
    let page = read(page);
    let mut found = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        let fence = line.trim_start();
        if inside && fence.starts_with("```") {
            inside = false;
        } else if fence == format!("```{language}") {
            inside = true;
            found.push(String::new());
        } else if inside && let Some(code) = found.last_mut() {
            code.push_str(line);
            code.push('\n');
        }
    }
    found
}

/// Gives code to a tool and asserts that it takes it. False where there is no such tool.
fn takes(tool: &str, arguments: &[&str], code: &str) -> bool {
    let mut command = Command::new(tool);
    let command = command.args(arguments).stdin(Stdio::piped());
    let Ok(mut child) = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
    else {
        println!("passed over: {tool} is not installed");
        return false;
    };
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(code.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    assert!(
        output.status.success(),
        "{tool} of:\n{code}\n{}",
        said.concat()
    );
    true
}

#[test]
fn given_a_snippet_for_terraform_then_terraform_takes_it_as_it_is() {
    let snippets = snippets(PAGE, "hcl");
    assert_eq!(snippets.len(), 3);
    for code in &snippets {
        takes("terraform", &["fmt", "-check", "-diff", "-"], code);
    }
}

#[test]
fn given_a_snippet_for_cdk_then_it_is_javascript() {
    let snippets = snippets(PAGE, "js");
    assert_eq!(snippets.len(), 1);
    for code in &snippets {
        takes("node", &["--check", "-"], code);
    }
}

#[test]
fn given_commands_then_bash_takes_them() {
    for page in [PAGE, &format!("{FOLDER}/README.md")] {
        let snippets = snippets(page, "sh");
        assert!(snippets.len() > 1, "{page}");
        for code in &snippets {
            takes("bash", &["-n"], code);
        }
    }
    for code in snippets(&format!("{FOLDER}/README.md"), "yaml") {
        template::parse(&code).expect("YAML");
    }
}

/// The stack of the page gets every parameter that has no default, under its own name.
#[test]
fn given_the_stack_from_terraform_then_its_parameters_are_the_templates() {
    let stack = &snippets(PAGE, "hcl")[2];
    let (_, after) = stack.split_once("parameters = {\n").expect("parameters");
    let (block, _) = after.split_once("\n  }").expect("their end");
    let given: Vec<&str> = block
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let template = project::template();
    let parameters = template["Parameters"].as_object().expect("parameters");
    for name in &given {
        assert!(parameters.contains_key(*name), "no parameter {name}");
    }
    for (name, parameter) in parameters {
        let default = parameter.get("Default").is_some();
        assert!(
            default || given.contains(&name.as_str()),
            "{name} is missing"
        );
    }
    assert!(stack.contains("outputs[\"StateMachineArn\"]"));
}
