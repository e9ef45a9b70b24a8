//! Lays out a piece that is not known yet, and keeps how.

use std::rc::Rc;

use super::{Base, Place, Printer};
use crate::format::flat::{Flat, Kind};
use crate::format::hole::Content;
use crate::format::piece::{self, Stop};
use crate::format::scan::Span;
use crate::format::template::{Lexeme, Role, Template};

impl Printer {
    /// Notes what the layout of a piece depends on.
    pub(super) fn describe(&mut self, flat: &Flat, place: Place, base: Base) {
        self.key.clear();
        self.widths.clear();
        self.key.push(place.piece.code());
        self.key
            .push(u8::try_from(place.indent.block).unwrap_or(u8::MAX));
        let mut hole = base.holes;
        let mut index = place.span.start;
        while index < place.span.end {
            let token = flat.tokens[index];
            match token.kind {
                Kind::Name if flat.mark(index + 1) == b'!' => self.fixed(flat, index),
                Kind::Name | Kind::Text | Kind::Number => {
                    self.key.push(0x80 | token.kind as u8);
                    self.widths
                        .push(u16::try_from(token.width()).unwrap_or(u16::MAX));
                    self.alike.push(index);
                }
                Kind::Keyword | Kind::Literal => self.fixed(flat, index),
                Kind::Joint => self.key.extend([0x90, flat.mark(index)]),
                Kind::Punct | Kind::Open | Kind::Close => self.key.push(flat.mark(index)),
            }
            if let Some(next) = self.holes.get(hole)
                && next.open == index
            {
                self.key.push(0xa0 | next.content.code());
                hole += 1;
                index = token.partner;
            } else {
                index += 1;
            }
        }
    }

    fn fixed(&mut self, flat: &Flat, index: usize) {
        let text = flat.text(index);
        self.key.push(0xb0);
        self.key
            .extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
        self.key.extend(text.as_bytes());
    }

    /// Source text that reads as the tokens of a piece, with stand-ins in its holes. The tokens that may differ are as
    /// wide as is said.
    pub(super) fn source(
        &self,
        flat: &Flat,
        span: Span,
        base: Base,
        widths: Option<&[u16]>,
    ) -> (String, Vec<Lexeme>) {
        let mut source = String::new();
        let mut lexemes = Vec::new();
        let mut alike = self
            .alike
            .get(base.alike..)
            .unwrap_or(&[])
            .iter()
            .zip(0..)
            .peekable();
        let mut holes = self.holes[base.holes..].iter().zip(0..).peekable();
        let mut index = span.start;
        while index < span.end {
            let token = flat.tokens[index];
            let start = source.len();
            let known = alike.next_if(|(next, _)| **next == index);
            let width = known
                .zip(widths)
                .map(|((_, number), widths)| usize::from(widths[number]));
            match width {
                Some(width) => push_stretched(&mut source, flat.text(index), token.kind, width),
                None => flat.write(&mut source, index),
            }
            if !token.kind.is_mark() {
                lexemes.push(Lexeme {
                    text: start..source.len() - 1,
                    role: if known.is_some() {
                        Role::Alike
                    } else {
                        Role::Fixed
                    },
                });
            }
            index += 1;
            if let Some((hole, number)) = holes.next_if(|(hole, _)| hole.open + 1 == index) {
                push_stand_in(&mut source, &mut lexemes, hole.content, number);
                index = token.partner;
            }
        }
        (source, lexemes)
    }

    /// Lays a piece out and keeps how. The text alone, if its words cannot be found in it.
    pub(super) fn learn(
        &mut self,
        flat: &Flat,
        place: Place,
        base: Base,
    ) -> Result<Result<Rc<Template>, String>, Stop> {
        let (source, lexemes) = self.source(flat, place.span, base, None);
        let printed = piece::print(place.piece, &source, place.indent)?;
        let Some(template) = template_of(&printed, &source, &lexemes) else {
            return if self.holes.len() > base.holes {
                Err(Stop::Whole)
            } else {
                Ok(Err(printed.text))
            };
        };
        let template = Rc::new(template);
        let mut memory = std::mem::take(&mut self.memory);
        memory.keep(&self.key, &self.widths, Rc::clone(&template), |widths| {
            let (source, lexemes) = self.source(flat, place.span, base, Some(widths));
            let printed = piece::print(place.piece, &source, place.indent).ok()?;
            template_of(&printed, &source, &lexemes)
        });
        self.memory = memory;
        Ok(Ok(template))
    }
}

fn template_of(printed: &piece::Printed, source: &str, lexemes: &[Lexeme]) -> Option<Template> {
    let mut template = Template::new(printed.text.clone(), source, lexemes)?;
    template.is_flat &= !printed.overflows;
    Some(template)
}

fn push_stand_in(source: &mut String, lexemes: &mut Vec<Lexeme>, content: Content, number: usize) {
    let stand_in = content.stand_in(number);
    let mut push = |text: &str, role: Option<Role>| {
        let start = source.len();
        source.push_str(text);
        lexemes.extend(role.map(|role| Lexeme {
            text: start..source.len(),
            role,
        }));
        source.push(' ');
    };
    if !stand_in.keyword.is_empty() {
        push(stand_in.keyword, Some(Role::Fixed));
    }
    push(&stand_in.name, Some(Role::Hole(number)));
    push(stand_in.after, None);
}

/// A token made as wide as is said, followed by a space.
fn push_stretched(source: &mut String, text: &str, kind: Kind, width: usize) {
    match kind {
        _ if text.len() == width => source.push_str(text),
        Kind::Text => {
            source.push('"');
            source.extend(std::iter::repeat_n('x', width.saturating_sub(2)));
            source.push('"');
        }
        Kind::Number => {
            source.push_str(&text[..text.len().min(width)]);
            source.extend(std::iter::repeat_n('0', width.saturating_sub(text.len())));
        }
        _ => source.extend(std::iter::repeat_n('x', width)),
    }
    source.push(' ');
}
