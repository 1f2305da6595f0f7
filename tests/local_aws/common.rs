//! What the tests on the local AWS share: one local AWS for a test program, a stage of its own for each story, and what
//! the stories do on it.

mod held;
mod page;
mod requests;
mod stage;
mod told;

pub use held::{deployed, held, hold, let_go};
pub use page::tells_of_every_request;
pub use rehearsal::rules::{forward, weighted, write_rule, write_rules};
pub use rehearsal::stage::COMMANDS_IN_REQUESTS;
pub use rehearsal::watch::{PATIENT, UNHURRIED};
pub use requests::{
    alarm_event, deliver, event_of, execute, go_off, live, preview, push, put, release, result,
    settled,
};
pub use stage::{TIMING, local, on_a_stage, on_the_local_aws, run, stage, stage_from, stage_with};
pub use told::hold_events;
