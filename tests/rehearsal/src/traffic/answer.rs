//! What one customer got for one request.

use chrono::{DateTime, Utc};
use reqwest::{Error, Response};

/// One answer, or the want of one.
#[derive(Clone, Debug)]
pub struct Answer {
    pub at: DateTime<Utc>,
    /// `-` where no version answered, but the load balancer or nobody.
    pub version: String,
    /// `blue` or `green`; `-` where no version answered.
    pub environment: String,
    /// 0 stands for no answer.
    pub status: u16,
}

impl Answer {
    /// An answer that has come now.
    pub(super) fn read(answer: &Result<Response, Error>) -> Answer {
        let header = |name| {
            let value = answer.as_ref().ok()?.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let nobody = || "-".to_owned();
        // The first revision was registered before there were slots; it runs in blue.
        let blue = |slot: String| {
            if slot.is_empty() {
                "blue".to_owned()
            } else {
                slot
            }
        };
        Answer {
            at: Utc::now(),
            version: header("x-version").unwrap_or_else(nobody),
            environment: header("x-slot").map_or_else(nobody, blue),
            status: answer.as_ref().map_or(0, |it| it.status().as_u16()),
        }
    }

    /// No answer, or a status of 500 and more.
    pub fn failed(&self) -> bool {
        self.status == 0 || self.status >= 500
    }
}
