//! Does to a call what its fault says.

use super::accounts::Accounts;
use super::answer::{Answer, deny, refuse};
use super::connection::Connection;
use super::fault::Kind;
use anyhow::bail;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Request, Response};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

/// Longer than any function lives.
const FOR_EVER: Duration = Duration::from_secs(130);

/// How late a late effect is: the SDK has given up the try by then, and the lease still holds.
const LATE: Duration = Duration::from_secs(6);

/// Does to one try of a call what its kind says.
pub(super) async fn strike(
    kind: Kind,
    accounts: &Arc<Accounts>,
    connection: Connection,
    account: String,
    request: Request<Bytes>,
) -> Answer {
    match kind {
        Kind::Throttled => refuse(&request, "ThrottlingException", FAULT),
        Kind::ServerError | Kind::Down => refuse(&request, "InternalFailure", FAULT),
        Kind::Refused | Kind::Denied => deny(&request, FAULT),
        Kind::CutBefore => bail!("cut before the effect"),
        Kind::CutAfter => {
            accounts.forward(request).await?;
            bail!("cut after the effect")
        }
        Kind::Slow => {
            let answer = accounts.forward(request).await;
            tokio::time::sleep(FOR_EVER).await;
            answer
        }
        Kind::Partial => partial(accounts.forward(request).await?).await,
        Kind::Killed => {
            accounts.forward(request).await?;
            // The process ends by itself if this fails: it never gets its answer.
            if let Some(pid) = connection.process() {
                Command::new("kill")
                    .args(["-9", &pid.to_string()])
                    .status()
                    .ok();
            }
            bail!("its process was killed")
        }
        Kind::LateEffect => later(tokio::time::sleep(LATE), accounts, account, request).await,
        Kind::Held => {
            let opened = accounts.with(&account, |account| account.tape.gate());
            later(opened, accounts, account, request).await
        }
    }
}

/// The same answer, in which no series is complete. CBOR writes a short text after a byte of 0x60 and its length.
async fn partial(answer: Response<Full<Bytes>>) -> Answer {
    let (head, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    let (whole, part) = (b"\x68Complete".as_slice(), b"\x6bPartialData".as_slice());
    let (mut changed, mut rest) = (Vec::new(), body.as_ref());
    while let Some(at) = rest.windows(whole.len()).position(|window| window == whole) {
        changed.extend([&rest[..at], part].concat());
        rest = &rest[at + whole.len()..];
    }
    changed.extend(rest);
    Ok(Response::from_parts(head, Full::new(changed.into())))
}

/// Passes the call on after `moment`, even if the function has hung up by then.
async fn later(
    moment: impl Future<Output = ()> + Send + 'static,
    accounts: &Arc<Accounts>,
    account: String,
    request: Request<Bytes>,
) -> Answer {
    let accounts = accounts.clone();
    let late = tokio::spawn(async move {
        moment.await;
        let answer = accounts.forward(request).await;
        accounts.with(&account, |account| account.tape.landed());
        answer
    });
    late.await?
}

/// The message of an error that we made.
const FAULT: &str = "the rehearsal's fault";
