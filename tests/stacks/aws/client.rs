//! The HTTP client of the SDK's clients: it answers out of a world, after the time that the world takes.

use super::answers::answered;
use super::world::World;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::sleep;

#[derive(Clone, Debug)]
pub struct Client(pub Arc<Mutex<World>>);

impl HttpConnector for Client {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = request.try_into_http1x().expect("a request");
        let mut world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = answered(&mut world, &request).map(SdkBody::from);
        let answer = Ok(HttpResponse::try_from(answer).expect("an answer"));
        let takes = world.answer_takes;
        if takes.is_zero() {
            return HttpConnectorFuture::ready(answer);
        }
        HttpConnectorFuture::new(async move {
            sleep(takes).await;
            answer
        })
    }
}

impl HttpClient for Client {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
