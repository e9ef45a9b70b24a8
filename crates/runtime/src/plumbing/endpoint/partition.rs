//! Partitions: the separate clouds of AWS, each with its own DNS suffixes.
//!
//! The table is generated from `models/partitions.json`. Its regular expressions all have the same form, "one of these
//! prefixes, a word, a number". The table therefore contains only the prefixes, and the rest is code here, so the
//! client needs no regular expression engine.

use super::partitions::PARTITIONS;

/// A partition, as the function `aws.partition` returns it to rules.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its name, as `aws-us-gov`.
    pub name: &'static str,
    /// The DNS suffix of its endpoints (`dnsSuffix`).
    pub dns_suffix: &'static str,
    /// The DNS suffix of its dual-stack endpoints (`dualStackDnsSuffix`).
    pub dual_stack_dns_suffix: &'static str,
    /// The region that requests to services without regions are signed for (`implicitGlobalRegion`).
    pub implicit_global_region: &'static str,
    /// Whether it has FIPS endpoints (`supportsFIPS`).
    pub supports_fips: bool,
    /// Whether it has dual-stack endpoints (`supportsDualStack`).
    pub supports_dual_stack: bool,
    /// Its known regions and pseudo regions, sorted.
    pub(super) regions: &'static [&'static str],
    /// The prefixes of its region names (from `regionRegex`); a word and a number follow.
    pub(super) region_prefixes: &'static [&'static str],
}

impl Partition {
    fn knows(&self, region: &str) -> bool {
        self.regions.binary_search(&region).is_ok()
    }

    fn matches(&self, region: &str) -> bool {
        for prefix in self.region_prefixes {
            if let Some(rest) = region.strip_prefix(prefix)
                && let Some((word, number)) = rest.strip_prefix('-').unwrap_or("").split_once('-')
                && is_word(word)
                && is_number(number)
            {
                return true;
            }
        }
        false
    }
}

/// The `\w+` of a `regionRegex`.
fn is_word(text: &str) -> bool {
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.bytes().all(in_word)
}

/// The `\d+` of a `regionRegex`.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a partition lists a region. A region can be newer than the table.
pub(crate) fn is_known_region(region: &str) -> bool {
    PARTITIONS.iter().any(|partition| partition.knows(region))
}

/// The region in a host name of AWS, if it is another one of the same partition; `None` for hosts that are not AWS's.
pub(crate) fn other_region<'a>(host: &'a str, region: &str) -> Option<&'a str> {
    let home = partition(region);
    let before = |suffix: &str| host.strip_suffix(suffix)?.strip_suffix('.');
    let labels = before(home.dns_suffix).or_else(|| before(home.dual_stack_dns_suffix))?;
    for label in labels.split('.') {
        if label == region {
            continue;
        }
        for partition in &PARTITIONS {
            if partition.knows(label) || partition.matches(label) {
                if partition.name == home.name {
                    return Some(label);
                }
                break;
            }
        }
    }
    None
}

/// The partition of a region: the one that lists it, else the one whose pattern it matches, else `aws`.
///
/// This is `aws.partition`. The specification makes the result optional, but with the last step there always is one.
#[must_use]
pub fn partition(region: &str) -> &'static Partition {
    for partition in &PARTITIONS {
        if partition.knows(region) {
            return partition;
        }
    }
    for partition in &PARTITIONS {
        if partition.matches(region) {
            return partition;
        }
    }
    &PARTITIONS[0]
}
