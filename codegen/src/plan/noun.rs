//! What a member counts, in words: a limit says "1 to 3 attachments" instead of "1 to 3 elements".
//!
//! The name of the member has the noun. A name that is not a plural gives none, and the caller falls back to a general
//! one.

use super::case::name_words;

/// A noun in both numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noun {
    /// One of them.
    pub singular: String,
    /// Several of them.
    pub plural: String,
}

/// Names that end with `s` in the singular, or name nothing that is counted.
const NO_PLURALS: [&str; 14] = [
    "alias", "always", "aws", "details", "dns", "has", "https", "kms", "news", "series", "sms",
    "sns", "sqs", "tls",
];

/// Plurals that do not say what is counted without the word before them.
const WITH_THE_WORD_BEFORE: [&str; 8] = [
    "addresses",
    "arns",
    "codes",
    "ids",
    "keys",
    "names",
    "types",
    "values",
];

/// Units that end a name such as `fileSizeBytes`.
const UNITS: [&str; 10] = [
    "bytes",
    "days",
    "hours",
    "kilobytes",
    "megabytes",
    "milliseconds",
    "minutes",
    "months",
    "seconds",
    "years",
];

impl Noun {
    /// A noun that adds an `s`, or `es` where it must.
    pub fn of(singular: &str) -> Self {
        let plural = match singular.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
            _ if singular.ends_with(['s', 'x']) => format!("{singular}es"),
            _ => format!("{singular}s"),
        };
        Self {
            singular: singular.to_owned(),
            plural,
        }
    }

    /// What a list or a map of this name holds: `ccEmailAddresses` has e-mail addresses, `checkIdList` has check ids.
    pub fn of_collection(name: &str) -> Option<Self> {
        let mut words = name_words(name);
        let mut last = words.pop()?;
        let is_named_so = matches!(&*last, "list" | "map" | "set");
        if is_named_so {
            last = words.pop()?;
            if singular(&last).is_none() {
                last = Self::of(&last).plural;
            }
        }
        let before = match WITH_THE_WORD_BEFORE.contains(&&*last) {
            true => words
                .pop()
                .map_or_else(String::new, |word| spelled(&word) + " "),
            false => String::new(),
        };
        Some(Self {
            singular: format!("{before}{}", spelled(&singular(&last)?)),
            plural: format!("{before}{}", spelled(&last)),
        })
    }

    /// The unit of a number of this name: `fileSizeBytes` is a number of bytes, `maxResults` one of results.
    pub fn of_number(name: &str) -> Option<Self> {
        let mut words = name_words(name);
        let last = words.pop()?;
        let is_number =
            UNITS.contains(&&*last) || words.first().is_some_and(|first| first == "max");
        let singular = singular(&last).filter(|_| is_number)?;
        Some(Self {
            singular,
            plural: last,
        })
    }

    /// The noun in the number that fits.
    pub fn counted(&self, number: u64) -> &str {
        match number {
            1 => &self.singular,
            _ => &self.plural,
        }
    }
}

/// One of what a word names in the plural.
pub(super) fn singular(plural: &str) -> Option<String> {
    let stem = plural.strip_suffix('s').filter(|stem| stem.len() > 1)?;
    if NO_PLURALS.contains(&plural) || stem.ends_with(['s', 'i']) || plural.ends_with("us") {
        return None;
    }
    if let Some(stem) = plural.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return Some(format!("{stem}y"));
    }
    let with_e = ["sses", "xes", "ches", "shes", "tuses"];
    match with_e.iter().any(|ending| plural.ends_with(ending)) {
        true => Some(plural[..plural.len() - 2].to_owned()),
        false => Some(stem.to_owned()),
    }
}

/// A word as people write it.
fn spelled(word: &str) -> String {
    match word {
        "arn" => "ARN".to_owned(),
        "arns" => "ARNs".to_owned(),
        "aws" => "AWS".to_owned(),
        "email" => "e-mail".to_owned(),
        "ip" => "IP".to_owned(),
        "url" => "URL".to_owned(),
        "urls" => "URLs".to_owned(),
        "vpc" => "VPC".to_owned(),
        word => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Noun;

    #[test]
    fn the_name_of_a_member_says_what_it_counts() {
        for (name, expected) in [
            ("attachments", Some(("attachment", "attachments"))),
            (
                "ccEmailAddresses",
                Some(("e-mail address", "e-mail addresses")),
            ),
            ("serviceCodeList", Some(("service code", "service codes"))),
            ("checkIds", Some(("check id", "check ids"))),
            ("resourceARNs", Some(("resource ARN", "resource ARNs"))),
            ("impactedAwsRegions", Some(("region", "regions"))),
            ("categories", Some(("category", "categories"))),
            ("statuses", Some(("status", "statuses"))),
            ("tags", Some(("tag", "tags"))),
            ("status", None),
            ("access", None),
            ("dns", None),
            ("attachment", None),
            ("s", None),
            ("", None),
        ] {
            let noun = Noun::of_collection(name);
            let found = noun.as_ref().map(|noun| (&*noun.singular, &*noun.plural));
            assert_eq!(found, expected, "{name}");
        }
        for (name, expected) in [
            ("fileSizeBytes", Some("bytes")),
            ("maxResults", Some("results")),
            ("MaxItems", Some("items")),
            ("contentLength", None),
            ("address", None),
        ] {
            let noun = Noun::of_number(name);
            assert_eq!(noun.as_ref().map(|noun| &*noun.plural), expected, "{name}");
        }
    }

    #[test]
    fn a_noun_has_a_plural() {
        for (one, many) in [
            ("byte", "bytes"),
            ("entry", "entries"),
            ("key", "keys"),
            ("address", "addresses"),
        ] {
            assert_eq!(Noun::of(one).plural, many);
        }
    }
}
