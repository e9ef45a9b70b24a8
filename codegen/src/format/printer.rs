//! Prints a file piece by piece, each by a known layout if there is one.

use std::borrow::Cow;
use std::rc::Rc;

use super::doc_comment;
use super::flat::{Flat, Kind};
use super::hole::{self, Content, Hole};
use super::piece::{self, Piece, Stop};
use super::scan::Span;
use super::shape::Indent;
use super::template::{Lexeme, Memory, Part, Role, Template};

/// The longest piece, in tokens, whose layout is kept.
const LONGEST_KEPT: usize = 4_000;

/// Beyond this indentation, pieces are printed whole: a stand-in has to fit on its line.
const DEEPEST_HOLE: usize = 60;

/// What is known from files printed before.
#[derive(Default)]
pub(super) struct Printer {
    memory: Memory,
    key: Vec<u8>,
    widths: Vec<u16>,
    /// The tokens of the pieces being printed that may differ.
    alike: Vec<usize>,
    /// The holes of the pieces being printed.
    holes: Vec<Hole>,
}

/// A file and what was printed of it.
struct Job<'a> {
    flat: &'a Flat,
    out: String,
}

/// A piece with its place.
#[derive(Clone, Copy)]
struct Place {
    piece: Piece,
    span: Span,
    indent: Indent,
}

/// Where the tokens and holes of a piece begin among those of the pieces around it.
#[derive(Clone, Copy)]
struct Base {
    alike: usize,
    holes: usize,
}

type Done = Result<(), Stop>;

impl Printer {
    /// Prints a file, or nothing if it has to be printed at once.
    pub(super) fn print(&mut self, flat: &Flat) -> Option<String> {
        self.alike.clear();
        self.holes.clear();
        let mut job = Job {
            flat,
            out: String::with_capacity(flat.tokens.len() * 6),
        };
        self.file(&mut job).ok()?;
        Some(job.out)
    }

    fn file(&mut self, job: &mut Job<'_>) -> Done {
        let mut span = Span {
            start: 0,
            end: job.flat.tokens.len(),
        };
        let indent = Indent::default();
        while job.flat.mark(span.start) == b'#' && job.flat.mark(span.start + 1) == b'!' {
            let end = job.flat.after(span.start + 2);
            if span.start > 0 {
                job.out.push('\n');
            }
            match documentation(job.flat, span.start + 2) {
                Some(text) => doc_comment::push(&mut job.out, &text, "//!", indent),
                None => {
                    let span = Span { end, ..span };
                    self.leaf(job, Piece::InnerAttributes, span, indent)?;
                }
            }
            span = span.from(end);
        }
        if !job.out.is_empty() && !span.is_empty() {
            job.out.push_str("\n\n");
        }
        self.items(job, span, indent)?;
        if !job.out.is_empty() {
            job.out.push('\n');
        }
        Ok(())
    }

    /// Items an empty line apart; those that are sorted go together.
    fn items(&mut self, job: &mut Job<'_>, mut span: Span, indent: Indent) -> Done {
        let flat = job.flat;
        let mut first = true;
        while !span.is_empty() {
            if !first {
                separate(job, indent, true);
            }
            first = false;
            let start = span.start;
            while let Some(end) = sorted_item_end(flat, span) {
                span = span.from(end);
            }
            if span.start > start {
                let end = span.start;
                self.leaf(job, Piece::Sorted, Span { start, end }, indent)?;
                continue;
            }
            let end = item_end(flat, span)?;
            self.attributed(job, Piece::Item, Span { end, ..span }, indent)?;
            span = span.from(end);
        }
        Ok(())
    }

    /// A piece below its attributes.
    fn attributed(
        &mut self,
        job: &mut Job<'_>,
        piece: Piece,
        mut span: Span,
        indent: Indent,
    ) -> Done {
        let flat = job.flat;
        while let Some(end) = flat.attribute_end(span) {
            let mut others = span;
            if let Some(text) = documentation(flat, span.start + 1) {
                doc_comment::push(&mut job.out, &text, "///", indent);
                span = span.from(end);
            } else {
                while let Some(end) = flat.attribute_end(span)
                    && documentation(flat, span.start + 1).is_none()
                {
                    span = span.from(end);
                }
                others.end = span.start;
                let reserved = usize::from(piece == Piece::Field);
                self.leaf(job, Piece::Attributes { reserved }, others, indent)?;
            }
            separate(job, indent, false);
        }
        self.piece(
            job,
            Place {
                piece,
                span,
                indent,
            },
        )
    }

    /// A piece with its holes, if that is possible.
    fn piece(&mut self, job: &mut Job<'_>, place: Place) -> Done {
        let base = self.base();
        let length = job.out.len();
        if place.indent.block <= DEEPEST_HOLE {
            hole::find(job.flat, place.piece, place.span, &mut self.holes);
        }
        let mut done = self.chunk(job, place, base);
        if done == Err(Stop::Whole) && self.holes.len() > base.holes {
            job.out.truncate(length);
            self.reset(base);
            done = self.chunk(job, place, base);
        }
        self.reset(base);
        done
    }

