//! URLs, parsed like the function `parseURL`.
//!
//! The specification requires less than a URL library does (`http` and `https` only, no query), and one thing that
//! libraries do not do (the port stays as it is written), so this parser is hand-written.

use std::borrow::Cow;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The parts of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// `http` or `https`.
    pub scheme: &'a str,
    /// The host and, if it is written, the port.
    pub authority: &'a str,
    /// The path as it is written, or `/`.
    pub path: &'a str,
    /// Whether the host is an IPv4 or a (bracketed) IPv6 address.
    pub is_ip: bool,
}

impl<'a> Url<'a> {
    /// The path with a slash at its end (`normalizedPath`).
    #[must_use]
    #[inline]
    pub fn normalized_path(&self) -> Cow<'a, str> {
        if self.path.ends_with('/') {
            Cow::Borrowed(self.path)
        } else {
            Cow::Owned(format!("{}/", self.path))
        }
    }
}

/// Parses a URL; `None` if it is not an `http` or `https` URL with a host, or has a query or a fragment.
///
/// This is `parseURL` of the rules engine standard library. The port stays in the authority even if it is the default
/// one, as in the examples of the specification, although its text says otherwise.
#[must_use]
#[inline]
pub fn parse_url(value: &str) -> Option<Url<'_>> {
    if value.contains(['?', '#']) || value.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let (scheme, rest) = value.split_once("://")?;
    if !matches!(scheme, "http" | "https") {
        return None;
    }
    let (authority, path) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, "/"),
    };
    let authority = authority
        .rsplit_once('@')
        .map_or(authority, |(_user, host)| host);
    let is_ip = host_is_ip(authority)?;
    Some(Url {
        scheme,
        authority,
        path,
        is_ip,
    })
}

/// Checks host and port; `None` if either is malformed.
#[inline]
fn host_is_ip(authority: &str) -> Option<bool> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (address, port) = rest.split_once(']')?;
        // A zone (`%25eth0`) is not part of the address proper.
        let address = address.split('%').next()?;
        address.parse::<Ipv6Addr>().ok()?;
        if !port.is_empty() {
            parse_port(port.strip_prefix(':')?)?;
        }
        return Some(true);
    }
    let host = match authority.split_once(':') {
        Some((host, port)) => {
            parse_port(port)?;
            host
        }
        None => authority,
    };
    (!host.is_empty()).then(|| host.parse::<Ipv4Addr>().is_ok())
}

/// A port has digits only; `u16::from_str` would also take a plus sign.
#[inline]
fn parse_port(port: &str) -> Option<u16> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    if digits { port.parse().ok() } else { None }
}
