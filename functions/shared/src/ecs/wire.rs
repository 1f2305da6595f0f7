//! The JSON that passes between the SDK and AWS in one call: what the SDK's types do not know is in it.

use aws_sdk_ecs::config::interceptors::{
    AfterDeserializationInterceptorContextRef as Answered,
    BeforeTransmitInterceptorContextMut as Unsent,
};
use aws_sdk_ecs::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_ecs::error::BoxError;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// An interceptor of one call. It keeps the answer; and it can send another body than the SDK would.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    body: Option<String>,
    answer: Arc<Mutex<Option<Value>>>,
}

impl Wire {
    /// Sends this instead of the call's own input.
    pub fn sending(body: &Value) -> Wire {
        Wire {
            body: Some(body.to_string()),
            answer: Arc::default(),
        }
    }

    /// What the last try was answered; none where that was no JSON, or nothing came.
    pub fn answered(&self) -> Option<Value> {
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        answer.take()
    }
}

impl Intercept for Wire {
    fn name(&self) -> &'static str {
        "Wire"
    }

    /// Once for all tries, and before each is signed.
    fn modify_before_retry_loop(
        &self,
        call: &mut Unsent<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if let Some(body) = &self.body {
            let request = call.request_mut();
            let length = body.len().to_string();
            request.headers_mut().insert("content-length", length);
            *request.body_mut() = SdkBody::from(body.as_str());
        }
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        call: &Answered<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = call.response().body().bytes().unwrap_or_default();
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        *answer = serde_json::from_slice(body).ok();
        Ok(())
    }
}
