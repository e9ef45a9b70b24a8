//! Addresses in messages: without the passwords and tokens that they may hold.

use crate::escape;

/// An address for messages: without name, password, query and fragment. It may be any text: an address that cannot be
/// used is shown, too, and may hold a password at another place than it should.
pub(crate) fn shown(address: &str) -> String {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), address),
    };
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    // A password with a `/` in it ends the host too early, and leaves something that is not a port.
    let has_port = host.rsplit_once(':').is_none_or(|(_, port)| {
        port.ends_with(']') || port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let at = if has_port {
        host.rfind('@')
    } else {
        rest.rfind('@')
    };
    let rest = at.map_or(rest, |at| &rest[at + 1..]);
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    escape::line(&format!("{scheme}{rest}")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn no_password_and_no_token_is_shown() {
        for (address, expected) in [
            (
                "https://index.example/simple",
                "https://index.example/simple",
            ),
            (
                "https://me:secret@index.example/simple",
                "https://index.example/simple",
            ),
            (
                "https://secret@index.example:8080/simple",
                "https://index.example:8080/simple",
            ),
            (
                "https://me:se/cret@index.example/simple",
                "https://index.example/simple",
            ),
            (
                "https://me:se@cret@index.example/simple",
                "https://index.example/simple",
            ),
            (
                "https://me:se#cret@index.example/simple",
                "https://index.example/simple",
            ),
            ("me:secret@index.example/simple", "index.example/simple"),
            ("https://me:secret@", "https://"),
            (
                "https://files.example/model.json?token=secret#secret",
                "https://files.example/model.json",
            ),
            (
                "http://127.0.0.1:8000/@scope/model.json",
                "http://127.0.0.1:8000/@scope/model.json",
            ),
            (
                "http://[::1]/@scope/model.json",
                "http://[::1]/@scope/model.json",
            ),
            ("http://me:secret@[::1]:80/simple", "http://[::1]:80/simple"),
        ] {
            assert_eq!(shown(address), expected, "{address}");
        }
    }
}
