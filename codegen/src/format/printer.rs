//! Prints a file piece by piece, each by a known layout if there is one.

mod learn;

use std::borrow::Cow;

use super::doc_comment;
use super::flat::Flat;
use super::hole::{self, Content, Hole};
use super::piece::{self, Piece, Stop};
use super::scan::{Span, is_blank_line};
use super::shape::Indent;
use super::template::{Memory, Part, Template};

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

/// A line break, with an empty line if so wanted.
fn separate(job: &mut Job<'_>, indent: Indent, spaced: bool) {
    job.out.push_str(if spaced { "\n\n" } else { "\n" });
    indent.push_spaces(&mut job.out);
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
