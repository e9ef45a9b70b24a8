//! The layout of a piece with its names left out, and how layouts are found again.
//!
//! Where lines break depends on what the tokens of a piece are and how wide they are, never on how a name is spelled.
//! So a piece that differs from an earlier one in nothing but names of the same width needs no parser: its names are put
//! into the earlier layout. If nothing was broken there, the names may be narrower, too: what fits still fits.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::rc::Rc;

use super::context::MAX_WIDTH;
use super::text;

/// What a name in the source of a piece stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Itself.
    Fixed,
    /// Any one of the same width.
    Alike,
    /// The content of the hole of this number.
    Hole(usize),
}

/// A word, number or string in the source of a piece.
pub(super) struct Lexeme {
    pub(super) text: Range<usize>,
    pub(super) role: Role,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A range of the template's text.
    Text(Range<usize>),
    /// The next one of those tokens that may differ.
    Alike,
    /// The content of the hole of this number, with the columns it is indented by.
    Hole(usize, usize),
}

/// A layout with places for names.
pub(super) struct Template {
    pub(super) text: String,
    pub(super) parts: Vec<Part>,
    /// Whether nothing is broken that can be written on one line.
    pub(super) is_flat: bool,
}

impl Template {
    /// Finds the words of the source in what was printed. `None` if they are others, or not in the same order.
    pub(super) fn new(printed: String, source: &str, lexemes: &[Lexeme]) -> Option<Template> {
        let bytes = printed.as_bytes();
        let mut parts = Vec::new();
        let (mut start, mut at, mut forced) = (0, 0, 0);
        let mut lexemes = lexemes.iter();
        let mut next = lexemes.next();
        while at < bytes.len() {
            let expected = next.map_or("", |lexeme| &source[lexeme.text.clone()]);
            if !may_begin(bytes[at], expected) {
                at += 1;
                continue;
            }
            let lexeme = next?;
            let rest = printed.get(at..)?;
            let after = rest.strip_prefix(expected)?;
            if continues(expected) && after.bytes().next().is_some_and(is_word) {
                return None;
            }
            let end = at + expected.len();
            match lexeme.role {
                Role::Fixed => {}
                Role::Alike => {
                    parts.push(Part::Text(start..at));
                    parts.push(Part::Alike);
                    start = end;
                }
                Role::Hole(number) => {
                    let line = printed[..at].rfind('\n')? + 1;
                    let text = &printed[line..];
                    let indent = text.len() - text.trim_start().len();
                    parts.push(Part::Text(start..line + indent));
                    parts.push(Part::Hole(number, indent));
                    at = line + text.find('\n')?;
                    start = at;
                    forced += 2;
                    next = lexemes.next();
                    continue;
                }
            }
            at = end;
            next = lexemes.next();
        }
        parts.push(Part::Text(start..at));
        let fits = printed.lines().all(|line| text::width(line) <= MAX_WIDTH);
        let is_flat = fits && text::newlines(&printed) == forced;
        next.is_none().then_some(Template {
            text: printed,
            parts,
            is_flat,
        })
    }
}

impl Template {
    /// Whether this is the same layout for other names.
    fn is_like(&self, other: &Template) -> bool {
        let pieces = self.parts.iter().zip(&other.parts);
        self.parts.len() == other.parts.len()
            && pieces.into_iter().all(|pair| match pair {
                (Part::Text(one), Part::Text(two)) => {
                    self.text[one.clone()] == other.text[two.clone()]
                }
                (Part::Alike, Part::Alike) => true,
                (Part::Hole(one, here), Part::Hole(two, there)) => (one, here) == (two, there),
                _ => false,
            })
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

/// Whether a lexeme may begin with this byte, if that one is expected.
fn may_begin(byte: u8, expected: &str) -> bool {
    is_word(byte)
        || byte == b'"'
        || (matches!(byte, b'\'' | b'-') && expected.as_bytes().first() == Some(&byte))
}

/// Whether a word would go on if another one came after it.
fn continues(lexeme: &str) -> bool {
    lexeme.bytes().next_back().is_some_and(is_word)
}

/// A hasher for the keys of templates, which nobody chooses to collide.
#[derive(Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
        for byte in chunks.remainder() {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0.rotate_left(23) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 29);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type Map<K, V> = HashMap<K, V, BuildHasherDefault<KeyHasher>>;

/// Layouts by what they were made for.
#[derive(Default)]
pub(super) struct Memory {
    entries: Map<Box<[u8]>, Vec<Known>>,
}

/// The most layouts that are kept of pieces that differ in names only.
const MOST_KEPT: usize = 256;

/// A layout and the names it is right for: those of just these widths or, if nothing is broken, any that are no wider.
struct Known {
    narrowest: Vec<u16>,
    widest: Vec<u16>,
    template: Rc<Template>,
}

impl Memory {
    /// The layout for names of these widths.
    pub(super) fn find(&self, key: &[u8], widths: &[u16]) -> Option<Rc<Template>> {
        let mut known = self.entries.get(key)?.iter();
        let known = known.find(|known| {
            is_within(&known.narrowest, widths) && is_within(widths, &known.widest)
        })?;
        Some(Rc::clone(&known.template))
    }

    /// Keeps a layout for names of these widths, and for more if it is known for others already. `lay_out` gives the
    /// layout for other widths.
    pub(super) fn keep(
        &mut self,
        key: &[u8],
        widths: &[u16],
        template: Rc<Template>,
        lay_out: impl Fn(&[u16]) -> Option<Template>,
    ) {
        if !self.entries.contains_key(key) {
            self.entries.insert(key.into(), Vec::new());
        }
        let Some(entry) = self.entries.get_mut(key) else {
            return;
        };
        let like = entry.iter_mut().rev().find(|known| {
            template.is_flat && known.template.is_flat && known.template.is_like(&template)
        });
        if let Some(known) = like {
            let pairs = known.widest.iter().zip(widths);
            let widest: Vec<u16> = pairs.map(|(one, two)| *one.max(two)).collect();
            let is_same = |other: Template| other.is_flat && other.is_like(&template);
            if widest == widths || lay_out(&widest).is_some_and(is_same) {
                known.widest = widest;
                return;
            }
        }
        if entry.len() >= MOST_KEPT {
            entry.remove(0);
        }
        // What is not broken is not broken for narrower names either.
        let narrowest = if template.is_flat {
            vec![0; widths.len()]
        } else {
            widths.to_vec()
        };
        entry.push(Known {
            narrowest,
            widest: widths.to_vec(),
            template,
        });
    }
}

fn is_within(widths: &[u16], limits: &[u16]) -> bool {
    widths
        .iter()
        .zip(limits)
        .all(|(width, limit)| width <= limit)
}
