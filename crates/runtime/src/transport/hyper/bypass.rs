//! Hosts that are reached without a proxy: `NO_PROXY`, and this machine.
//!
//! There is no standard for the variable. Its entries are read in all forms that curl, Go and Python accept.

use std::net::IpAddr;

use http::Uri;

use crate::endpoint::is_local;
use crate::plumbing::uri::scheme;
use crate::texts::{self, ToText as _};

/// The entries of `NO_PROXY`.
#[derive(Clone, Debug, Default)]
pub(super) struct Bypass(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    hosts: Hosts,
    /// The port of the entry, if it is limited to one.
    port: Option<u16>,
}

#[derive(Clone, Debug)]
enum Hosts {
    All,
    /// The addresses of a network.
    Network(IpAddr, u8),
    /// A name in lower case, and all names below it.
    Domain(String),
}

impl Bypass {
    /// Reads a list with commas or blanks. An entry that is no host matches nothing.
    pub(super) fn parse(list: &str) -> Self {
        let mut entries = Vec::new();
        for part in list.split(',') {
            for entry in part.split_whitespace() {
                entries.push(Entry::parse(entry));
            }
        }
        Self(entries)
    }

    /// Whether a URL is requested without a proxy.
    pub(super) fn contains(&self, url: &Uri) -> bool {
        let Some(host) = url.host() else {
            return false;
        };
        let host = plain(host);
        if is_this_machine(&host) {
            return true;
        }
        let port = url.port_u16().or(match scheme(url) {
            Some("http") => Some(80),
            Some("https") => Some(443),
            _ => None,
        });
        let address = host.parse().ok();
        for entry in &self.0 {
            if entry.matches(&host, address, port) {
                return true;
            }
        }
        false
    }
}

/// A host without brackets and without the dot at its end, in lower case.
fn plain(host: &str) -> String {
    let host = texts::without_brackets(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Whether a host is this machine: a connection to an unspecified address reaches this machine as well, and so do names
/// below `localhost` (RFC 6761, section 6.3).
fn is_this_machine(host: &str) -> bool {
    is_local(host)
        || host.ends_with(".localhost")
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.is_unspecified())
}

impl Entry {
    fn parse(text: &str) -> Self {
        let (host, port) = split_port(text);
        Self {
            hosts: Hosts::parse(host),
            port,
        }
    }

    fn matches(&self, host: &str, address: Option<IpAddr>, port: Option<u16>) -> bool {
        let of_host = match (&self.hosts, address) {
            (Hosts::All, _) => true,
            (Hosts::Network(network, length), Some(address)) => {
                is_within(address, *network, *length)
            }
            (Hosts::Domain(name), None) => {
                let above = host.strip_suffix(name.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            _ => false,
        };
        of_host && (self.port.is_none() || self.port == port)
    }
}

/// Removes the port. The colons of an IPv6 address without brackets are part of the address.
fn split_port(text: &str) -> (&str, Option<u16>) {
    if text.parse::<IpAddr>().is_ok() {
        return (text, None);
    }
    match text.rsplit_once(':') {
        Some((host, port)) if host.ends_with(']') || !texts::has(host, b':') => {
            match texts::number(port).map(u16::try_from) {
                Some(Ok(port)) => (host, Some(port)),
                _ => (text, None),
            }
        }
        _ => (text, None),
    }
}

impl Hosts {
    fn parse(text: &str) -> Self {
        if text == "*" {
            return Self::All;
        }
        let name = plain(text);
        if let Ok(address) = name.parse::<IpAddr>() {
            return Self::Network(address, bits(address));
        }
        if let Some((address, length)) = name.split_once('/')
            && let (Ok(address), Some(length)) =
                (plain(address).parse::<IpAddr>(), texts::number(length))
            && let Ok(length) = u8::try_from(length)
            && length <= bits(address)
        {
            return Self::Network(address, length);
        }
        let name = name.strip_prefix('*').unwrap_or(&name);
        Self::Domain(name.strip_prefix('.').unwrap_or(name).to_text())
    }
}

fn bits(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

fn is_within(address: IpAddr, network: IpAddr, length: u8) -> bool {
    let differing = match (address.to_canonical(), network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            (u32::from(address) ^ u32::from(network)).leading_zeros()
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            (u128::from(address) ^ u128::from(network)).leading_zeros()
        }
        _ => return false,
    };
    differing >= u32::from(length)
}

#[cfg(test)]
mod tests {
    use super::Bypass;

    fn bypasses(list: &str, url: &str) -> bool {
        Bypass::parse(list).contains(&url.parse().expect("it is a URL"))
    }

    #[test]
    fn requests_to_this_machine_never_use_a_proxy() {
        for url in [
            "http://127.0.0.1:5000/x?X-Amz-Signature=1",
            "http://127.3.2.1/",
            "https://127.0.0.1/",
            "http://localhost:1/",
            "http://LOCALHOST/",
            "http://localhost./",
            "http://bucket.localhost:9000/",
            "http://[::1]:8080/",
            "http://[::ffff:127.0.0.1]/",
            "http://0.0.0.0:80/",
            "http://[::]/",
        ] {
            assert!(bypasses("", url), "{url}");
        }
        for url in [
            "http://localhost.example/",
            "http://notlocalhost/",
            "http://128.0.0.1/",
            "http://127.0.0.1.example/",
        ] {
            assert!(!bypasses("", url), "{url}");
        }
    }

    /// A list, a URL that it names, and one that it does not.
    const ENTRIES: [(&str, &str, Option<&str>); 17] = [
        ("*", "http://192.0.2.1/", None),
        ("a.example, *", "https://[2001:db8::1]/", None),
        (
            "192.0.2.1",
            "http://192.0.2.1:81/",
            Some("http://192.0.2.2/"),
        ),
        (
            "192.0.2.1:81",
            "http://192.0.2.1:81/",
            Some("http://192.0.2.1:82/"),
        ),
        (
            "192.0.2.0/24",
            "http://192.0.2.7/",
            Some("http://192.0.3.7/"),
        ),
        (
            "192.0.2.0/0",
            "http://1.2.3.4/",
            Some("http://[2001:db8::1]/"),
        ),
        (
            "2001:db8::1",
            "http://[2001:db8::1]/",
            Some("http://[2001:db8::2]/"),
        ),
        (
            "[2001:db8::1]:8",
            "http://[2001:db8::1]:8/",
            Some("http://[2001:db8::1]/"),
        ),
        (
            "2001:db8::/32",
            "http://[2001:DB8:1::]/",
            Some("http://[2001:db9::]/"),
        ),
        (
            "example.com",
            "https://a.EXAMPLE.com./",
            Some("https://notexample.com/"),
        ),
        (
            "EXAMPLE.com",
            "https://example.com/",
            Some("https://example.org/"),
        ),
        (
            ".example.com",
            "https://example.com/",
            Some("https://wexample.com/"),
        ),
        (
            "*.example.com",
            "https://a.b.example.com/",
            Some("https://example.co/"),
        ),
        (
            "example.com:443",
            "https://example.com/",
            Some("http://example.com/"),
        ),
        (
            "example.com:80",
            "http://example.com/",
            Some("http://example.com:81/"),
        ),
        ("a  b\tc", "http://b/", Some("http://d/")),
        ("a,,b", "http://b/", Some("http://ab/")),
    ];

    #[test]
    fn every_form_of_an_entry_matches_what_it_names_and_nothing_else() {
        for (list, matching, other) in ENTRIES {
            assert!(bypasses(list, matching), "{list} {matching}");
            if let Some(other) = other {
                assert!(!bypasses(list, other), "{list} {other}");
            }
        }
    }
}
