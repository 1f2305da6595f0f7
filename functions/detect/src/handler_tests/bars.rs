//! What keeps a request from beginning, and the push that meets it.

use super::people::word_of;
use super::records::stable;
use crate::decisions::ReleaseWindow;
use chrono::Utc;
use record::{Freeze, Record, Time};
use serde_json::{Value, json};
use shared::Refusal;

pub fn frozen_by(execution: &str, until: Option<Time>, record: Record) -> Record {
    Record {
        freeze: Some(Freeze {
            decision: word_of(execution),
            until,
            ended: None,
        }),
        ..record
    }
}

pub fn frozen() -> Record {
    frozen_by("arn:other", None, stable())
}

/// Open a minute of each year, which is not now.
pub fn closed_now() -> Result<ReleaseWindow, Refusal> {
    let month = if Utc::now().format("%m").to_string() == "01" {
        2
    } else {
        1
    };
    ReleaseWindow::read(&format!("0 0 1 {month} *"), "UTC")
}

pub fn push() -> Value {
    json!({"version": "0", "id": "1", "detail-type": "ECR Image Action", "source": "aws.ecr", "account": "111122223333",
        "time": "2026-11-23T11:59:00Z", "region": "eu-west-1", "resources": [],
        "detail": {"result": "SUCCESS", "repository-name": "shop", "action-type": "PUSH", "image-tag": "v1.1.0",
            "image-digest": format!("sha256:{}", "a1".repeat(32))}})
}
