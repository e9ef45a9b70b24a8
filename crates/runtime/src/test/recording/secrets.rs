//! Secrets in texts, which no model describes: parameters of presigned URLs, headers that an error quotes, passwords in
//! URLs.

use std::ops::Range;

use crate::plumbing::secret_names::PARTS;

/// What replaces a secret. It is valid base64, so that it can be read as a blob, too.
pub(super) const REDACTED: &str = "REDACTED";

/// A text without the secrets in it.
///
/// A secret is what follows one of the names and `=`, `:` or `>`, up to a character that ends a parameter, a word or an
/// element of XML. A user and a password in a URL are secrets, too.
pub(super) fn without_secrets(text: &str) -> String {
    // The places of bytes stay the same.
    let lower = text.to_ascii_lowercase();
    let mut secrets: Vec<Range<usize>> = users(text).collect();
    for name in PARTS {
        let ends = lower.match_indices(name).map(|(at, _)| at + name.len());
        secrets.extend(ends.filter_map(|end| value_after(&lower, end)));
    }
    secrets.extend(bearer_tokens(&lower));
    secrets.sort_by_key(|secret| secret.start);
    let mut clean = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets {
        if secret.start >= at {
            clean.push_str(&text[at..secret.start]);
            clean.push_str(REDACTED);
        }
        at = at.max(secret.end);
    }
    clean.push_str(&text[at..]);
    clean
}

/// The tokens of quoted headers (RFC 6750). A word of letters alone is prose, such as `bearer token`.
fn bearer_tokens(lower: &str) -> impl Iterator<Item = Range<usize>> {
    const SCHEME: &str = "bearer ";
    lower.match_indices(SCHEME).filter_map(|(at, _)| {
        let start = at + SCHEME.len();
        let rest = &lower[start..];
        let length = rest.find(ends_value).unwrap_or(rest.len());
        let is_prose = rest[..length]
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic());
        (!is_prose).then_some(start..start + length)
    })
}

/// The value after a name that ends there, or goes on with more characters of a name.
fn value_after(lower: &str, end: usize) -> Option<Range<usize>> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || "-_".contains(character);
    let rest = lower[end..].trim_start_matches(is_name);
    let rest = rest.trim_start_matches(['"', '\'', '\\']);
    let separators = ["=", ":", ">", "%3d"];
    let rest = separators.iter().find_map(|it| rest.strip_prefix(it))?;
    let rest = rest.trim_start_matches(['"', '\'', '\\']);
    let start = lower.len() - rest.len();
    let length = rest.find(ends_value).unwrap_or(rest.len());
    (length > 0).then_some(start..start + length)
}

fn ends_value(character: char) -> bool {
    character.is_whitespace() || "&\"'\\<>,;)}]".contains(character)
}

/// The users and passwords of the URLs in a text.
fn users(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, _)| {
        let start = at + 3;
        let rest = &text[start..];
        let end = rest
            .find(|character: char| "/?#".contains(character) || ends_value(character))
            .unwrap_or(rest.len());
        let length = rest[..end].rfind('@')?;
        Some(start..start + length)
    })
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

    #[test]
    fn only_secrets_are_removed() {
        for (text, clean) in [
            ("Rate exceeded", "Rate exceeded"),
            ("The bearer token has ended", "The bearer token has ended"),
            (
                "sent `Authorization: Bearer eyJ0.eyJz.sig`",
                "sent `Authorization: Bearer REDACTED",
            ),
            ("Bearer t0ken is not known", "Bearer REDACTED is not known"),
            (
                "Invalid signature: token expired",
                "Invalid signature: token expired",
            ),
            (
                "<Code>SignatureDoesNotMatch</Code>",
                "<Code>SignatureDoesNotMatch</Code>",
            ),
            ("nextToken=abc&maxResults=5", "nextToken=abc&maxResults=5"),
            (
                "https://h/p?X-Amz-Expires=60&X-Amz-Credential=AKID%2F1&X-Amz-Signature=5f",
                "https://h/p?X-Amz-Expires=60&X-Amz-Credential=REDACTED&X-Amz-Signature=REDACTED",
            ),
            (
                "url=https%3A%2F%2Fh%3FX-Amz-Signature%3D5f end",
                "url=https%3A%2F%2Fh%3FX-Amz-Signature%3DREDACTED end",
            ),
            (
                "'POST\n/\nx-amz-security-token:FwoGZX\n\nhost'",
                "'POST\n/\nx-amz-security-token:REDACTED\n\nhost'",
            ),
            (
                "<AWSAccessKeyId>AKID</AWSAccessKeyId><SignatureProvided>5f</SignatureProvided>",
                "<AWSAccessKeyId>REDACTED</AWSAccessKeyId><SignatureProvided>REDACTED</SignatureProvided>",
            ),
            (
                "see https://ann:pass@h/p, {\"password\":\"x\"}",
                "see https://REDACTED@h/p, {\"password\":\"REDACTED\"}",
            ),
            (
                "a@b.example.com https://h/@p",
                "a@b.example.com https://h/@p",
            ),
        ] {
            assert_eq!(without_secrets(text), clean, "{text}");
            assert_eq!(without_secrets(clean), clean, "twice");
        }
    }
}
