//! Requests with a form.

use http::{HeaderValue, Method};

use super::HttpRequest;
#[cfg(feature = "tracing")]
use super::Written;
use crate::body::Body;
use crate::plumbing::form::Writer;

/// The parameters of a form that copies something from another region.
#[derive(Clone, Debug)]
pub struct PresignedCopy {
    /// The one that names the other region. A request without it copies nothing from there.
    pub source: &'static str,
    /// The one with the URL. A URL of the caller is kept.
    pub url: &'static str,
    /// The one of the URL that names the region of the client.
    pub destination: &'static str,
    /// Whether the request itself names both regions, too.
    pub names_regions: bool,
}

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
