//! Releases that shift traffic in steps, and executions that end without their own end: traffic goes on only where it was
//! judged, and what nobody watches any more is flipped back (I1, I4, I10, I12).
#![allow(clippy::print_stdout, reason = "the figures are for a person")]

mod aborts;
mod alarms;
mod moments;
mod restores;
mod stopped;

/// Steps as short as the polls allow. Shadow lets a share grow by time, so no story waits for a verdict.
const SHORT: [(&str, &str); 2] = [("TrafficSteps", "10:1,100:1"), ("VerdictMode", "shadow")];
