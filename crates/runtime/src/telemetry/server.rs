//! The host and the port to which a request is sent.

use http::Uri;

/// `server.address` and `server.port`.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) address: String,
    pub(super) port: u16,
}

impl Server {
    pub(super) fn of(uri: &Uri) -> Self {
        let default = match uri.scheme_str() {
            Some("http") => 80,
            _ => 443,
        };
        Self {
            address: uri.host().unwrap_or_default().to_owned(),
            port: uri.port_u16().unwrap_or(default),
        }
    }
}
