//! What a pattern expects, in words: `12 digits`, `an e-mail address`, `1 to 64 letters, digits and -`.
//!
//! A person whose request does not match reads the words instead of the pattern. They come from the meaning of the
//! pattern and not from its text, which differs between services:
//!
//! 1. `known` compares the automaton with well-known forms: every text that the pattern accepts must have the form,
//!    and the examples of the form must be accepted;
//! 2. `structure` describes sequences, repetitions and alternatives of characters and texts.
//!
//! A pattern has no words if they would be too long or not exact. The violation then shows the pattern itself.

mod characters;
mod inclusion;
mod known;
mod structure;

use super::{Automaton, ecmascript};

/// The longest words. Longer ones are harder to read than the pattern.
const LENGTH: usize = 140;

/// What a pattern expects, such as `12 digits`; `None` if there are no short words for it.
pub fn describe(pattern: &str, automaton: &Automaton) -> Option<String> {
    let words = match known::name(automaton) {
        Some(name) => name,
        None => structure::describe(&ecmascript::parse(pattern).ok()?)?,
    };
    (words.chars().count() <= LENGTH).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::describe;
    use crate::pattern::compile;

    fn words(pattern: &str) -> Option<String> {
        describe(pattern, &compile(pattern).expect(pattern))
    }

    #[test]
    fn spellings_of_one_form_have_the_same_words() {
        for (name, patterns) in [
            (
                "12 digits (an AWS account id)",
                [r"^\d{12}$", "^(?:^[0-9]{12}$)$", "^([0-9]{4}){3}$"],
            ),
            (
                "an e-mail address",
                [
                    r"^(?:[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,})$",
                    r"^[^\s@]+@[^\s@]+$",
                    r"^(?:.+@.+\..+)$",
                ],
            ),
            (
                "a UUID",
                [
                    "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
                    r"^[a-fA-F\d]{8}-[a-fA-F\d]{4}-[1-5][a-fA-F\d]{3}-[89ab][a-fA-F\d]{3}-[a-fA-F\d]{12}$",
                    "^[A-F0-9]{8}-[A-F0-9]{4}-[A-F0-9]{4}-[A-F0-9]{4}-[A-F0-9]{12}$",
                ],
            ),
            (
                "a text that is not blank",
                [r"^.*\S.*$", r"\S", r"^[\s\S]*[^\s]+[\s\S]*$"],
            ),
            (
                "an ARN of iam (arn:aws:iam:…)",
                [
                    "^arn:aws(-[^:]+)?:iam::[0-9]{12}:role/.+$",
                    r"^arn:(aws|aws-cn):iam::\d{12}:[\w/]+",
                    "^arn:[^:]*:iam:",
                ],
            ),
            (
                "1 to 64 letters, digits and -",
                [
                    "^[A-Za-z0-9-]{1,64}$",
                    r"^(?:[\da-zA-Z\-]{1,64})$",
                    r"^[-[:alnum:]]{1,64}$",
                ],
            ),
        ] {
            for pattern in patterns {
                assert_eq!(words(pattern).as_deref(), Some(name), "{pattern}");
            }
        }
    }

    #[test]
    fn what_has_no_name_is_described() {
        for (pattern, expected) in [
            (r"^\d{1,3}(\.\d{1,3}){3}$", "an IPv4 address"),
            (
                "^https?://.+$",
                "a URL that begins with http:// or https://",
            ),
            ("^[a-z]{2}(-[a-z]+)+-[0-9]$", "an AWS region (us-east-1)"),
            (
                "^-*[a-m]x{2}$",
                "any number of `-`, then one of a-m, then 2 `x`",
            ),
            ("^[a-z-]+$", "1 or more lowercase letters and -"),
            (
                "^vpc-[0-9a-f]{8,17}$",
                "`vpc-`, then 8 to 17 lowercase hexadecimal digits",
            ),
            (
                "^[a-z0-9](-*[a-z0-9])*$",
                "lowercase letters, digits and -, beginning and ending with a lowercase letter or a digit",
            ),
            (
                r"^[a-z]+(\.[a-z]+)*$",
                "parts separated by `.`, each of 1 or more lowercase letters",
            ),
            ("^(asc|desc|none)$", "`asc`, `desc` or `none`"),
            (
                "^(default|vpc-[0-9a-f]{8})$",
                "`default` or (`vpc-`, then 8 lowercase hexadecimal digits)",
            ),
            ("^$|^[0-9]{4}$", "an empty text or 4 digits"),
            ("^([A-Z]{2})?$", "an empty text or 2 uppercase letters"),
            ("^[^<>]*$", "only characters other than < >"),
            (
                r"^[^\x00-\x1f\x7f]*$",
                "only characters other than control characters",
            ),
            (
                r"^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF]+$",
                "1 or more characters other than control characters",
            ),
            (
                r"^[\p{L}\p{Z}]+$",
                "1 or more letters of any script and spaces",
            ),
            ("[a-z]", "a text that contains a lowercase letter"),
            ("^/", "a text that begins with `/`"),
        ] {
            assert_eq!(words(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    #[test]
    fn any_text_at_an_end_is_not_spelled_out() {
        for (pattern, expected) in [
            (
                r"^(?:\d{10,32}.*)$",
                "a text in one line that begins with 10 to 32 digits",
            ),
            (r"^x[\s\S]*$", "a text that begins with `x`"),
            ("^x.*", "a text that begins with `x`"),
            ("^.*x$", "a text in one line that ends in `x`"),
            ("^.*x.*$", "a text in one line that contains `x`"),
            ("^.*$", "a text in one line"),
            (
                r"^[^a]\s.*$",
                "a character other than a, then white space, then any number of characters in one line",
            ),
            (
                "^(x.*|y)$",
                "(a text in one line that begins with `x`) or `y`",
            ),
        ] {
            assert_eq!(words(pattern).as_deref(), Some(expected), "{pattern}");
        }
    }

    /// Words that are nearly right would mislead, so other patterns have none.
    #[test]
    fn what_only_resembles_a_form_has_other_words_or_none() {
        for (pattern, form) in [
            ("^[0-9]{11,12}$", "account"),
            ("^.*@.*$", "e-mail"),
            ("^[0-9a-f-]{36}$", "UUID"),
            ("^[0-9.]+$", "IPv4"),
            ("^[0-9a-f:]+$", "IPv6"),
            ("^[a-z0-9-]+$", "region"),
            ("arn:aws:iam", "an ARN"),
            (r"^.*\S$", "not blank"),
            ("^[a-z0-9_]+([._-][a-z0-9]+)*$", "host"),
        ] {
            let words = words(pattern).unwrap_or_default();
            assert!(!words.contains(form), "{pattern}: {words}");
        }
        for pattern in [
            r"\ba",
            "^[a-z]*",
            "^(aa|bb|cc|dd|ee|ff|gg|hh|ii|jj|kk|ll|mm)$",
        ] {
            assert_eq!(words(pattern), None, "{pattern}");
        }
    }
}
