//! What an error of a service means to a program, whichever service it is.
//!
//! Services have more than a thousand names of errors, and many share a meaning: `NoSuchBucket`, `CaseIdNotFound` and
//! `ResourceNotFoundException` say that something does not exist. The names follow conventions, so a table of words
//! finds the meaning, also for services and errors that are newer than the table. The table was made from the 402, 403,
//! 404 and 409 that the models of botocore 1.43.11 state for their errors.
//!
//! The name decides. The status decides only if the name has no meaning, because services of older protocols answer with
//! status 400 to nearly everything, and some with a misleading one, such as 403 for a quota.

use self::Class::{AccessDenied, Conflict, NotFound, Other, QuotaExceeded};
use self::Words::{Begin, End, Whole};

/// What an error means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    AccessDenied,
    NotFound,
    Conflict,
    QuotaExceeded,
    /// Something else, whatever the status is.
    Other,
}

/// Where the words of a rule are in a name.
enum Words {
    Whole(&'static [&'static str]),
    Begin(&'static [&'static str]),
    End(&'static [&'static str]),
    /// One of the first at the beginning, and the second at the end.
    Around(&'static [&'static str], &'static str),
    Within(&'static [&'static str]),
}

/// What names mean, without `Exception`, `Fault` and `Error` at their ends. The first rule that fits decides.
const RULES: [(Words, Class); 14] = [
    // The caller is not known at all (the errors that all services have in common).
    (
        Whole(&[
            "AuthFailure",
            "ExpiredToken",
            "IncompleteSignature",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidSignature",
            "MissingAuthenticationToken",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "UnrecognizedClient",
        ]),
        Other,
    ),
    // Too fast, too long or too large, which no quota of resources limits. `NotInUse` is a state.
    (
        End(&[
            "BandwidthLimitExceeded",
            "LengthExceeded",
            "LengthLimitExceeded",
            "MemoryLimitExceeded",
            "RateLimitExceeded",
            "RequestLimitExceeded",
            "SizeExceeded",
            "SizeLimitExceeded",
            "ThroughputExceeded",
            "ThroughputLimitExceeded",
            "TimeLimitExceeded",
            "TooManyRequest",
            "TooManyRequests",
            "Capacity",
            "NotInUse",
            "DuplicateTagKeys",
        ]),
        Other,
    ),
    (
        End(&[
            "ExceedsLimit",
            "LimitExceeded",
            "LimitReached",
            "LimitsExceeded",
            "OverLimit",
            "QuotaExceeded",
        ]),
        QuotaExceeded,
    ),
    (Begin(&["TooMany", "QuotaExceeded."]), QuotaExceeded),
    (Words::Around(&["Max", "Number"], "Exceeded"), QuotaExceeded),
    (Words::Within(&["QuotaFor"]), QuotaExceeded),
    (
        End(&[
            "DoesNotExist",
            "DoNotExist",
            "NotExist",
            "NotExists",
            "NotFound",
            "UnknownResource",
        ]),
        NotFound,
    ),
    (Begin(&["NoSuch"]), NotFound),
    (Words::Within(&["NonExistent", "Nonexistent"]), NotFound),
    (
        End(&[
            "AlreadyExist",
            "AlreadyOwnedByYou",
            "ConcurrentAccess",
            "ConcurrentModification",
            "ConcurrentOperation",
            "ConcurrentUpdate",
            "ConcurrentUpdating",
            "Conflict",
            "Duplicate",
            "DuplicateItem",
            "Exists",
            "InUse",
            "OptimisticLock",
        ]),
        Conflict,
    ),
    (Begin(&["Conflicting", "Duplicate"]), Conflict),
    (
        Words::Within(&["AccessDenied", "InsufficientPermission"]),
        AccessDenied,
    ),
    (
        End(&[
            "Denied",
            "Forbidden",
            "InsufficientPrivileges",
            "NoAuthorization",
            "NotAuthorized",
            "Unauthorized",
            "UnauthorizedAccess",
            "UnauthorizedOperation",
        ]),
        AccessDenied,
    ),
    (Whole(&["Authorization"]), AccessDenied),
];

impl Words {
    #[inline]
    fn fit(&self, name: &str) -> bool {
        match self {
            Whole(words) => words.contains(&name),
            Begin(words) => words.iter().any(|word| name.starts_with(word)),
            End(words) => words.iter().any(|word| name.ends_with(word)),
            Self::Around(words, end) => {
                name.ends_with(end) && words.iter().any(|word| name.starts_with(word))
            }
            Self::Within(words) => words.iter().any(|word| name.contains(word)),
        }
    }
}

impl Class {
    /// The class of an error with these names, the shape before the code, and with these statuses, that of the model
    /// before that of the response.
    pub(super) fn of<'a>(
        names: impl IntoIterator<Item = &'a str>,
        statuses: impl IntoIterator<Item = u16>,
    ) -> Option<Self> {
        let mut statuses = statuses.into_iter();
        let by_name = names.into_iter().find_map(Self::of_name);
        by_name.or_else(|| statuses.find_map(Self::of_status))
    }

    #[inline]
    fn of_name(name: &str) -> Option<Self> {
        let name = without_suffixes(name);
        let rule = RULES.iter().find(|(words, _)| words.fit(name));
        rule.map(|(_, class)| *class)
    }

    fn of_status(status: u16) -> Option<Self> {
        match status {
            402 => Some(QuotaExceeded),
            403 => Some(AccessDenied),
            404 => Some(NotFound),
            409 => Some(Conflict),
            _ => None,
        }
    }
}

/// The name without the words that only say that it is an error.
#[inline]
fn without_suffixes(mut name: &str) -> &str {
    let suffixes = ["Exception", "Fault", "Error"];
    while let Some(rest) = suffixes.iter().find_map(|suffix| name.strip_suffix(suffix)) {
        name = rest;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::Class;

    #[test]
    fn the_name_decides_then_the_status_of_the_model_then_that_of_the_response() {
        assert_eq!(
            Class::of(["A", "NoSuchKey"], [409, 402]),
            Some(Class::NotFound)
        );
        assert_eq!(
            Class::of(["A", "B"], [400, 402]),
            Some(Class::QuotaExceeded)
        );
        assert_eq!(Class::of(["A"], [404, 409]), Some(Class::NotFound));
        assert_eq!(Class::of(["ExpiredToken"], [403]), Some(Class::Other));
        assert_eq!(Class::of([], [400, 500]), None);
    }

    #[test]
    fn suffixes_of_errors_are_no_part_of_the_meaning() {
        for name in [
            "Conflict",
            "ConflictException",
            "ConflictErrorException",
            "ConflictFault",
        ] {
            assert_eq!(Class::of([name], []), Some(Class::Conflict), "{name}");
        }
        for name in ["", "Exception", "Error", "ErrorFaultException"] {
            assert_eq!(Class::of([name], []), None, "{name}");
        }
    }
}
