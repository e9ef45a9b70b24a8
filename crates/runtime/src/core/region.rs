//! Requests for a resource that is in another region than that of the client (`attache#regionRedirect`).
//!
//! The service refuses such a request and names the region. The request is sent once more, with the endpoint and the
//! signature of that region, as botocore 1.44.8 does (`utils.S3RegionRedirectorv2`). A client remembers the region, so that
//! only the first request for the resource is sent twice. If the region is not named, or the body is a stream, the caller
//! gets the error.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::plumbing::endpoint::ParameterValue;
use crate::plumbing::message::HttpRequest;
use crate::profile::ByName;
use crate::texts::ToText as _;

/// How many resources a client remembers. A program with more of them in other regions sends some requests twice.
const LIMIT: usize = 1000;

/// The regions of resources that are not in that of the client.
#[derive(Default)]
pub(super) struct Regions(Mutex<ByName<String>>);

impl Regions {
    /// Sends a request to the region of its resource, if that is known.
    #[inline(never)]
    pub(super) fn remember(&self, request: &mut HttpRequest) {
        let region = resource(request).and_then(|name| self.known().get(name).cloned());
        request.region.name = region;
    }

    /// Sends a request to another region, if there is one, and further requests for its resource, too.
    pub(super) fn learn(&self, request: &mut HttpRequest, region: Option<String>) {
        let Some(region) = region else {
            return;
        };
        if let Some(name) = resource(request) {
            let mut known = self.known();
            if known.len() < LIMIT || known.get(name).is_some() {
                known.insert(name.to_text(), region.clone());
            }
        }
        request.region.name = Some(region);
        request.region.redirected = true;
    }

    /// Each entry is written whole, so a panic of another thread leaves nothing half done.
    fn known(&self) -> MutexGuard<'_, ByName<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The resource of a request. An ARN names its region itself.
pub(super) fn resource(request: &HttpRequest) -> Option<&str> {
    let parameter = request.region.redirect?.parameter;
    for (name, value) in &request.endpoint_parameters {
        if *name == parameter {
            return match value {
                ParameterValue::String(name) if !name.starts_with("arn:") => Some(name),
                _ => None,
            };
        }
    }
    None
}
