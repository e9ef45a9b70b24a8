//! The host and the port to which a request is sent.

use crate::plumbing::uri::scheme;
use crate::texts::ToText as _;
use http::Uri;

/// `server.address` and `server.port`.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) address: String,
    pub(super) port: u16,
}

impl Server {
    /// `hides_host` is whether the host contains a sensitive member.
    pub(super) fn of(uri: &Uri, hides_host: bool) -> Self {
        let default = match scheme(uri) {
            Some("http") => 80,
            _ => 443,
        };
        Self {
            address: match hides_host {
                true => "REDACTED".to_text(),
                false => uri.host().unwrap_or_default().to_text(),
            },
            port: uri.port_u16().unwrap_or(default),
        }
    }
}
