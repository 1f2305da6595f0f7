//! Releases that wait for people, and what people say: each request is shown as it is typed, and what comes of it.

mod freeze;
mod gate;
mod watch;
mod words;

use super::operator::Operator;
use crate::scenario::Decides;
use anyhow::Result;

pub(super) async fn run(decides: Decides, operator: &mut Operator<'_>) -> Result<()> {
    match decides {
        Decides::Approve => gate::run(operator).await?,
        Decides::Hold => watch::hold(operator).await?,
        Decides::Finish => watch::finish(operator).await?,
        Decides::Freeze => freeze::run(operator).await?,
        Decides::Stop => watch::stop(operator).await?,
    }
    operator.nobody_noticed();
    Ok(())
}
