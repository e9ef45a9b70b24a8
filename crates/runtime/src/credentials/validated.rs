//! Validates the characters of credentials.
//!
//! The access key id and the session token are sent in headers, and the access key id is part of the header
//! `Authorization`, in which blanks and line breaks are separators. Both must be visible ASCII, as AWS documents them.
//! The secret is never sent. Any text can be a key for the signature, and services other than AWS let users choose it.
//! Only control characters, and blanks at an end, are refused there, because they are never intended: they are left
//! over from a file or a clipboard.

use super::{Credentials, CredentialsError};
use crate::texts::ToText as _;

impl Credentials {
    /// Returns the same credentials, if a request can be signed with them.
    ///
    /// You need not call this: a [`Config`](crate::Config) is not built with other credentials, and those of a provider
    /// are refused when they are returned. The function is for code that validates credentials earlier.
    ///
    /// ```
    /// use attache_runtime::Credentials;
    ///
    /// assert!(Credentials::new("AKID", "secret").validated().is_ok());
    /// let error = Credentials::new("AKID\n", "secret").validated().unwrap_err();
    /// assert_eq!(error.to_string(), "the access key id ends with a line break");
    /// ```
    ///
    /// # Errors
    /// The access key id, the secret access key or the session token is empty; the first or the last holds anything but
    /// visible ASCII characters; the secret holds a control character or has a blank at an end. The error names the field
    /// and never shows it.
    pub fn validated(self) -> Result<Self, CredentialsError> {
        let token = self.session_token.as_deref();
        let fields = [
            ("access key id", Some(self.access_key_id.as_str()), true),
            ("secret access key", Some(&self.secret_access_key), false),
            ("session token", token, true),
        ];
        for &(name, text, is_header) in &fields {
            if let Some(problem) = text.and_then(|text| problem(text, is_header)) {
                return Err(CredentialsError::new(format!("the {name} {problem}")));
            }
        }
        Ok(self)
    }
}

/// What is wrong with a field.
pub(crate) fn problem(text: &str, is_header: bool) -> Option<String> {
    let is_break = |character| matches!(character, '\n' | '\r');
    if text.is_empty() {
        return Some("is empty".to_text());
    }
    let blank = |character: char| character.is_whitespace() && !is_break(character);
    for (place, ends) in &[
        ("begins", text.chars().next()),
        ("ends", text.chars().next_back()),
    ] {
        match ends {
            Some(end) if is_break(*end) => return Some(format!("{place} with a line break")),
            Some(end) if blank(*end) => return Some(format!("{place} with a blank")),
            _ => {}
        }
    }
    let mut refused = None;
    for character in text.chars() {
        if character.is_control() || (is_header && !character.is_ascii_graphic()) {
            refused = Some(character);
            break;
        }
    }
    Some(match refused? {
        '\n' | '\r' => "holds a line break".to_text(),
        found if found.is_whitespace() => "holds a blank".to_text(),
        found if found.is_control() => {
            format!("holds a control character (U+{:04X})", u32::from(found))
        }
        found => format!("holds U+{:04X}, which is not ASCII", u32::from(found)),
    })
}

#[cfg(test)]
mod tests {
    use super::Credentials;

    fn refusal(id: &str, secret: &str, token: Option<&str>) -> String {
        let mut credentials = Credentials::new(id, secret);
        if let Some(token) = token {
            credentials = credentials.session_token(token);
        }
        match credentials.validated() {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    /// Key id, secret, token, and the refusal; an empty one where they are good.
    const REFUSALS: [(&str, &str, Option<&str>, &str); 17] = [
        (
            "AKID\n",
            "s",
            None,
            "the access key id ends with a line break",
        ),
        (
            "AKID\r",
            "s",
            None,
            "the access key id ends with a line break",
        ),
        (
            "\u{a0}AKID",
            "s",
            None,
            "the access key id begins with a blank",
        ),
        ("AKID # mine", "s", None, "the access key id holds a blank"),
        (
            "AK\u{200b}ID",
            "s",
            None,
            "the access key id holds U+200B, which is not ASCII",
        ),
        (
            "AK\0ID",
            "s",
            None,
            "the access key id holds a control character (U+0000)",
        ),
        ("", "s", None, "the access key id is empty"),
        ("A", "", None, "the secret access key is empty"),
        (
            "A",
            "s\r\n",
            None,
            "the secret access key ends with a line break",
        ),
        ("A", "s ", None, "the secret access key ends with a blank"),
        (
            "A",
            "s\nt",
            None,
            "the secret access key holds a line break",
        ),
        (
            "A",
            "s\u{7f}t",
            None,
            "the secret access key holds a control character (U+007F)",
        ),
        ("A", "s", Some(""), "the session token is empty"),
        (
            "A",
            "s",
            Some("t\n"),
            "the session token ends with a line break",
        ),
        ("A", "s", Some("t u"), "the session token holds a blank"),
        ("A", "a secret = with # signs, é", Some("t+/="), ""),
        ("minio/admin,1", "s", None, ""),
    ];

    #[test]
    fn fields_that_cannot_be_signed_with_are_named() {
        for (id, secret, token, wanted) in REFUSALS {
            assert_eq!(refusal(id, secret, token), wanted, "{id:?}");
        }
    }

    proptest::proptest! {
        /// Accepted credentials fit into headers.
        #[test]
        fn accepted_credentials_can_sign_requests(id in r"[ -~\n\r\t\u{0}\u{7f}é\u{200b}]{0,4}", token in r"[ \
            -~\n\té]{0,4}") {
            let credentials = Credentials::new(&id, "s").session_token(&token).validated();
            let fits = |text: &str| http::HeaderValue::from_str(text).is_ok() && !text.contains(char::is_whitespace);
            if credentials.is_ok() {
                assert!(fits(&id) && fits(&token), "{id:?} {token:?}");
            }
        }
    }
}
