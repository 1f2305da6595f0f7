//! Finds the process of a function that makes a call: the one at the other end of a connection on loopback.

use std::fs;
use std::path::PathBuf;

/// The two ends of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Connection {
    pub port: u16,
    pub ours: u16,
}

impl Connection {
    /// The id of the process at its other end; none: it is no function's, or it has ended.
    pub fn process(self) -> Option<u32> {
        let socket = PathBuf::from(format!("socket:[{}]", inode(self.port, self.ours)?));
        let is_it =
            |file: fs::DirEntry| fs::read_link(file.path()).is_ok_and(|link| link == socket);
        let found = processes().find(|(_, folder)| {
            let files = fs::read_dir(folder.join("fd")).into_iter().flatten();
            files.flatten().any(is_it)
        });
        found.map(|(pid, _)| pid)
    }
}

/// Processes that run a function's `bootstrap`.
fn processes() -> impl Iterator<Item = (u32, PathBuf)> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let folder = entry.path();
        let command = fs::read_to_string(folder.join("comm")).ok()?;
        (command.trim() == "bootstrap").then_some((pid, folder))
    })
}

/// The inode of the socket bound to `port` and connected to `to`, both on loopback.
fn inode(port: u16, to: u16) -> Option<String> {
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    let (local, remote) = (format!(":{port:04X}"), format!(":{to:04X}"));
    table.lines().skip(1).find_map(|line| {
        let mut fields = line.split_whitespace().skip(1);
        let ends = fields.next()?.ends_with(&local) && fields.next()?.ends_with(&remote);
        // After the two addresses: state, queues, timer, retransmits, user, timeout, inode.
        let inode = fields.nth(6)?;
        (ends && inode != "0").then(|| inode.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_connection_is_found_and_its_process_is_no_function() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let ours = listener.local_addr().expect("an address").port();
        let stream = TcpStream::connect(("127.0.0.1", ours)).expect("a connection");
        let port = stream.local_addr().expect("an address").port();
        assert!(inode(port, ours).is_some());
        assert_eq!(Connection { port, ours }.process(), None);
    }
}
