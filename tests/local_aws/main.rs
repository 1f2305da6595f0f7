//! Whole stories on the local AWS. One program has them all: they share one local AWS, and those that wait for minutes do so
//! while the others run. `cargo test --test local_aws races::` runs one part of them.

mod canaries;
mod ci;
mod common;
mod events;
mod faults;
mod fleet;
mod images;
mod operations;
mod people;
mod permissions;
mod races;
mod releases;
mod shares;
mod trust;
mod watch;
