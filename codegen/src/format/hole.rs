//! Parts of a piece that are pieces themselves, on whose layout its own layout does not depend.

use super::flat::Flat;
use super::piece::Piece;
use super::scan::Span;

/// What the braces of a hole contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Items,
    Members,
    TraitMembers,
    Statements,
    Arms,
    Fields,
    Variants,
}

impl Content {
    pub(super) fn code(self) -> u8 {
        self as u8
    }

    /// Source text that takes lines of its own wherever this content may stand.
    pub(super) fn stand_in(self, number: usize) -> StandIn {
        let (keyword, after) = match self {
            Content::Items | Content::Members | Content::Statements => ("", "! { }"),
            Content::TraitMembers => ("type", ";"),
            Content::Arms => ("", "=> { }"),
            Content::Fields => ("", ": () ,"),
            Content::Variants => ("", ","),
        };
        StandIn {
            keyword,
            name: format!("__hole_{number}"),
            after,
        }
    }
}

/// What stands in a hole while the piece around it is laid out.
pub(super) struct StandIn {
    pub(super) keyword: &'static str,
    pub(super) name: String,
    pub(super) after: &'static str,
}

/// The group that opens here and what is in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hole {
    pub(super) open: usize,
    pub(super) content: Content,
}

/// Notes the holes of a piece in their order.
pub(super) fn find(flat: &Flat, piece: Piece, span: Span, holes: &mut Vec<Hole>) {
    let finder = &mut Finder { flat, holes };
    let found = match piece {
        Piece::Item | Piece::Member | Piece::TraitMember => finder.item(span),
        Piece::Statement { is_last } => finder.statement(span, is_last),
        Piece::Arm => finder.arm(span),
        _ => None,
    };
    // Where the grammar is not plain, there is just nothing to be found.
    found.unwrap_or(());
}

struct Finder<'a> {
    flat: &'a Flat,
    holes: &'a mut Vec<Hole>,
}

impl Finder<'_> {
    fn push(&mut self, open: usize, content: Content) {
        if !self.flat.inside(open).is_empty() {
            self.holes.push(Hole { open, content });
        }
    }

    fn item(&mut self, span: Span) -> Option<()> {
        let flat = self.flat;
        let last = span.end.checked_sub(1)?;
        if flat.mark(last) != b'}' {
            return None;
        }
        let open = flat.tokens[last].partner;
        let inside = flat.inside(open);
        let content = match flat.text(flat.item_keyword(span)) {
            "fn" => Content::Statements,
            "impl" => Content::Members,
            "trait" => Content::TraitMembers,
            "mod" if flat.mark(inside.start + 1) != b'!' => Content::Items,
            "struct" => Content::Fields,
            "enum" if !self.has_braces(inside) => Content::Variants,
            _ => return None,
        };
        self.push(open, content);
        Some(())
    }

    fn has_braces(&self, span: Span) -> bool {
        (span.start..span.end).any(|index| self.flat.mark(index) == b'{')
    }

    fn statement(&mut self, span: Span, is_last: bool) -> Option<()> {
        let flat = self.flat;
        if flat.is_keyword(span.start, "let") {
            let value = span.from(flat.find_equals(span)? + 1);
            let open = flat.block_of(value)?;
            let ends = flat.mark(flat.after(open)) == b';' && flat.after(open) + 1 == span.end;
            if flat.is_keyword(value.start, "match") && ends {
                self.push(open, Content::Arms);
            }
            return Some(());
        }
        let semicolon = flat.mark(span.end - 1) == b';';
        self.flow(span, is_last && !semicolon)
    }

    fn arm(&mut self, span: Span) -> Option<()> {
        let flat = self.flat;
        if flat.mark(span.start) == b'#' {
            return None;
        }
        let body = span.from(flat.arm_body(span)?);
        if flat.mark(body.start) != b'{' {
            return self.flow(body, false);
        }
        if !self.ends(body, flat.after(body.start)) {
            return None;
        }
        let inside = flat.inside(body.start);
        if self.is_only_expression(inside)? {
            return self.flow(inside, true);
        }
        self.push(body.start, Content::Statements);
        Some(())
    }

    /// Whether there is just one statement, and no semicolon after it.
    fn is_only_expression(&self, inside: Span) -> Option<bool> {
        let end = self.flat.statement_end(inside)?;
        Some(end == inside.end && self.flat.mark(end - 1) != b';')
    }

    /// Whether nothing comes after this but a comma or semicolon.
    fn ends(&self, span: Span, end: usize) -> bool {
        end == span.end || (end + 1 == span.end && matches!(self.flat.mark(end), b',' | b';'))
    }

    /// Control flow that is all there is in the span. One that gives a value may take one line.
    fn flow(&mut self, span: Span, gives_value: bool) -> Option<()> {
        let flat = self.flat;
        if span.is_empty() || flat.mark(span.start) == b'{' || !flat.is_block_like(span.start) {
            return None;
        }
        if !self.ends(span, flat.block_like_end(span)?) {
            return None;
        }
        let first = flat.block_of(span)?;
        match flat.text(span.start) {
            "match" => self.push(first, Content::Arms),
            "for" | "while" | "loop" | "'" => self.push(first, Content::Statements),
            "if" => {
                let blocks = self.branches(span)?;
                let short = gives_value
                    && blocks.len() == 2
                    && (flat.inside(first).is_empty()
                        || self.is_only_expression(flat.inside(first))?);
                if !short {
                    for block in blocks {
                        self.push(block, Content::Statements);
                    }
                }
            }
            _ => {}
        }
        Some(())
    }

    /// The blocks of `if` and all its `else`.
    fn branches(&self, span: Span) -> Option<Vec<usize>> {
        let flat = self.flat;
        let mut blocks = vec![flat.block_of(span)?];
        loop {
            let end = flat.after(*blocks.last()?);
            if end >= span.end || !flat.is_keyword(end, "else") {
                return Some(blocks);
            }
            let after = if flat.is_keyword(end + 1, "if") {
                end + 2
            } else {
                end + 1
            };
            blocks.push(flat.block_of(span.from(after))?);
        }
    }
}
