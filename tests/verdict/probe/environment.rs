//! An environment of real targets on this machine, of which some hang, fail or are slow.

use shared::Target;
use shared::targets::TargetHealth;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is wrong with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Each target answers after 0.8 s, within the 2 s that a check has.
    Slow,
    /// Each target accepts connections, and never answers.
    Hangs,
    /// Each target answers with status 500.
    Fails,
    /// Every second target hangs.
    HalfHangs,
    /// The first target hangs.
    OneHangs,
}

/// Targets behind a load balancer whose own health check finds nothing.
pub struct Environment {
    pub health: Vec<TargetHealth>,
}

impl Environment {
    /// All addresses of 127.0.0.0/8 are this machine, so that one server is all targets.
    pub async fn new(size: usize, fault: Fault) -> Environment {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await;
        let listener = listener.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, fault));
            }
        });
        let healthy = |number: usize| TargetHealth {
            target: Target {
                id: format!("127.1.{}.{}", number / 250, number % 250),
                port,
            },
            state: "healthy".to_owned(),
            reason: String::new(),
        };
        Environment {
            health: (0..size).map(healthy).collect(),
        }
    }

    pub fn targets(&self) -> Vec<&Target> {
        self.health.iter().map(|health| &health.target).collect()
    }
}

/// Serves one connection until the client hangs up.
async fn serve(mut stream: TcpStream, fault: Fault) {
    let address = stream.local_addr().expect("an address").ip().to_string();
    let is_first = address == "127.1.0.0";
    let is_even = address.ends_with(['0', '2', '4', '6', '8']);
    let hangs = match fault {
        Fault::Hangs => true,
        Fault::HalfHangs => is_even,
        Fault::OneHangs => is_first,
        Fault::None | Fault::Slow | Fault::Fails => false,
    };
    let mut head = [0; 4096];
    while stream.read(&mut head).await.is_ok_and(|read| read > 0) {
        if hangs {
            continue;
        }
        if fault == Fault::Slow {
            tokio::time::sleep(Duration::from_millis(800)).await;
        }
        let status = if fault == Fault::Fails {
            "500 Broken"
        } else {
            "200 OK"
        };
        // What the default checks expect.
        let body = r#"{"status": "healthy", "pong": true}"#;
        let length = body.len();
        let reply = format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n\r\n{body}");
        stream.write_all(reply.as_bytes()).await.ok();
    }
}
