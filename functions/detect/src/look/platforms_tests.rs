//! The tests of `platforms.rs`.

use super::*;
use aws_sdk_ecr::operation::get_download_url_for_layer::GetDownloadUrlForLayerOutput;
use aws_smithy_mocks::{RuleMode, mock};
use fixtures::mock_client;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers one request with `body`, and gives the address.
async fn serve(body: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a customer");
        let mut request = [0; 1024];
        assert_ne!(stream.read(&mut request).await.expect("a request"), 0);
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        // Who has read enough hangs up.
        stream.write_all(answer.as_bytes()).await.ok();
    });
    format!("http://{address}/blob")
}

async fn built_for(manifest: Value, url: String) -> Fact<Vec<String>> {
    let layer = mock!(aws_sdk_ecr::Client::get_download_url_for_layer).then_output(move || {
        GetDownloadUrlForLayerOutput::builder()
            .download_url(&url)
            .build()
    });
    let ecr = mock_client!(aws_sdk_ecr, RuleMode::MatchAny, [&layer]);
    let manifest = serde_json::from_value(manifest).expect("a manifest");
    let repository = Repository {
        registry: "111122223333",
        name: "shop",
    };
    platforms(&ecr, repository, &Ok(manifest)).await
}

fn single() -> Value {
    json!({"config": {"digest": "sha256:b"}, "layers": []})
}

#[tokio::test]
async fn an_index_lists_the_platforms_of_its_images_and_passes_over_attestations() {
    let of = |os, cpu| json!({"platform": {"os": os, "architecture": cpu}});
    let index = json!({"manifests": [of("linux", "arm64"), of("unknown", "unknown"), of("Linux", "x86_64")]});
    let found = built_for(index, String::new()).await;
    let expect = ["linux/arm64", "linux/amd64"].map(str::to_owned);
    assert_eq!(found, Ok(expect.to_vec()));
}

#[tokio::test]
async fn a_single_image_is_judged_by_its_configuration() {
    let url = serve(json!({"os": "linux", "architecture": "amd64"}).to_string()).await;
    assert_eq!(
        built_for(single(), url).await,
        Ok(vec!["linux/amd64".to_owned()])
    );
}

#[tokio::test]
async fn what_is_not_known_has_a_reason() {
    let nobody = "http://127.0.0.1:9/blob".to_owned();
    for (manifest, url, expect) in [
        (json!({}), String::new(), "neither an index nor an image"),
        (single(), nobody, "could not be read"),
        (single(), String::new(), "could not be read"),
        (single(), serve("{}".to_owned()).await, "names no platform"),
        (
            single(),
            serve(" ".repeat(5 * 1024 * 1024)).await,
            "could not be read: more than 4194304 bytes",
        ),
    ] {
        let reason = built_for(manifest, url).await.expect_err("not known");
        assert!(reason.0.contains(expect), "{reason:?}");
    }
}
