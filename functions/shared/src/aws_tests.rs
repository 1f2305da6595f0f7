//! The tests of `aws.rs`: files that do not end, that lie about their length, or that come too slowly.

use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const MIB: usize = 1024 * 1024;

/// Answers one request with this head and then `size` bytes, as far as they are taken: gives the address, and how many
/// bytes were.
async fn serve(head: &'static str, size: usize) -> (String, JoinHandle<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let sent = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a customer");
        let mut request = [0; 1024];
        assert_ne!(stream.read(&mut request).await.expect("a request"), 0);
        let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("a head");
        send(&mut stream, size).await
    });
    (format!("http://{address}/blob"), sent)
}

/// Sends zeros until nobody takes them any more.
async fn send(stream: &mut TcpStream, size: usize) -> usize {
    let piece = vec![0; 64 * 1024];
    let mut sent = 0;
    while sent < size {
        let count = piece.len().min(size - sent);
        if stream.write_all(&piece[..count]).await.is_err() {
            break;
        }
        sent += count;
    }
    sent
}

#[tokio::test]
async fn a_file_of_300_mib_is_read_up_to_the_bound_and_no_further() {
    for head in ["content-length: 314572800", "connection: close"] {
        let (url, sent) = serve(head, 300 * MIB).await;
        let reason = download(&url, MIB).await.expect_err("too long");
        assert_eq!(reason, "more than 1048576 bytes", "{head}");
        // What the kernel keeps between both may have been sent as well.
        let sent = sent.await.expect("no panic");
        assert!(sent < 50 * MIB, "{head}: {sent} bytes");
    }
}

#[tokio::test]
async fn a_file_that_is_as_long_as_the_bound_is_read() {
    let (url, _) = serve("content-length: 1048576", MIB).await;
    assert_eq!(download(&url, MIB).await.map(|it| it.len()), Ok(MIB));
}

#[tokio::test]
async fn what_lies_about_its_length_is_cut_or_no_file() {
    let (url, _) = serve("content-length: 5", MIB).await;
    assert_eq!(download(&url, MIB).await, Ok(vec![0; 5]));
    let (url, _) = serve("content-length: 1000", 10).await;
    assert!(download(&url, MIB).await.is_err());
}

#[tokio::test]
async fn a_file_that_does_not_end_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a customer");
        let mut request = [0; 1024];
        assert_ne!(stream.read(&mut request).await.expect("a request"), 0);
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nbegun";
        stream.write_all(head).await.expect("a head");
        std::future::pending::<()>().await;
    });
    let url = format!("http://{address}/blob");
    let file = in_time(Duration::from_millis(300), fetch(&url, MIB)).await;
    assert_eq!(file, Err("no end within 300 ms".to_owned()));
    server.abort();
}
