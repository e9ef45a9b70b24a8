//! Finds texts that only repeat a name: they hold only the words of the name, articles and prepositions.

use std::collections::BTreeSet;

use super::text::{Paragraph, Piece, Text};

/// Words that add nothing to a name.
const HOLLOW: &[&str] = &[
    "a",
    "all",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "been",
    "being",
    "belong",
    "by",
    "can",
    "contain",
    "describe",
    "field",
    "for",
    "from",
    "get",
    "give",
    "given",
    "has",
    "have",
    "hold",
    "identify",
    "in",
    "is",
    "it",
    "its",
    "list",
    "may",
    "member",
    "object",
    "of",
    "on",
    "one",
    "operation",
    "or",
    "parameter",
    "provide",
    "represent",
    "request",
    "require",
    "response",
    "return",
    "s",
    "set",
    "shape",
    "some",
    "specify",
    "structure",
    "that",
    "the",
    "their",
    "them",
    "there",
    "these",
    "this",
    "those",
    "to",
    "type",
    "use",
    "value",
    "was",
    "were",
    "which",
    "whose",
    "will",
    "with",
    "you",
    "your",
];

/// Whether a text holds no word besides those of the name and those that add nothing to it.
pub fn is_filler(text: &Text, shape: &str, member: Option<&str>) -> bool {
    let names = [Some(shape), member].into_iter().flatten();
    let known = names.flat_map(words_of_name);
    let known: BTreeSet<String> = known.map(|word| stem(&word).to_owned()).collect();
    let pieces = text.0.iter().flat_map(Paragraph::pieces);
    let says = |words: &str| {
        let mut words = words
            .split(|letter: char| !letter.is_alphanumeric())
            .filter(|word| !word.is_empty());
        words.any(|word| {
            let word = word.to_lowercase();
            !HOLLOW.contains(&word.as_str())
                && !HOLLOW.iter().any(|hollow| stem(hollow) == stem(&word))
                && !known.contains(stem(&word))
        })
    };
    !pieces.into_iter().any(|piece| match piece {
        Piece::Plain(text) | Piece::Strong(text) | Piece::Emphasis(text) => says(text),
        Piece::Code(text) => says(&words_of_name(text).join(" ")),
        // A page or another part of the API says more than the name.
        Piece::Link { .. } => true,
        Piece::Name(name) => {
            let own =
                name.shape == shape && name.member.as_deref().is_none_or(|one| Some(one) == member);
            !own
        }
    })
}

/// The words of `attachmentSetId`, `ATTACHMENT_READY` or `AWSAccountIds`.
fn words_of_name(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = vec![String::new()];
    for (index, letter) in letters.iter().enumerate() {
        let is_upper = |at: usize| letters.get(at).is_some_and(|letter| letter.is_uppercase());
        let is_lower = |at: usize| letters.get(at).is_some_and(|letter| letter.is_lowercase());
        let begins = letter.is_uppercase()
            && index > 0
            && (!is_upper(index - 1) || is_lower(index + 1) && !is_plural(&letters, index + 1));
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a small `s` ends an abbreviation, as in `ARNs`.
fn is_plural(letters: &[char], at: usize) -> bool {
    letters.get(at) == Some(&'s') && letters.get(at + 1).is_none_or(|next| !next.is_lowercase())
}

/// A word without the endings of English that do not change its meaning.
fn stem(word: &str) -> &str {
    let endings = ["ing", "es", "ed", "s", "d", "e"];
    let ending = endings.iter().find_map(|ending| word.strip_suffix(ending));
    ending.filter(|stem| stem.len() > 1).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::super::text::Text;
    use super::is_filler;

    #[test]
    fn a_text_of_the_words_of_its_name_is_filler() {
        for (text, shape, member, expected) in [
            ("The ID of the case.", "CaseDetails", Some("caseId"), true),
            ("The case's status.", "CaseDetails", Some("status"), true),
            ("Creates a case.", "CreateCase", None, true),
            (
                "Returns the list of services.",
                "DescribeServices",
                None,
                true,
            ),
            ("Describes the `caseId`.", "X", Some("caseId"), true),
            ("The AWS account IDs.", "X", Some("AWSAccountIds"), true),
            (
                "Attachment is ready.",
                "UploadStatus",
                Some("ATTACHMENT_READY"),
                true,
            ),
            (
                "The case that {$caseId} names.",
                "CaseDetails",
                Some("status"),
                false,
            ),
            (
                "The number that the console shows.",
                "CaseDetails",
                Some("displayId"),
                false,
            ),
            ("Opens a case.", "CreateCase", None, false),
            (
                "The file can be attached to a case.",
                "UploadStatus",
                Some("ATTACHMENT_READY"),
                false,
            ),
        ] {
            let parsed = Text::parse(&[text], Some(shape)).expect(text);
            assert_eq!(is_filler(&parsed, shape, member), expected, "{text}");
        }
    }
}
