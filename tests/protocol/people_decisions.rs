//! What the record makes of people's words, and what it lets an execution do: the real code, bent where there is a
//! mutation.

use crate::answer::Answer;
use crate::clock::at;
use crate::decisions::Decisions;
use crate::mutation::Mutation;
use crate::names::{arn, id};
use crate::word::{Speech, Word};
use record::{Before, Decided, Heed, HeedTerms, HoldBack, QueuedRequest, Record};
use std::borrow::Cow;

impl Decisions {
    /// detect's answer to a person's word.
    pub fn decide(&self, record: &Record, word: &Word, now: u8) -> Decided {
        let mut decision = word.decision();
        if self.comes_from_the_past(word.speech) {
            decision.at = at(now + 1);
        }
        let record = self.as_bent(record, |it| self.bend_word(it, word, now));
        let gate = word.gate.filter(|_| !self.broken(Mutation::DecideAnyGate));
        let gate = gate.map(|gate| gate.to_string());
        let (gate, now) = (gate.as_deref(), at(now));
        let mut release = word.release.map_or(id(0), id);
        if let Some(recorded) = record.release.as_ref()
            && self.broken(Mutation::WordOfAnother)
        {
            release = &recorded.id;
        }
        match word.speech {
            Speech::Approve => record.approve(release, gate, &decision, now),
            Speech::Reject => record.reject(release, gate, &decision, now),
            Speech::Hold => record.hold(release, &decision, self.policy.seconds(), now),
            Speech::Resume => record.resume(release, &decision, now),
            Speech::Finish => record.finish_watch(release, &decision, now),
            Speech::Stop => record.stop(release, &decision),
            Speech::Freeze => record.begin_freeze(&decision, None, now),
            Speech::Unfreeze => record.unfreeze(&decision, now),
        }
    }

    /// When it was said is not asked.
    fn comes_from_the_past(&self, speech: Speech) -> bool {
        self.broken(match speech {
            Speech::Approve | Speech::Reject => Mutation::DecideLaterGate,
            Speech::Resume => Mutation::ResumeLaterHold,
            Speech::Finish => Mutation::FinishLaterShare,
            Speech::Unfreeze => Mutation::UnfreezeLaterFreeze,
            Speech::Hold | Speech::Stop | Speech::Freeze => return false,
        })
    }

    /// Bends the record as detect takes it.
    fn bend_word(&self, record: &mut Record, word: &Word, now: u8) {
        let gate = record.gate.as_mut();
        if let Some(gate) = gate {
            if self.broken(Mutation::DecideAgain) {
                gate.outcome = None;
            }
            if self.broken(Mutation::DecideTooLate) {
                gate.until = at(now + 1);
            }
        }
        let ended = |it: &record::Hold| it.ended.is_some();
        if let Some(release) = record.release.as_mut()
            && self.broken(Mutation::HoldAgain)
            && release.hold.as_ref().is_some_and(ended)
        {
            release.hold = None;
        }
        if self.broken(Mutation::FreezeAgain)
            && record.freeze.as_ref().is_some_and(|it| it.ended.is_some())
        {
            record.freeze = None;
        }
        if self.broken(Mutation::ApproveReplaced)
            && word.speech == Speech::Approve
            && let (Some(newest), Some(holder)) = (record.newest.as_mut(), &record.holder)
        {
            newest.execution = holder.clone();
        }
    }

    /// What people say to an execution before its next step forward, with the record to write.
    pub fn heed(
        &self,
        record: &Record,
        index: usize,
        before: Before,
        ready: bool,
        now: u8,
    ) -> (Option<Record>, Heed) {
        if self.policy.is_deaf {
            return (None, Heed::GoOn { finish: false });
        }
        let record = self.as_bent(record, |it| self.bend_heed(it, now));
        let terms = HeedTerms {
            execution: arn(index),
            release: id(index),
            before: Some(before),
            ready,
        };
        record.heed(&terms, at(now))
    }

    fn bend_heed(&self, record: &mut Record, now: u8) {
        if let Some(gate) = record.gate.as_mut() {
            if self.broken(Mutation::GateWithoutEnd) {
                gate.until = at(now + 1);
            }
            if self.broken(Mutation::ReplaceApproved) {
                gate.outcome = None;
            }
        }
        let hold = record.release.as_mut().and_then(|it| it.hold.as_mut());
        if let Some(hold) = hold
            && self.broken(Mutation::HoldWithoutEnd)
        {
            hold.until = at(now + 1);
        }
    }

    /// Takes from the record what people have put before a step forward, where nobody asks for it.
    pub fn unhinder(
        &self,
        record: &mut Record,
        gate: Option<Mutation>,
        [hold, stop]: [Mutation; 2],
    ) {
        let Some(release) = record.release.as_mut() else {
            return;
        };
        if gate.is_some_and(|it| self.broken(it)) {
            release.approval = None;
        }
        if self.broken(hold) {
            release.hold = None;
        }
        if self.broken(stop) {
            release.stop = None;
        }
    }

    /// The record as the end of a release finds it.
    pub fn as_read_to_end<'a>(&self, record: &'a Record) -> Cow<'a, Record> {
        let gate = Some(Mutation::EndUnapproved);
        let words = [Mutation::EndWhileHeld, Mutation::EndAfterStop];
        self.as_bent(record, |it| self.unhinder(it, gate, words))
    }

    /// The answer to a step forward that people keep a release from. A state machine that asks nobody does not wait.
    pub fn waits(&self) -> Answer {
        if self.policy.is_deaf {
            Answer::Refused
        } else {
            Answer::Held
        }
    }

    /// A flip back freezes nothing.
    pub fn forget_freeze(&self, record: &mut Record) {
        if let Some(release) = record.release.as_mut()
            && self.broken(Mutation::ForgetFreezeAfterRollback)
        {
            release.freeze_after_rollback = false;
        }
    }

    /// Every try of a flip back freezes, though somebody has unfrozen after the first.
    pub fn freeze_with(&self, begun: &mut Record) {
        if let Some(freeze) = begun.freeze.as_mut()
            && self.broken(Mutation::FreezeWithEveryTry)
        {
            freeze.ended = None;
        }
    }

    /// Takes the freeze from the record, where nothing asks for one.
    pub fn thaw(&self, record: &mut Record, despite: Mutation) {
        if self.broken(despite) {
            record.freeze = None;
        }
    }

    /// Holds a push back that finds releases frozen.
    pub fn hold_back(&self, record: &Record, request: &QueuedRequest, now: u8) -> HoldBack {
        if self.policy.waits_while_frozen {
            return HoldBack::NotFrozen;
        }
        let record = self.as_bent(record, |it| self.thaw(it, Mutation::ClaimDespiteFreeze));
        record.hold_back(request, None, at(now))
    }
}