    /// A piece without holes.
    fn leaf(&mut self, job: &mut Job<'_>, piece: Piece, span: Span, indent: Indent) -> Done {
        let base = self.base();
        let done = self.chunk(
            job,
            Place {
                piece,
                span,
                indent,
            },
            base,
        );
        self.reset(base);
        done
    }

    fn base(&self) -> Base {
        Base {
            alike: self.alike.len(),
            holes: self.holes.len(),
        }
    }

    fn reset(&mut self, base: Base) {
        self.alike.truncate(base.alike);
        self.holes.truncate(base.holes);
    }

    fn chunk(&mut self, job: &mut Job<'_>, place: Place, base: Base) -> Done {
        let sorted = matches!(place.piece, Piece::Sorted | Piece::Imports);
        if sorted
            || place.span.end - place.span.start > LONGEST_KEPT && self.holes.len() == base.holes
        {
            let (source, _) = self.source(job.flat, place.span, base, None);
            job.out
                .push_str(&piece::print(place.piece, &source, place.indent)?.text);
            return Ok(());
        }
        self.describe(job.flat, place, base);
        let template = match self.memory.find(&self.key, &self.widths) {
            Some(template) => template,
            None => match self.learn(job.flat, place, base)? {
                Ok(template) => template,
                Err(text) => {
                    job.out.push_str(&text);
                    return Ok(());
                }
            },
        };
        self.fill(job, &template, base)
    }

