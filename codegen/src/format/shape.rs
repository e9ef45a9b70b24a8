//! The room a node may be printed in.

use super::context::Context;

/// Columns that one level of nesting moves text to the right.
pub(super) const TAB: usize = 4;

/// The column at which the lines after the first one start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub(super) struct Indent {
    /// Columns due to nesting of blocks.
    pub(super) block: usize,
    /// Columns due to lining up with something on an earlier line.
    pub(super) alignment: usize,
}

impl Indent {
    pub(super) fn new(block: usize, alignment: usize) -> Indent {
        Indent { block, alignment }
    }

    pub(super) fn width(self) -> usize {
        self.block + self.alignment
    }

    pub(super) fn block_only(self) -> Indent {
        Indent::new(self.block, 0)
    }

    /// One level further in.
    pub(super) fn nested(self) -> Indent {
        Indent::new(self.block + TAB, self.alignment)
    }

    pub(super) fn aligned(self, columns: usize) -> Indent {
        Indent::new(self.block, self.alignment + columns)
    }

    pub(super) fn push_spaces(self, text: &mut String) {
        text.extend(std::iter::repeat_n(' ', self.width()));
    }

    pub(super) fn spaces(self) -> String {
        " ".repeat(self.width())
    }

    /// A line break followed by the indentation.
    pub(super) fn line(self) -> String {
        let mut line = String::with_capacity(self.width() + 1);
        line.push('\n');
        line.extend(std::iter::repeat_n(' ', self.width()));
        line
    }
}

/// The room a node may be printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    /// Columns left for the last line.
    pub(super) width: usize,
    /// Where the following lines start.
    pub(super) indent: Indent,
    /// Columns of the first line, beyond the block indentation, that are taken already.
    pub(super) offset: usize,
}

impl Shape {
    pub(super) fn new(width: usize, indent: Indent) -> Shape {
        Shape {
            width,
            indent,
            offset: indent.alignment,
        }
    }

    /// A fresh line at the indentation.
    pub(super) fn indented(context: &Context, indent: Indent) -> Shape {
        Shape::new(context.budget(indent.width()), indent)
    }

    pub(super) fn with_max_width(self, context: &Context) -> Shape {
        Shape {
            width: context.budget(self.indent.width()),
            ..self
        }
    }

    pub(super) fn visual_indent(self, columns: usize) -> Shape {
        let alignment = self.offset + columns;
        Shape {
            width: self.width,
            indent: Indent::new(self.indent.block, alignment),
            offset: alignment,
        }
    }

    /// One level further in, with the width unchanged.
    pub(super) fn block_indent(self, columns: usize) -> Shape {
        let (indent, offset) = if self.indent.alignment == 0 {
            (Indent::new(self.indent.block + columns, 0), 0)
        } else {
            let indent = self.indent.aligned(columns);
            (indent, indent.alignment)
        };
        Shape {
            width: self.width,
            indent,
            offset,
        }
    }

    pub(super) fn block(self) -> Shape {
        Shape {
            indent: self.indent.block_only(),
            ..self
        }
    }

    pub(super) fn sub_width(self, columns: usize) -> Option<Shape> {
        Some(Shape {
            width: self.width.checked_sub(columns)?,
            ..self
        })
    }

    /// Moves the start of the first line and of the following lines to the right.
    pub(super) fn shrink_left(self, columns: usize) -> Option<Shape> {
        Some(Shape {
            width: self.width.checked_sub(columns)?,
            indent: self.indent.aligned(columns),
            offset: self.offset + columns,
        })
    }

    /// Moves the start of the first line to the right.
    pub(super) fn offset_left(self, columns: usize) -> Option<Shape> {
        Some(Shape {
            width: self.width.checked_sub(columns)?,
            indent: self.indent,
            offset: self.offset + columns,
        })
    }

    pub(super) fn used_width(self) -> usize {
        self.indent.block + self.offset
    }

    /// Columns that an enclosing node keeps for itself at the end of the line.
    pub(super) fn right_overhead(self, context: &Context) -> usize {
        context.budget(self.used_width() + self.width)
    }

    /// A line break to the column where the first line starts.
    pub(super) fn line_at_offset(self) -> String {
        Indent::new(self.indent.block, self.offset).line()
    }
}
