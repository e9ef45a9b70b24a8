//! The `User-Agent` header, in the grammar that AWS parses.

use http::HeaderValue;

use crate::operation::Service;

/// The header of a client of this service. attache names itself, and no SDK that it is not.
pub(crate) fn header(service: &Service) -> HeaderValue {
    let service_id = token(&service.sdk_id.to_ascii_lowercase().replace(' ', "_"));
    let text = format!(
        "attache/{} ua/2.1 api/{service_id}/{} os/{} lang/rust",
        env!("CARGO_PKG_VERSION"),
        token(service.version),
        operating_system(),
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static("attache"))
}

fn operating_system() -> &'static str {
    match std::env::consts::OS {
        known @ ("linux" | "macos" | "windows" | "android" | "ios") => known,
        _ => "other",
    }
}

/// Replaces what the grammar does not allow in a token.
fn token(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~,".contains(c);
    text.chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .collect()
}