    /// Notes what the layout of a piece depends on.
    fn describe(&mut self, flat: &Flat, place: Place, base: Base) {
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
    fn source(
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
    fn learn(
        &mut self,
        flat: &Flat,
        place: Place,
        base: Base,
    ) -> Result<Result<Rc<Template>, String>, Stop> {
        let (source, lexemes) = self.source(flat, place.span, base, None);
        let printed = piece::print(place.piece, &source, place.indent)?;
        let Some(template) = template(&printed, &source, &lexemes) else {
            return if self.holes.len() > base.holes {
                Err(Stop::Whole)
            } else {
                Ok(Err(printed.text))
            };
        };
        let template = Rc::new(template);
        if template.is_flat
            && let Some(widths) = self.memory.stretched(&self.key, &self.widths)
        {
            let (source, lexemes) = self.source(flat, place.span, base, Some(&widths));
            let wider = piece::print(place.piece, &source, place.indent).ok();
            let wider = wider.and_then(|printed| self::template(&printed, &source, &lexemes));
            if let Some(wider) = wider.filter(|wider| wider.is_flat) {
                self.memory.keep(&self.key, widths, Rc::new(wider));
                return Ok(Ok(template));
            }
        }
        self.memory
            .keep(&self.key, self.widths.clone(), Rc::clone(&template));
        Ok(Ok(template))
    }

    /// Writes a layout with the names of a piece.
    fn fill(&mut self, job: &mut Job<'_>, template: &Template, base: Base) -> Done {
        let mut alike = base.alike;
        for part in &template.parts {
            match part {
                Part::Text(range) => job.out.push_str(&template.text[range.clone()]),
                Part::Alike => {
                    job.out.push_str(job.flat.text(self.alike[alike]));
                    alike += 1;
                }
                Part::Hole(number, indent) => {
                    let hole = self.holes[base.holes + number];
                    let indent = Indent::new(*indent, 0);
                    self.content(job, hole, indent)?;
                }
            }
        }
        Ok(())
    }

    fn content(&mut self, job: &mut Job<'_>, hole: Hole, indent: Indent) -> Done {
        let span = job.flat.inside(hole.open);
        match hole.content {
            Content::Items => self.items(job, span, indent),
            Content::Statements => self.statements(job, span, indent),
            Content::Members => self.list(job, span, indent, Piece::Member),
            Content::TraitMembers => self.list(job, span, indent, Piece::TraitMember),
            Content::Arms => self.list(job, span, indent, Piece::Arm),
            Content::Fields => self.list(job, span, indent, Piece::Field),
            Content::Variants => self.list(job, span, indent, Piece::Variant),
        }
    }

    /// Pieces of the same kind below each other.
    fn list(&mut self, job: &mut Job<'_>, mut span: Span, indent: Indent, piece: Piece) -> Done {
        let flat = job.flat;
        let spaced = matches!(piece, Piece::Member | Piece::TraitMember);
        let mut first = true;
        while !span.is_empty() {
            if !first {
                separate(job, indent, spaced);
            }
            first = false;
            let end = match piece {
                Piece::Arm => flat.arm_end(span),
                Piece::Field => flat.field_end(span),
                Piece::Variant => flat.variant_end(span),
                _ => Some(item_end(flat, span)?),
            };
            let end = end.ok_or(Stop::Whole)?;
            let whole = Span { end, ..span };
            if matches!(piece, Piece::Field | Piece::Variant) {
                let comma = usize::from(flat.mark(end - 1) == b',');
                let bare = Span {
                    end: end - comma,
                    ..span
                };
                self.attributed(job, piece, bare, indent)?;
                job.out.push(',');
            } else if piece == Piece::Arm {
                self.piece(
                    job,
                    Place {
                        piece,
                        span: whole,
                        indent,
                    },
                )?;
            } else {
                self.attributed(job, piece, whole, indent)?;
            }
            span = span.from(end);
        }
        Ok(())
    }

    /// The statements of a block.
    fn statements(&mut self, job: &mut Job<'_>, mut span: Span, indent: Indent) -> Done {
        let flat = job.flat;
        let (mut first, mut blank) = (true, false);
        while !span.is_empty() {
            let end = flat.statement_end(span).ok_or(Stop::Whole)?;
            if is_blank_line(flat, span, end) {
                blank = !first;
                span = span.from(end);
                continue;
            }
            if blank {
                job.out.push('\n');
            }
            if !first {
                separate(job, indent, false);
            }
            (first, blank) = (false, false);
            let rest = span.from(flat.after_attributes(span));
            let start = span.start;
            if flat.is_keyword(rest.start, "use") {
                while let Some(end) = import_end(flat, span) {
                    span = span.from(end);
                }
                let uses = Span {
                    start,
                    end: span.start,
                };
                self.leaf(job, Piece::Imports, uses, indent)?;
                continue;
            }
            let statement = Span { start, end };
            if flat.is_item_in_block(rest) {
                self.attributed(job, Piece::Item, statement, indent)?;
            } else {
                let is_last = end == span.end;
                let place = Place {
                    piece: Piece::Statement { is_last },
                    span: statement,
                    indent,
                };
                self.piece(job, place)?;
            }
            span = span.from(end);
        }
        Ok(())
    }
}

fn template(printed: &piece::Printed, source: &str, lexemes: &[Lexeme]) -> Option<Template> {
    let mut template = Template::new(printed.text.clone(), source, lexemes)?;
    template.is_flat &= !printed.overflows;
    Some(template)
}

/// A line break, with an empty line if so wanted.
fn separate(job: &mut Job<'_>, indent: Indent, spaced: bool) {
    job.out.push_str(if spaced { "\n\n" } else { "\n" });
    indent.push_spaces(&mut job.out);
}

fn push_stand_in(source: &mut String, lexemes: &mut Vec<Lexeme>, content: Content, number: usize) {
    let (text, keyword, name) = content.stand_in(number);
    let start = source.len();
    source.push_str(&text);
    let shifted = |range: std::ops::Range<usize>| start + range.start..start + range.end;
    if !keyword.is_empty() {
        lexemes.push(Lexeme {
            text: shifted(keyword),
            role: Role::Fixed,
        });
    }
    lexemes.push(Lexeme {
        text: shifted(name),
        role: Role::Hole(number),
    });
}

/// A token made wider, followed by a space.
fn push_stretched(source: &mut String, text: &str, kind: Kind, width: usize) {
    let missing = width.saturating_sub(text.len());
    let (text, end) = match kind {
        Kind::Text => (&text[..text.len() - 1], "\""),
        _ => (text, ""),
    };
    let filler = if kind == Kind::Number { '0' } else { 'x' };
    source.push_str(text);
    source.extend(std::iter::repeat_n(filler, missing));
    source.push_str(end);
    source.push(' ');
}

/// The end of an item with its attributes.
fn item_end(flat: &Flat, span: Span) -> Result<usize, Stop> {
    let rest = span.from(flat.after_attributes(span));
    if rest.is_empty() {
        return Err(Stop::Whole);
    }
    flat.item_end(rest).ok_or(Stop::Whole)
}

/// The end of an item, if it is one that is sorted among others.
fn sorted_item_end(flat: &Flat, span: Span) -> Option<usize> {
    let rest = span.from(flat.after_attributes(span));
    if rest.is_empty() {
        return None;
    }
    let keyword = flat.text(flat.item_keyword(rest));
    let end = flat.item_end(rest)?;
    (keyword == "use" || (keyword == "mod" && flat.mark(end - 1) == b';')).then_some(end)
}

fn import_end(flat: &Flat, span: Span) -> Option<usize> {
    let rest = span.from(flat.after_attributes(span));
    let is_import = !rest.is_empty() && flat.is_keyword(rest.start, "use");
    is_import.then(|| flat.item_end(rest)).flatten()
}

/// Whether this is `blank_line!();`, by which a generator asks for an empty line.
fn is_blank_line(flat: &Flat, span: Span, end: usize) -> bool {
    let open = span.start + 2;
    flat.text(span.start) == "blank_line"
        && flat.mark(span.start + 1) == b'!'
        && flat.tokens[open].kind == Kind::Open
        && flat.inside(open).is_empty()
        && end <= flat.after(open) + 1
}

/// The text of a documentation attribute in the brackets that open here.
fn documentation(flat: &Flat, open: usize) -> Option<Cow<'_, str>> {
    let inside = flat.inside(open);
    let is_doc = inside.end - inside.start == 3
        && flat.text(inside.start) == "doc"
        && flat.mark(inside.start + 1) == b'=';
    let literal = flat
        .text(inside.end - 1)
        .strip_prefix('"')
        .filter(|_| is_doc)?;
    doc_comment::unescape(literal.strip_suffix('"')?)
}
