//! Finds out which function makes a call: the process at the other end of a connection on loopback.

use crate::functions::FUNCTIONS;
use std::fs;
use std::path::PathBuf;

/// The process of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub pid: u32,
    /// The function's name in `template.yaml`.
    pub function: String,
}

impl Caller {
    /// The process that holds the connection from `port` to our `ours`; none: it is no function's, or it has ended.
    pub fn find(port: u16, ours: u16) -> Option<Caller> {
        let socket = PathBuf::from(format!("socket:[{}]", inode(port, ours)?));
        let is_it =
            |file: fs::DirEntry| fs::read_link(file.path()).is_ok_and(|link| link == socket);
        processes().find_map(|(pid, folder)| {
            let mut files = fs::read_dir(folder.join("fd")).ok()?.flatten();
            files.any(is_it).then(|| Caller::of(pid, &folder))?
        })
    }

    fn of(pid: u32, folder: &std::path::Path) -> Option<Caller> {
        let environment = fs::read(folder.join("environ")).ok()?;
        let environment = String::from_utf8_lossy(&environment).into_owned();
        let name = environment
            .split('\0')
            .find_map(|variable| variable.strip_prefix("AWS_LAMBDA_FUNCTION_NAME="))?;
        let function = function_of(name)?.to_owned();
        Some(Caller { pid, function })
    }
}

/// CloudFormation names a function STACK-LOGICALID-SUFFIX.
fn function_of(name: &str) -> Option<&'static str> {
    let mut functions = FUNCTIONS.iter().map(|(id, _)| *id);
    functions.find(|id| name.split('-').any(|part| part == *id))
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
    fn a_function_is_known_by_the_name_that_cloudformation_gave_it() {
        assert_eq!(function_of("shop-3-Flip-K2J4"), Some("Flip"));
        assert_eq!(
            function_of("shop-3-EvaluateMetrics"),
            Some("EvaluateMetrics")
        );
        assert_eq!(function_of("flipper"), None);
    }

    #[test]
    fn a_connection_is_found_and_its_process_is_no_function() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let ours = listener.local_addr().expect("an address").port();
        let stream = TcpStream::connect(("127.0.0.1", ours)).expect("a connection");
        let port = stream.local_addr().expect("an address").port();
        assert!(inode(port, ours).is_some());
        assert_eq!(Caller::find(port, ours), None);
    }
}
