//! Names that say that a secret follows: the only list of them.
//!
//! What of a message is sensitive is a fact of its model. These are for what no model describes: queries of signed URLs,
//! and texts that quote a request.

#[cfg(feature = "tracing")]
use crate::texts::is_one_of;

/// Parts of the names of what signs a request, in lower case. A service that expected another signature quotes them.
pub(crate) const SIGNED: [&str; 2] = ["signature", "security-token"];

/// Parts of names before a secret in a text, in lower case.
#[cfg(feature = "test-util")]
pub(crate) const PARTS: [&str; 15] = [
    SIGNED[0],
    SIGNED[1],
    "credential",
    "security_token",
    "securitytoken",
    "session-token",
    "session_token",
    "sessiontoken",
    "access_token",
    "refresh_token",
    "accesskeyid",
    "secretaccesskey",
    "password",
    // The requests that S3 repeats in an error, in hexadecimal digits.
    "canonicalrequestbytes",
    "stringtosignbytes",
];

/// Parts of the names of headers that are secret whatever a model says, in lower case.
#[cfg(feature = "test-util")]
const HEADERS: [&str; 8] = [
    "api-key",
    "auth",
    "cookie",
    "credential",
    "password",
    "secret",
    SIGNED[1],
    "session-token",
];

/// Parameters of signed URLs that are signatures, in lower case.
#[cfg(feature = "tracing")]
const SIGNATURES: [&str; 4] = ["x-amz-signature", "signature", "sig", "x-goog-signature"];
/// Other parameters of signed URLs that are secret, in lower case.
#[cfg(feature = "tracing")]
const PARAMETERS: [&str; 3] = ["x-amz-credential", "x-amz-security-token", "awsaccesskeyid"];

/// Whether a parameter of a query is a signature.
#[cfg(feature = "tracing")]
pub(crate) fn is_signature(parameter: &str) -> bool {
    is_one_of(parameter, &SIGNATURES)
}

/// Whether a parameter of a query is secret in every service.
#[cfg(feature = "tracing")]
pub(crate) fn is_secret_parameter(parameter: &str) -> bool {
    is_signature(parameter) || is_one_of(parameter, &PARAMETERS)
}

/// Whether the value of a header is a secret by its name, which is in lower case.
#[cfg(feature = "test-util")]
pub(crate) fn is_secret_header(name: &str) -> bool {
    HEADERS.iter().any(|part| name.contains(part))
}

#[cfg(all(test, feature = "test-util"))]
mod tests {
    use super::{PARAMETERS, PARTS, SIGNATURES};

    #[test]
    fn a_text_hides_each_secret_parameter_with_a_name_of_its_own() {
        // `sig` is a part of ordinary names.
        let names = SIGNATURES.iter().filter(|name| **name != "sig");
        for name in names.chain(&PARAMETERS) {
            assert!(PARTS.iter().any(|part| name.contains(part)), "{name}");
        }
    }
}
