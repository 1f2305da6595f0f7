//! The AWS clients of a process: one HTTP client, one configuration.

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorSettings, SharedHttpClient,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use std::time::Duration;

/// To connect; a call that takes longer is tried again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// For one try of a call, so that two of them fit into the shortest function's timeout.
const TRY_TIMEOUT: Duration = Duration::from_secs(5);

fn tls() -> Provider {
    Provider::Rustls(CryptoMode::Ring)
}

/// The one HTTP client of all AWS clients of a process: connections and certificates are shared.
pub fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(tls()).build_https()
}

/// The configuration that every AWS client of this process shares.
///
/// Of all places where the SDK can look for it, Lambda has one: region, credentials and, in the rehearsal, the address of
/// AWS stand in variables of the environment. The others (profiles, instances, roles to assume) are half a megabyte of code
/// that a function would load and never run.
pub fn aws_config() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(TRY_TIMEOUT)
        .build();
    let credentials = EnvironmentVariableCredentialsProvider::new();
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(std::env::var("AWS_REGION").ok().map(Region::new))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http_client())
        .timeout_config(timeouts);
    config.set_endpoint_url(std::env::var("AWS_ENDPOINT_URL").ok());
    config.build()
}

/// Reads a small file from an address that AWS has signed: at most `limit` bytes, within the time that an AWS call gets.
///
/// # Errors
/// Says why there is no file: not an address, no answer in time, a status other than success, or more bytes.
pub async fn download(url: &str, limit: usize) -> Result<Vec<u8>, String> {
    in_time(TRY_TIMEOUT, fetch(url, limit)).await
}

/// The connector's own time ends with the answer's head; a body may come byte by byte.
async fn in_time<T>(
    time: Duration,
    read: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    let late = |_| format!("no end within {} ms", time.as_millis());
    tokio::time::timeout(time, read).await.map_err(late)?
}

async fn fetch(url: &str, limit: usize) -> Result<Vec<u8>, String> {
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(TRY_TIMEOUT)
        .build();
    let request = http::Request::get(url)
        .body(SdkBody::empty())
        .map_err(|error| error.to_string())?
        .try_into()
        .map_err(|_| "no address that can be asked".to_owned())?;
    let connector = Connector::builder().connector_settings(settings);
    let call = connector.tls_provider(tls()).build().call(request);
    let answer = call.await.map_err(|error| error.to_string())?;
    if !answer.status().is_success() {
        return Err(format!("status {}", answer.status().as_u16()));
    }
    read(ByteStream::new(answer.into_body()), limit).await
}

/// Reads a body piece by piece: what its header says of its length need not be true.
async fn read(mut body: ByteStream, limit: usize) -> Result<Vec<u8>, String> {
    let mut file = Vec::new();
    while let Some(piece) = body.try_next().await.map_err(|error| error.to_string())? {
        if file.len() + piece.len() > limit {
            return Err(format!("more than {limit} bytes"));
        }
        file.extend_from_slice(&piece);
    }
    Ok(file)
}

#[cfg(test)]
#[path = "aws_tests.rs"]
mod tests;
