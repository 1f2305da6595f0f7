//! What people and programs learn of releases: mails, messages in a chat, pages, and requests to a webhook.

mod flips;
mod hook;
pub mod receiver;
mod selected;
mod webhooks;
pub mod words;
