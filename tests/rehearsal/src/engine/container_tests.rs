//! Containers whose program is a shell, so that each test says in one line what the process does.

use super::*;

const SOON: Duration = Duration::from_millis(200);

/// What no process here needs, on a busy machine either.
const LONG: Duration = Duration::from_secs(120);

fn container(script: &str) -> Container {
    let body =
        json!({"Image": "shop:v1", "Cmd": ["-c", script], "Env": ["COLOUR=blue"], "Labels": {}});
    let found = ("sha256:aa".to_owned(), "v1".to_owned());
    let place = Arc::new(Place::find().expect("a place"));
    Container::new("one".to_owned(), &body, found, "shop.sqlite".into(), place)
}

fn started(script: &str) -> Container {
    let container = container(script);
    container.start(Path::new("/bin/sh")).expect("started");
    container
}

fn status(container: &Container) -> (String, i64) {
    let state = container.inspect()["State"].clone();
    let text = state["Status"].as_str().unwrap_or_default().to_owned();
    (text, state["ExitCode"].as_i64().unwrap_or_default())
}

async fn check(script: &str, code: i32, logs: &str) {
    let container = started(script);
    assert_eq!(container.wait().await, code, "{script}");
    assert_eq!(status(&container), ("exited".to_owned(), i64::from(code)));
    assert_eq!(String::from_utf8_lossy(&container.logs()), logs, "{script}");
}

#[tokio::test]
async fn exit_codes_and_both_outputs_are_kept() {
    check("exit 0", 0, "").await;
    check("echo no configuration; exit 3", 3, "no configuration\n").await;
    check("echo panicked >&2; exit 101", 101, "panicked\n").await;
    check("kill -TERM $$", 143, "").await;
}

#[tokio::test]
async fn variables_and_place_reach_the_process() {
    let container = started("echo $COLOUR $BUILD $DIGEST $LISTEN $DATABASE $HOME");
    container.wait().await;
    let expect = format!(
        "blue v1 sha256:aa {}:{PORT} shop.sqlite\n",
        container.place.address
    );
    assert_eq!(String::from_utf8_lossy(&container.logs()), expect);
}

#[tokio::test]
async fn a_polite_process_is_asked_and_ends_by_itself() {
    let container = started("cat; echo finished");
    assert_eq!(status(&container).0, "running");
    container.stop(LONG).await;
    assert_eq!(status(&container), ("exited".to_owned(), 0));
    assert_eq!(container.logs(), b"finished\n");
}

#[tokio::test]
async fn a_process_that_does_not_listen_is_killed() {
    let container = started("exec sleep 60");
    container.stop(SOON).await;
    assert_eq!(status(&container), ("exited".to_owned(), 137));
    let container = started("exec sleep 60");
    container.kill().await;
    assert_eq!(status(&container), ("exited".to_owned(), 137));
}

#[tokio::test]
async fn a_running_process_has_a_log_already() {
    let container = started("echo ready; exec sleep 600");
    let log = async {
        while container.logs() != b"ready\n" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let found = tokio::time::timeout(LONG, log).await;
    assert!(found.is_ok(), "{:?}", container.logs());
    assert_eq!(status(&container).0, "running");
}

#[tokio::test]
async fn nothing_runs_before_the_start_and_nothing_twice() {
    let container = container("echo once");
    assert_eq!(status(&container).0, "created");
    container.stop(SOON).await;
    container.kill().await;
    assert_eq!(status(&container).0, "created");
    container.start(Path::new("/bin/sh")).expect("started");
    container.wait().await;
    container.start(Path::new("/bin/sh")).expect("no matter");
    container.wait().await;
    assert_eq!(container.logs(), b"once\n");
}
