//! Forms of texts that a service wants in requests, or sends in responses, beyond its protocol. Overlays state them.
//!
//! Generated code calls these functions for members. A member that is absent stays absent.

#[cfg(feature = "content-md5")]
use md5::{Digest, Md5};
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use super::uri::RESERVED_IN_PATH;

/// Percent-encodes a path (`attache#percentEncoded`). A suffix that begins with `except` stays as it is, unless nothing or
/// white space follows that: botocore 1.44.8 knows the version of an object by the same rule.
#[inline]
pub fn percent_encode(value: &mut Option<String>, except: &str) {
    if let Some(text) = value {
        let suffix = text.match_indices(except).map(|(start, _)| start);
        let mut suffix = suffix.filter(|start| {
            let rest = &text[start + except.len()..];
            !except.is_empty() && !rest.is_empty() && !rest.contains(char::is_whitespace)
        });
        let (path, suffix) = text.split_at(suffix.next().unwrap_or(text.len()));
        *text = utf8_percent_encode(path, RESERVED_IN_PATH).to_string() + suffix;
    }
}

/// Writes a key in base64 and its MD5 digest beside it (`attache#keyWithMd5`), unless the caller gave the digest: the key
/// is in base64 then.
#[cfg(feature = "content-md5")]
pub fn key_with_md5(key: &mut Option<String>, digest: &mut Option<String>) {
    if let (Some(key), None) = (key, &digest) {
        *digest = Some(base64_simd::STANDARD.encode_to_string(Md5::digest(key.as_bytes())));
        *key = base64_simd::STANDARD.encode_to_string(key.as_bytes());
    }
}

/// Decodes a text that the client asked to be encoded as in a form (`attache#urlTexts`): `+` is a space. Bytes that are not
/// UTF-8 become the replacement character, as in botocore.
#[inline]
pub fn url_decode(value: &mut Option<String>) {
    if let Some(text) = value {
        url_decode_required(text);
    }
}

/// The same for a member that is always there.
#[inline]
pub fn url_decode_required(text: &mut String) {
    if text.contains(['%', '+']) {
        let spaced = text.replace('+', " ");
        *text = percent_decode_str(&spaced).decode_utf8_lossy().into_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::{percent_encode, url_decode};

    fn changed(text: &str, change: impl FnOnce(&mut Option<String>)) -> String {
        let mut value = Some(text.to_owned());
        change(&mut value);
        value.expect("it is still there")
    }

    #[test]
    fn a_path_is_percent_encoded_up_to_its_suffix() {
        for (text, expected) in [
            ("b/k", "b/k"),
            ("b/k é+%/~", "b/k%20%C3%A9%2B%25/~"),
            ("b/k?versionId=a/b+c", "b/k?versionId=a/b+c"),
            ("b/k?versionId=", "b/k%3FversionId%3D"),
            (
                "b/a?versionId=x y?versionId=z",
                "b/a%3FversionId%3Dx%20y?versionId=z",
            ),
            ("b/k?other=1", "b/k%3Fother%3D1"),
            (
                "arn:aws:s3:r:1:accesspoint/a/object/k",
                "arn%3Aaws%3As3%3Ar%3A1%3Aaccesspoint/a/object/k",
            ),
        ] {
            let came = changed(text, |value| percent_encode(value, "?versionId="));
            assert_eq!(came, expected, "{text}");
        }
        assert_eq!(changed("a?b", |value| percent_encode(value, "")), "a%3Fb");
    }

    #[test]
    fn an_encoded_text_is_decoded_as_in_a_form() {
        for (text, expected) in [
            ("a+b%20c%2Bd", "a b c+d"),
            ("%C3%A9%2F%%zz", "é/%%zz"),
            ("%ff", "\u{fffd}"),
            ("plain", "plain"),
        ] {
            assert_eq!(changed(text, url_decode), expected, "{text}");
        }
    }

    #[cfg(feature = "content-md5")]
    #[test]
    fn a_key_is_sent_with_its_digest_unless_the_caller_gave_one() {
        use super::key_with_md5;

        let (mut key, mut digest) = (Some("0123456789abcdef0123456789abcdef".to_owned()), None);
        key_with_md5(&mut key, &mut digest);
        assert_eq!(
            key.as_deref(),
            Some("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
        );
        // openssl dgst -md5 -binary | base64
        assert_eq!(digest.as_deref(), Some("hRasmdxgYDKV3nvbahU1MA=="));
        let before = (key.clone(), digest.clone());
        key_with_md5(&mut key, &mut digest);
        assert_eq!((key, digest), before);
        let (mut key, mut digest) = (None, None);
        key_with_md5(&mut key, &mut digest);
        assert_eq!((key, digest), (None, None));
    }
}
