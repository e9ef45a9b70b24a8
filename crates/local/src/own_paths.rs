//! What the server answers itself, without a signature: whether it runs, and moto's request that data is deleted.

use attache_runtime::Bytes;
use http::Method;

use crate::front::Front;
use crate::wire::{Protocol, Refusal, Request, Response};

/// The path of checks whether the server runs, such as that of a container.
const HEALTH: &str = "/_health";
/// The path at which moto's decorator requests that all data is deleted.
const RESET: &str = "/moto-api/reset";
/// The body of both.
const OK: &[u8] = br#"{"status": "ok"}"#;

impl Front {
    /// The response to a request that is for none of the services; `None` if it is for nothing here.
    pub(crate) fn answer_own(&self, message: &Request) -> Option<Response> {
        let is_reading = matches!(message.method, Method::GET | Method::HEAD);
        match message.path.as_str() {
            HEALTH if is_reading => Some(success()),
            RESET if self.environment.settings.is_lenient => Some(self.reset(message)),
            _ => None,
        }
    }

    /// Deletes the data of both services, and responds as moto does.
    fn reset(&self, message: &Request) -> Response {
        let protocol = Protocol::RestJson1;
        if message.method != Method::POST {
            let text = format!("{RESET} requires POST.");
            Refusal::common(protocol, 405, "MethodNotAllowedException", &text).into_response()
        } else if let Err(problem) = self.world().reset() {
            Refusal::common(protocol, 500, "InternalFailure", &problem).into_response()
        } else {
            success()
        }
    }
}

fn success() -> Response {
    let mut response = Response::success(Protocol::RestJson1, 200);
    response.body = Bytes::from_static(OK);
    response
}
