//! The words of a text, as a POSIX shell splits them.
//!
//! Names of profiles and the commands of `credential_process` are such texts, because botocore reads them with Python's
//! `shlex.split`, and the AWS CLI writes names with `shlex.quote`.

use crate::texts::{ToText as _, prefix};

/// The words of a text: quotes and backslashes, and nothing else of a shell. `None` where a quote does not end, or where
/// nothing follows a backslash.
pub(crate) fn split(text: &str) -> Option<Vec<String>> {
    words(text, true)
}

/// The words of a command. On Windows a backslash is a part of the word, because paths have them.
#[cfg(feature = "credential-chain")]
pub(crate) fn split_command(command: &str) -> Option<Vec<String>> {
    words(command, !cfg!(windows))
}

fn words(text: &str, backslash_escapes: bool) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        end if end == character => break,
                        '\\' if character == '"' && backslash_escapes => match characters.next()? {
                            escaped @ ('"' | '\\') => word.push(escaped),
                            other => {
                                word.push('\\');
                                word.push(other);
                            }
                        },
                        other => word.push(other),
                    }
                }
            }
            '\\' if backslash_escapes => word.get_or_insert_default().push(characters.next()?),
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

/// A text as one word, in quotes where it needs them.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"@%+=:,./-_".contains(&byte);
    if !text.is_empty() && prefix(text.as_bytes(), plain) == text.len() {
        return text.to_text();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for character in text.chars() {
        match character {
            '\'' => quoted.push_str(r#"'"'"'"#),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{quoted, split, words};

    proptest::proptest! {
        #[test]
        fn what_was_quoted_is_one_word(text in r#"([a-z]|[ \t'"\\#$é]){0,12}"#) {
            assert_eq!(split(&quoted(&text)), Some(vec![text]));
        }
    }

    /// The right sides are what `shlex.split` of Python 3.11 answers.
    #[test]
    fn texts_are_split_as_by_shlex() {
        for (text, wanted) in [
            (" a  b\tc\r\n", Some("a|b|c")),
            ("'a b' \"c d\"e ''", Some("a b|c de|")),
            (r#"profile "a"'b'"#, Some("profile|ab")),
            (r#"'Someone'"'"'s Laptop'"#, Some("Someone's Laptop")),
            (r"My\ Laptop", Some("My Laptop")),
            (r#"a\ b "c\"\d""#, Some(r#"a b|c"\d"#)),
            (r"'a\b'", Some(r"a\b")),
            ("a#b # c", Some("a#b|#|c")),
            ("a\u{a0}b", Some("a\u{a0}b")),
            ("a 'b", None),
            ("a \"b\\\"", None),
            (r"a\", None),
        ] {
            let found = split(text).map(|words| words.join("|"));
            assert_eq!(found.as_deref(), wanted, "{text}");
        }
        assert_eq!(
            words(r"C:\x\y.exe", false),
            Some(vec![r"C:\x\y.exe".to_owned()])
        );
    }

    #[test]
    fn words_are_quoted_as_by_shlex() {
        for (text, wanted) in [
            ("dev", "dev"),
            ("Foo Bar", "'Foo Bar'"),
            ("Someone's Laptop", r#"'Someone'"'"'s Laptop'"#),
            ("", "''"),
        ] {
            assert_eq!(quoted(text), wanted);
        }
    }
}
