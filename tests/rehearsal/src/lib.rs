//! The rehearsal: the very template that is deployed, on a local AWS, with real binaries and real traffic.
//!
//! | modules | what they do |
//! |---|---|
//! | `install`, `server` | install MiniStack, the local AWS, and run it |
//! | `engine`, `registry`, `images` | run the tasks of its ECS as processes, know their images, and what is said of these |
//! | `functions`, `package`, `environment`, `stack`, `local`, `site`, `stage` | build the functions, deploy the environment and `template.yaml` |
//! | `proxy`, `tasks` | between the functions and AWS the proxy records, denies and disturbs calls; tasks fail on order |
//! | `traffic`, `metrics`, `relay`, `rules`, `trouble` | do what customers, the load balancer, AWS's event delivery and a person do, and what befalls all of them |
//! | `follow`, `notices`, `services`, `state`, `history` | read what a person sees at the console and in the mail, and what is true of rules and record |
//! | `scenario`, `changes`, `run`, `typed`, `report`, `preview`, `faults` | run releases, and compare their ends with what they should be |
//! | `show`, `up` | what a person sees on the screen; a local AWS to try things by hand |
//! | `deployed`, `walk` | hold what was deployed against the files; walk through README's deploy section with the SAM CLI |
#![allow(clippy::print_stdout, reason = "the rehearsal talks to a person")]

pub mod aws;
mod changes;
pub mod deployed;
pub mod engine;
pub mod environment;
pub mod faults;
pub mod follow;
mod functions;
mod history;
pub mod images;
pub mod install;
pub mod local;
mod lock;
pub mod metrics;
pub mod notices;
mod package;
pub mod preview;
pub mod proxy;
pub mod registry;
pub mod relay;
pub mod report;
pub mod rules;
pub mod run;
pub mod scenario;
pub mod server;
mod services;
pub mod show;
pub mod site;
pub mod stack;
pub mod stage;
pub mod state;
pub mod tasks;
pub mod traffic;
mod trouble;
pub mod typed;
pub mod up;
pub mod walk;
pub mod watch;
