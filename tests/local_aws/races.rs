//! Races and replays on the real state machine: events that come twice, late or all at once; hands that move the rules
//! meanwhile; and an AWS that has lost something. Tests quote the promises of tests/README.md by their numbers.

mod alarms;
mod hands;
mod loss;
mod order;
mod twice;
