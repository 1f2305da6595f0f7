//! smoke's requests over TLS, against a server of this machine that signed its own certificate.

use super::{ask_all, http, smoke};
use fixtures::release_plan;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

const SELF_SIGNED: &[u8] = include_bytes!("self-signed.pem");

/// Serves status 200 to every connection whose handshake succeeds; gives its port.
fn serve_tls() -> u16 {
    let certificate = CertificateDer::from_pem_slice(SELF_SIGNED).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(SELF_SIGNED).expect("its key");
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("the key fits");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let connection = ServerConnection::new(config.clone()).expect("a connection");
            let mut tls = StreamOwned::new(connection, stream);
            // A client that refuses the certificate hangs up.
            if tls.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                tls.write_all(http("200 OK", "").as_bytes()).ok();
            }
        }
    });
    port
}

#[tokio::test]
async fn any_certificate_of_a_target_is_accepted_and_none_but_a_trusted_one_of_a_base_url() {
    let port = serve_tls();
    let mut smoke = smoke(json!([{"name": "a", "path": "/", "attempts": 1}]));
    let mut plan = release_plan();
    plan.idle.protocol = "HTTPS".to_owned();
    let answer = ask_all(&smoke, &plan, &[("127.0.0.1", port)]).await;
    assert!(answer.passed, "{answer:?}");
    smoke.base_urls.green = Some(format!("https://127.0.0.1:{port}"));
    let answer = ask_all(&smoke, &plan, &[]).await;
    assert!(
        answer
            .reason
            .contains("no answer: invalid peer certificate"),
        "{answer:?}"
    );
}
