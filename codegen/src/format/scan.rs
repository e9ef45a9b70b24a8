//! Where the pieces of a file end: items, members, statements, arms, fields and variants.
//!
//! This is no parser. It knows just enough of the grammar to tell neighbours apart, and gives up where it does not; the
//! parser reads each piece that is new, and refuses one that was cut in the wrong place.

use super::flat::{Flat, Kind};

/// Tokens from one up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) fn from(self, start: usize) -> Span {
        Span { start, ..self }
    }

    pub(super) fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

impl Flat {
    /// What stands inside the group that opens here.
    pub(super) fn inside(&self, open: usize) -> Span {
        Span {
            start: open + 1,
            end: self.tokens[open].partner,
        }
    }

    /// The end of an outer attribute that starts here.
    pub(super) fn attribute_end(&self, span: Span) -> Option<usize> {
        let is_attribute = span.start + 1 < span.end
            && self.mark(span.start) == b'#'
            && self.mark(span.start + 1) == b'[';
        is_attribute.then(|| self.after(span.start + 1))
    }

    pub(super) fn after_attributes(&self, mut span: Span) -> usize {
        while let Some(end) = self.attribute_end(span) {
            span.start = end;
        }
        span.start
    }

    /// The first token outside of groups for which this holds.
    fn find(&self, span: Span, wanted: impl Fn(usize) -> bool) -> Option<usize> {
        let mut index = span.start;
        while index < span.end {
            if wanted(index) {
                return Some(index);
            }
            index = self.after(index);
        }
        None
    }

    fn find_mark(&self, span: Span, mark: u8) -> Option<usize> {
        self.find(span, |index| self.mark(index) == mark)
    }

    /// A `=` that is no part of a longer operator.
    pub(super) fn find_equals(&self, span: Span) -> Option<usize> {
        self.find(span, |index| {
            self.mark(index) == b'='
                && self.tokens[index].kind == Kind::Punct
                && (index == 0 || self.tokens[index - 1].kind != Kind::Joint)
        })
    }

    /// The keyword that says what kind of item stands here, after attributes and qualifiers.
    pub(super) fn item_keyword(&self, span: Span) -> usize {
        let mut index = span.start;
        while index + 1 < span.end {
            let next = self.text(index + 1);
            index = match self.text(index) {
                "pub" if next == "(" => self.after(index + 1),
                "pub" | "default" | "async" | "unsafe" => index + 1,
                "const" if matches!(next, "fn" | "async" | "unsafe") => index + 1,
                _ => break,
            };
        }
        index
    }

    /// The end of the item or member that starts here, attributes left out.
    pub(super) fn item_end(&self, span: Span) -> Option<usize> {
        let keyword = self.item_keyword(span);
        let rest = span.from(keyword);
        match self.text(keyword) {
            "use" | "const" | "static" | "type" => Some(self.find_mark(rest, b';')? + 1),
            "mod" | "struct" | "enum" | "impl" | "fn" | "trait" => {
                let end = self.find(rest, |index| matches!(self.mark(index), b';' | b'{'))?;
                Some(self.after(end))
            }
            _ => {
                let group =
                    self.find(rest, |index| matches!(self.mark(index), b'(' | b'[' | b'{'))?;
                (self.mark(group.checked_sub(1)?) == b'!').then_some(())?;
                let end = self.after(group);
                let semicolon = end < span.end && self.mark(end) == b';';
                Some(end + usize::from(semicolon))
            }
        }
    }

    pub(super) fn is_item_in_block(&self, span: Span) -> bool {
        let words = [
            "use", "fn", "struct", "enum", "impl", "mod", "type", "trait", "static", "pub",
        ];
        self.tokens[span.start].kind == Kind::Keyword && words.contains(&self.text(span.start))
            || self.is_keyword(span.start, "const") && self.mark(span.start + 1) != b'{'
    }

    /// The end of the statement that starts here.
    pub(super) fn statement_end(&self, span: Span) -> Option<usize> {
        let rest = span.from(self.after_attributes(span));
        if rest.is_empty() || matches!(self.mark(rest.start), b';' | b'#') {
            return None;
        }
        let is = |keyword| self.is_keyword(rest.start, keyword);
        if is("let") {
            return Some(self.find_mark(rest, b';')? + 1);
        }
        if (is("unsafe") || is("async")) && self.mark(rest.start + 1) != b'{' {
            return None;
        }
        if self.is_item_in_block(rest) {
            return self.item_end(rest);
        }
        let end = if self.is_block_like(rest.start) {
            self.block_like_end(rest)?
        } else {
            self.braced_macro_end(rest).unwrap_or(rest.start)
        };
        self.expression_end(rest, end, b';')
    }

