//! Throttles, lost connections, and an AWS that answers nobody.

use super::Script;
use super::machine::job;
use crate::common::{on_a_stage, put};
use anyhow::Result;
use rehearsal::stage::{FIRST, Stage};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What Step Functions says where it is asked too often.
const THROTTLED: &str = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 61\r\n\
    connection: close\r\n\r\n{\"__type\": \"ThrottlingException\", \"message\": \"Rate exceeded\"}";

/// A way to the local AWS on which of three connections one is throttled, one is lost and one is passed on. None is any
/// more once `open` is 0; each that is takes one of it.
struct Bad {
    endpoint: String,
    open: Arc<AtomicUsize>,
    _listening: JoinSet<()>,
}

impl Bad {
    async fn before(stage: &Stage, open: usize) -> Result<Bad> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let endpoint = format!("http://{}", listener.local_addr()?);
        let open = Arc::new(AtomicUsize::new(open));
        let upstream = stage.aws.endpoint.trim_start_matches("http://").to_owned();
        let mut listening = JoinSet::new();
        let left = open.clone();
        listening.spawn(async move {
            for number in 0.. {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                let passes = number % 3 == 2
                    && left
                        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1))
                        .is_ok();
                let to = passes.then(|| upstream.clone());
                tokio::spawn(serve(stream, to, number % 3 == 0));
            }
        });
        Ok(Bad {
            endpoint,
            open,
            _listening: listening,
        })
    }
}

/// Passes a connection on, or throttles it, or cuts it.
async fn serve(mut stream: TcpStream, upstream: Option<String>, throttle: bool) {
    if let Some(upstream) = upstream {
        if let Ok(mut other) = TcpStream::connect(upstream).await {
            copy_bidirectional(&mut stream, &mut other).await.ok();
        }
    } else if throttle {
        let mut request = [0; 16384];
        if stream.read(&mut request).await.is_ok_and(|read| read > 0) {
            stream.write_all(THROTTLED.as_bytes()).await.ok();
        }
    }
}

/// Given an AWS of which two of three calls are throttled or lost
/// When a job releases a build by the machine for CI
/// Then it ends with 0 all the same.
#[test]
fn throttles_and_lost_connections_are_waited_out() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        put(&stage, "v1.1.0").await?;
        let bad = Bad::before(&stage, usize::MAX).await?;
        let script = job(&stage, "commit", &["--tag", "v1.1.0"]).await?;
        let ran = script.at(&bad.endpoint).run().await?;
        ran.assert(0, "released to green, without a verdict: ");
        Ok(())
    });
}

/// Given an AWS that answers nobody, from the beginning or later
/// When a job releases a build
/// Then it ends with 7 and says what is not known.
#[test]
fn an_aws_that_does_not_answer_ends_with_7() {
    on_a_stage(&[], async |stage: Arc<Stage>| {
        let request = ["--tag", FIRST, "--tries", "4"];
        let bad = Bad::before(&stage, 0).await?;
        let script = Script::new(&stage, "never", &request).await?;
        let ran = script.at(&bad.endpoint).run().await?;
        ran.assert(7, "It is not known whether the release has begun.");
        // The start arrives, and nothing after it.
        let bad = Bad::before(&stage, 1).await?;
        let script = Script::new(&stage, "once", &request).await?;
        let ran = script.at(&bad.endpoint).run().await?;
        ran.assert(7, "cannot read the execution: ");
        assert_eq!(bad.open.load(Ordering::Relaxed), 0);
        assert!(
            ran.outputs
                .starts_with("exit-code=7\nexecution=arn:aws:states:"),
            "{}",
            ran.outputs
        );
        Ok(())
    });
}
