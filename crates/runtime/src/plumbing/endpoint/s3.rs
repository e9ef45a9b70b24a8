//! The function of the rules engine about names of buckets.

use super::standard_library::is_valid_host_label;

/// Whether a name of a bucket can be the first label of a host: a host label of at least 3 characters, without capital
/// letters, that is no IPv4 address. With `allow_subdomains`, such labels joined by dots.
///
/// This is `aws.isVirtualHostableS3Bucket` of the AWS rules engine library functions.
#[must_use]
#[inline]
pub fn is_virtual_hostable_s3_bucket(value: &str, allow_subdomains: bool) -> bool {
    value.len() >= 3
        && !value.bytes().any(|byte| byte.is_ascii_uppercase())
        && !looks_like_ipv4(value)
        && is_valid_host_label(value, allow_subdomains)
}

/// Whether a text is four numbers of up to three digits. They need not be below 256.
#[inline]
fn looks_like_ipv4(value: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    value.split('.').count() == 4 && value.split('.').all(is_number)
}
