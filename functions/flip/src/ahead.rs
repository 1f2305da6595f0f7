//! A flip looks at rules and targets while it reads the record: that is one answer less to wait for until every rule is
//! written.
//!
//! The two answers have no order. Rules that were read after the record count as those of every other look: nobody has
//! written them as long as the record is the same. Rules that were read before it may be older than what the record says.
//! Who wrote them in between had the lease, and what that was is known from the record:
//! - While it says `deploying`, nobody has written a rule since the claim, which was before the task of this flip.
//! - While it says `watching`, only tries of this very release can have written, and forward alone: a flip back is another
//!   phase, which refuses the flip. So each rule may have come further than this look knows, and none has gone back.
//!   Writing it once more changes nothing, and the forwards that the release found stay those of the record.
//!
//! No other phase lets a flip begin. One that has begun (`flipping`) goes on by a look after the record.
//!
//! What may be wrong is a reason to write nothing: a split that looks like a person's, targets that are missing. So such a
//! look does not count, and rules and targets are read once more, after the record (`traffic`, step 2). Nor does one at the
//! targets of another environment than the record's: it was made for the plan's.

use crate::capacity::Need;
use crate::invocation::Invocation;
use crate::look::Look;
use crate::task::FlipTask;
use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::Service;
use record::Record;
use shared::ecs::read_service;
use shared::{Error, Share};
use std::pin::pin;

/// The record, and what was read side by side with it.
pub(crate) struct Ahead {
    pub(crate) record: Record,
    /// What the flip needs, and what there is; none where the record's answer ends the look.
    pub(crate) look: Option<Result<(Look, Need), Error>>,
}

impl Ahead {
    /// Asks the record, and at the same time everything that a flip to `share` may have to know if it begins. `begins` says
    /// whether it does, with that record: the answer to any other flip does not wait for the look.
    ///
    /// # Errors
    /// Those of `Store::load`.
    pub(crate) async fn read(
        invocation: &Invocation<'_>,
        ecs: &Client,
        task: &FlipTask,
        share: Share,
        begins: impl Fn(&Record) -> bool,
    ) -> Result<Ahead, Error> {
        let mut look = pin!(async {
            tokio::try_join!(
                Box::pin(invocation.rules.look_ahead(task.plan.to, share)),
                read_service(ecs, &task.plan.active)
            )
        });
        let mut load = pin!(invocation.store.load());
        let (record, found) = tokio::select! {
            biased;
            found = &mut look => (load.await?, Some(found)),
            record = &mut load => (record?, None),
        };
        if !begins(&record) {
            return Ok(Ahead { record, look: None });
        }
        let found = match found {
            Some(found) => found,
            None => look.await,
        };
        let look = found.map(|(look, active)| (look, need(&record, task, &active, share)));
        Ok(Ahead {
            record,
            look: Some(look),
        })
    }
}

/// What the task's flip to `share` needs where it begins with this record.
pub(crate) fn need(record: &Record, task: &FlipTask, active: &Service, share: Share) -> Need {
    let before = record.release.as_ref().and_then(|release| release.share);
    Need::of_new_flip(task.wanted, active.desired_count(), before, share)
}