    /// The end of an expression that may have ended with a block already, and of the mark after it.
    fn expression_end(&self, span: Span, block_end: usize, mark: u8) -> Option<usize> {
        if block_end >= span.end {
            return Some(span.end);
        }
        if block_end > span.start && !matches!(self.mark(block_end), b'.' | b'?') {
            return Some(block_end + usize::from(self.mark(block_end) == mark));
        }
        let mut index = block_end;
        while index < span.end {
            if self.mark(index) == mark {
                return Some(index + 1);
            }
            index = if mark == b',' && self.is_turbofish(index) {
                self.angles_end(span.from(index))?
            } else {
                self.after(index)
            };
        }
        Some(span.end)
    }

    fn is_turbofish(&self, index: usize) -> bool {
        self.mark(index) == b'<' && index > 0 && self.mark(index - 1) == b':'
    }

    fn angles_end(&self, span: Span) -> Option<usize> {
        let mut depth = 0;
        let mut index = span.start;
        while index < span.end {
            match self.mark(index) {
                b'<' => depth += 1,
                b'>' if self.tokens[index - 1].kind != Kind::Joint
                    || self.mark(index - 1) == b'>' =>
                {
                    depth -= 1;
                }
                _ => {}
            }
            index = self.after(index);
            if depth == 0 {
                return Some(index);
            }
        }
        None
    }

    /// The end of `name! { … }`.
    fn braced_macro_end(&self, span: Span) -> Option<usize> {
        let mut index = span.start;
        while index < span.end {
            match self.mark(index) {
                b':' => index += 1,
                b'!' if index > span.start && self.mark(index + 1) == b'{' => {
                    return Some(self.after(index + 1));
                }
                0 => index += 1,
                _ => return None,
            }
        }
        None
    }

    pub(super) fn is_block_like(&self, index: usize) -> bool {
        let words = ["if", "match", "for", "while", "loop", "unsafe"];
        match self.mark(index) {
            b'{' => true,
            b'\'' => self.mark(index + 2) == b':',
            _ => self.tokens[index].kind == Kind::Keyword && words.contains(&self.text(index)),
        }
    }

    /// The end of control flow or a block.
    pub(super) fn block_like_end(&self, span: Span) -> Option<usize> {
        let mut block = self.block_of(span)?;
        loop {
            let end = self.after(block);
            if end >= span.end || !self.is_keyword(end, "else") {
                return Some(end);
            }
            block = self.block_of(span.from(end + 1))?;
        }
    }

    /// The brace that opens the block of control flow.
    pub(super) fn block_of(&self, span: Span) -> Option<usize> {
        let mut index = span.start;
        if self.mark(index) == b'\'' {
            index += 3;
        }
        let start = index;
        while index < span.end {
            let keyword = self.tokens[index].kind == Kind::Keyword;
            index = match self.text(index) {
                "{" => return Some(index),
                "let" if keyword => self.find_equals(span.from(index))? + 1,
                "for" if keyword && index == start => {
                    self.find(span.from(index), |index| self.is_keyword(index, "in"))?
                }
                "if" | "match" | "while" | "loop" | "unsafe" | "async"
                    if keyword && index > start =>
                {
                    return None;
                }
                _ => self.after(index),
            };
        }
        None
    }

    /// The body of an arm that starts here.
    pub(super) fn arm_body(&self, span: Span) -> Option<usize> {
        let arrow = self.find(span, |index| {
            self.mark(index) == b'=' && self.mark(index + 1) == b'>'
        })?;
        (arrow + 2 < span.end).then_some(arrow + 2)
    }

    pub(super) fn arm_end(&self, span: Span) -> Option<usize> {
        let body = span.from(self.arm_body(span)?);
        let end = if self.is_block_like(body.start) {
            self.block_like_end(body)?
        } else {
            body.start
        };
        self.expression_end(body, end, b',')
    }

    /// The end of a field with its comma.
    pub(super) fn field_end(&self, span: Span) -> Option<usize> {
        let mut index = self.after_attributes(span);
        while index < span.end {
            match self.mark(index) {
                b',' => return Some(index + 1),
                b'<' => index = self.angles_end(span.from(index))?,
                _ => index = self.after(index),
            }
        }
        Some(span.end)
    }

    /// The end of a variant with its comma.
    pub(super) fn variant_end(&self, span: Span) -> Option<usize> {
        Some(
            self.find_mark(span, b',')
                .map_or(span.end, |comma| comma + 1),
        )
    }
}

/// Whether this is `blank_line!();`, by which a generator asks for an empty line.
pub(super) fn is_blank_line(flat: &Flat, span: Span, end: usize) -> bool {
    let open = span.start + 2;
    flat.text(span.start) == "blank_line"
        && flat.mark(span.start + 1) == b'!'
        && flat.tokens[open].kind == Kind::Open
        && flat.inside(open).is_empty()
        && end <= flat.after(open) + 1
}
