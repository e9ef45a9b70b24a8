//! Amazon Resource Names, parsed like the function `aws.parseArn`.
//!
//! The parts borrow from the input, and the resource is split only if a rule needs a part of it, so parsing an ARN
//! allocates nothing.

/// The parts of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// The partition, as `aws`.
    pub partition: &'a str,
    /// The service namespace, as `iam`.
    pub service: &'a str,
    /// The region, empty where the resource has none.
    pub region: &'a str,
    /// The account (`accountId`), empty where the resource has none.
    pub account_id: &'a str,
    /// Everything after the fifth colon, never empty.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// One part of the resource (`resourceId[index]`), which is split at `:` and `/`.
    #[must_use]
    #[inline]
    pub fn resource_id(&self, index: usize) -> Option<&'a str> {
        self.resource.split([':', '/']).nth(index)
    }
}

/// Parses an ARN; `None` if there are fewer than six parts, or partition, service or resource is empty.
///
/// This is `aws.parseArn` of the AWS rules engine library functions.
#[must_use]
pub fn parse_arn(value: &str) -> Option<Arn<'_>> {
    let mut parts = value.strip_prefix("arn:")?.splitn(5, ':');
    let arn = Arn {
        partition: parts.next()?,
        service: parts.next()?,
        region: parts.next()?,
        account_id: parts.next()?,
        resource: parts.next()?,
    };
    let required = [arn.partition, arn.service, arn.resource];
    required.iter().all(|part| !part.is_empty()).then_some(arn)
}
