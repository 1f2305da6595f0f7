//! A server that stands for as many targets as a test wants, and observes how it is asked.

use super::http;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

/// Answers each request after a while, or never.
#[derive(Clone, Copy)]
pub(super) enum Reply {
    Never,
    After(Duration, &'static str),
    /// Once as many requests wait as the barrier wants.
    Together(&'static Barrier),
}

/// What a server has observed.
#[derive(Default)]
pub(super) struct Observed {
    /// The host of each request, in their order.
    pub hosts: Vec<String>,
    /// Connections, and the most that there were.
    pub connections: usize,
    pub most_connections: usize,
    /// Requests without a reply, and the most that there were.
    pub open: usize,
    pub most: usize,
}

/// All addresses of 127.0.0.0/8 are this machine, so that one server is as many targets as a test wants.
pub(super) async fn serve(
    reply: impl Fn(&str) -> Reply + Send + 'static,
) -> (u16, Arc<Mutex<Observed>>) {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await;
    let listener = listener.expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let observed = Arc::new(Mutex::new(Observed::default()));
    let server = observed.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let host = stream.local_addr().expect("an address").ip().to_string();
            tokio::spawn(talk(stream, reply(&host), host, server.clone()));
        }
    });
    (port, observed)
}

/// Until the client hangs up.
async fn talk(mut stream: TcpStream, reply: Reply, host: String, observed: Arc<Mutex<Observed>>) {
    let observe = |change: &dyn Fn(&mut Observed)| change(&mut observed.lock().expect("no panic"));
    observe(&|it| {
        it.connections += 1;
        it.most_connections = it.most_connections.max(it.connections);
    });
    let mut head = [0; 4096];
    while stream.read(&mut head).await.is_ok_and(|read| read > 0) {
        observe(&|it| {
            it.hosts.push(host.clone());
            it.open += 1;
            it.most = it.most.max(it.open);
        });
        let status = match reply {
            Reply::Never => None,
            Reply::After(wait, status) => {
                tokio::time::sleep(wait).await;
                Some(status)
            }
            Reply::Together(barrier) => {
                barrier.wait().await;
                Some("200 OK")
            }
        };
        if let Some(status) = status {
            observe(&|it| it.open -= 1);
            let text = http(status, "").replace("connection: close\r\n", "");
            stream.write_all(text.as_bytes()).await.ok();
        }
    }
    observe(&|it| it.connections -= 1);
}
