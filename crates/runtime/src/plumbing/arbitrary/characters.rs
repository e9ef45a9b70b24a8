//! Which characters texts are made of.

use super::random::Random;

/// The characters that a place in a message can hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Alphabet {
    /// All characters: bodies, paths and queries have an escape for each.
    #[default]
    Any,
    /// Those of header values that need no escape: visible ASCII.
    Header,
    /// Those of header names and of labels of hosts: lower-case letters and digits.
    Name,
}

/// Characters of two to four bytes, and those that parsers often handle wrongly: quotes, escapes, separators of lines,
/// marks that combine or join, the first and the last scalar values of their length.
const AWKWARD: [char; 24] = [
    '\0',
    '\n',
    '\t',
    '\r',
    '"',
    '\\',
    '/',
    '~',
    '\u{7f}',
    '\u{80}',
    'é',
    'ß',
    '\u{301}',
    'я',
    '٣',
    '…',
    '中',
    '\u{200d}',
    '\u{2028}',
    '\u{feff}',
    '\u{ffff}',
    '👍',
    '𝒳',
    '\u{10ffff}',
];

impl Alphabet {
    /// Whether the place can hold a character.
    pub(super) fn contains(self, character: char) -> bool {
        match self {
            Self::Any => true,
            Self::Header => character.is_ascii_graphic(),
            Self::Name => character.is_ascii_lowercase() || character.is_ascii_digit(),
        }
    }

    /// The characters that walks try at each step.
    pub(super) fn samples(self) -> Vec<char> {
        ('\0'..='\u{7f}')
            .chain(
                AWKWARD
                    .into_iter()
                    .filter(|character| !character.is_ascii()),
            )
            .filter(|character| self.contains(*character))
            .collect()
    }

    /// A character, letters more often than others.
    pub(super) fn pick(self, random: &mut Random) -> char {
        let picked = match (self, random.below(8)) {
            (Self::Any, 0) => AWKWARD[random.index(AWKWARD.len())],
            // Any scalar value; a surrogate is replaced by a letter.
            (Self::Any, 1) => char::from_u32(random.below(0x11_0000) as u32).unwrap_or('a'),
            (_, 2..=4) => char::from(b'!' + random.below(94) as u8),
            _ => char::from(b'a' + random.below(26) as u8),
        };
        match self.contains(picked) {
            true => picked,
            false => char::from(b'a' + random.below(26) as u8),
        }
    }
}
