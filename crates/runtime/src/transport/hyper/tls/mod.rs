//! TLS around a connection: by rustls, by the platform, or not at all, as the features say. rustls comes first where
//! features of several crates are added up.

#[cfg(not(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
)))]
mod none;
#[cfg(all(
    feature = "native-tls",
    not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))
))]
mod platform;
#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
mod rustls;

#[cfg(not(any(
    feature = "rustls-ring",
    feature = "rustls-aws-lc-rs",
    feature = "native-tls"
)))]
pub(super) use self::none::{Https, Tls};
#[cfg(all(
    feature = "native-tls",
    not(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))
))]
pub(super) use self::platform::{Https, Tls};
#[cfg(any(feature = "rustls-ring", feature = "rustls-aws-lc-rs"))]
pub(super) use self::rustls::{Https, Tls};
