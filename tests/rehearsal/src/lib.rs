//! The rehearsal: the very template that is deployed, on a local AWS, with real binaries and real traffic.
//!
//! `install` and `server` bring up MiniStack; `engine` runs its ECS tasks as processes; `stage` deploys the
//! example environment and `template.yaml`; `proxy` stands between the functions and AWS; `traffic`, `relay` and `follow` do what the public, AWS's event
//! delivery and a person at the console would do; `scenario` and `stories` tell the stories.
#![allow(clippy::print_stdout, reason = "the rehearsal talks to a person")]

pub mod aws;
pub mod engine;
pub mod faults;
pub mod follow;
pub mod functions;
pub mod iam;
pub mod install;
pub mod metrics;
pub mod notices;
pub mod plan;
pub mod proxy;
pub mod registry;
pub mod relay;
pub mod report;
pub mod scenario;
pub mod server;
pub mod show;
pub mod stack;
pub mod stage;
pub mod state;
pub mod stories;
pub mod template;
pub mod traffic;
