//! What the roles allow that no function has: of the machine, of the trigger, and of the rule for the webhook.

use crate::deployed;
use iam::Need;
use iam::policies::{allows, statements};
use iam::report::too_wide;

const ACCOUNT: &str = "111122223333";

fn arn(service: &str, resource: &str) -> String {
    deployed().place().arn(service, resource)
}

/// What a role may do: everything of `right`, nothing of `wrong`, and nothing wider than AWS makes it.
fn check(role: &str, action: &str, right: &[String], wrong: &[String]) {
    let statements = statements(deployed(), role).expect("every policy is understood");
    let may = |resource: &String| allows(&statements, &Need::new(action, [resource.clone()]));
    for right in right {
        assert_eq!(may(right), Ok(()), "{role}");
    }
    for wrong in wrong {
        assert!(may(wrong).is_err(), "{role} may {action} on {wrong}");
    }
    for statement in statements {
        assert_eq!(
            too_wide(&statement).expect("known actions"),
            [""; 0],
            "{role}"
        );
    }
}

#[test]
fn the_machine_invokes_the_functions_and_nothing_else() {
    let function = |name: &str| arn("lambda", &format!("function:{name}"));
    let own = ["Detect", "Deploy", "Smoke", "Flip", "EvaluateMetrics"];
    let mut own = own.map(|name| function(&format!("shop-{name}"))).to_vec();
    own.push(function("verifier"));
    let others = ["shop-Flip2", "other", "shop-Flip:1", "verifier2", "*"].map(function);
    check("ReleaseRole", "lambda:InvokeFunction", &own, &others);
    let machines = [arn("states", "stateMachine:shop-release")];
    check("ReleaseRole", "states:StartExecution", &[], &machines);
}

/// An entry in another's name would start what listens to that: to ECR a release, to flip a notice.
#[test]
fn the_machine_tells_its_own_events_on_the_default_bus_and_no_other() {
    let statements = statements(deployed(), "ReleaseRole").expect("every policy is understood");
    let may = |bus: &str, source: &str| {
        let need = Need::new("events:PutEvents", [arn("events", bus)]);
        allows(&statements, &need.with("events:source", source)).is_ok()
    };
    assert!(may("event-bus/default", "blue-green"));
    for source in ["lambda", "aws.ecr", "blue-green2", "*"] {
        assert!(!may("event-bus/default", source), "{source}");
    }
    assert!(!may("event-bus/other", "blue-green") && !may("*", "blue-green"));
    for statement in &statements {
        assert_eq!(too_wide(statement).expect("known actions"), [""; 0]);
    }
}

#[test]
fn the_rules_send_to_this_webhook_and_no_other() {
    let destination = |name: &str| arn("events", &format!("api-destination/{name}"));
    let others = ["shop-Webhook2", "other", "*"].map(destination);
    let own = [destination("shop-Webhook")];
    check("WebhookRole", "events:InvokeApiDestination", &own, &others);
}

#[test]
fn a_migration_runs_in_these_clusters_with_these_roles() {
    let statements = statements(deployed(), "ReleaseRole").expect("every policy is understood");
    let may = |need: Need| allows(&statements, &need).is_ok();
    let run = || Need::new("ecs:RunTask", [arn("ecs", "task-definition/api:1")]);
    for (cluster, expect) in [("shop-blue", true), ("shop-green", true), ("other", false)] {
        let cluster = arn("ecs", &format!("cluster/{cluster}"));
        assert_eq!(
            may(run().with("ecs:cluster", &cluster)),
            expect,
            "{cluster}"
        );
    }
    assert!(!may(run()));
    let pass = |role: &str, service: &str| {
        let need = Need::new(
            "iam:PassRole",
            [format!("arn:aws:iam::{ACCOUNT}:role/{role}")],
        );
        may(need.with("iam:PassedToService", service))
    };
    // A volume's role is passed to ECS itself (ECS developer guide, infrastructure role), the others to the tasks.
    for service in ["ecs-tasks.amazonaws.com", "ecs.amazonaws.com"] {
        assert!(
            pass("api-task", service) && !pass("other", service),
            "{service}"
        );
    }
    assert!(!pass("api-task", "ec2.amazonaws.com") && !pass("api-task", "*"));
    for action in ["ecs:StopTask", "ecs:DescribeTasks"] {
        let task = |name: &str| may(Need::new(action, [arn("ecs", name)]));
        assert!(
            task("task/shop-blue/1") && !task("task/other/1"),
            "{action}"
        );
    }
}

#[test]
fn the_machine_for_ci_starts_the_release_machine_looks_at_its_executions_and_nothing_else() {
    let machine = |name: &str| arn("states", &format!("stateMachine:{name}"));
    let execution = |name: &str| arn("states", &format!("execution:{name}:build-7"));
    let others = ["shop-ci", "other-release", "shop-release2", "*"].map(machine);
    let own = [machine("shop-release")];
    check("CiReleaseRole", "states:StartExecution", &own, &others);
    let others = ["shop-ci", "other-release", "*"].map(execution);
    let own = [execution("shop-release")];
    check("CiReleaseRole", "states:DescribeExecution", &own, &others);
    let statements = statements(deployed(), "CiReleaseRole").expect("every policy is understood");
    let actions = statements.iter().flat_map(|it| &it.actions);
    let of_logs = |it: &&String| !it.starts_with("logs:") && !it.starts_with("xray:");
    let actions: Vec<_> = actions.filter(of_logs).collect();
    let expect = ["states:StartExecution", "states:DescribeExecution"];
    assert_eq!(actions, expect);
}

#[test]
fn the_trigger_starts_the_machine_and_nothing_else() {
    let machine = |name: &str| arn("states", &format!("stateMachine:{name}"));
    let others = ["other-release", "shop-release2", "*"].map(machine);
    check(
        "StartReleaseRole",
        "states:StartExecution",
        &[machine("shop-release")],
        &others,
    );
    check(
        "StartReleaseRole",
        "lambda:InvokeFunction",
        &[],
        &[arn("lambda", "function:shop-Flip")],
    );
}
