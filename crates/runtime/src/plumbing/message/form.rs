//! Requests with a form.

use http::{HeaderValue, Method};

use super::HttpRequest;
#[cfg(feature = "tracing")]
use super::Written;
use crate::body::Body;
use crate::plumbing::form::Writer;

impl HttpRequest {
    /// A request of the query protocols: `POST /`, a form as body.
    pub fn form(body: Writer) -> Self {
        let mut request = Self::new(Method::POST);
        request.path.push('/');
        request.headers.insert(
            http::header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        let (text, _sensitive) = body.into_parts();
        request.body = Body::Bytes(text.into());
        #[cfg(feature = "tracing")]
        request
            .marks
            .keep(&request.body, |bytes| Written::Form(bytes, _sensitive));
        request
    }
}
