//! Lays out lists of printed items.

use super::shape::Shape;
use super::text;

/// How a list is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tactic {
    /// All on one line.
    Horizontal,
    /// One item per line.
    Vertical,
    /// As many items per line as fit.
    Mixed,
    /// A `format!`-like call: some items, then the format string on its own line, then the rest.
    FormatString(usize),
}

/// When a separator follows the last item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trailing {
    Always,
    Never,
    /// Only if there is one item per line.
    Vertical,
}

/// How to join the items of a list.
pub(super) struct Layout {
    pub(super) tactic: Tactic,
    pub(super) trailing: Trailing,
    pub(super) shape: Shape,
    /// Whether the list is followed by a line break, if it is not on one line.
    pub(super) ends_with_newline: bool,
    /// Whether the list is one of imports that contains lists itself.
    pub(super) nested_imports: bool,
    /// Whether items are separated by a bar at the start of a line instead of a comma.
    pub(super) bars: bool,
}

impl Layout {
    pub(super) fn new(shape: Shape, tactic: Tactic, trailing: Trailing) -> Layout {
        Layout {
            tactic,
            trailing,
            shape,
            ends_with_newline: true,
            nested_imports: false,
            bars: false,
        }
    }
}

/// One line if the items fit into the width, one item per line otherwise.
pub(super) fn choose(items: &[Option<String>], separator_width: usize, width: usize) -> Tactic {
    let total: usize = items
        .iter()
        .map(|item| item.as_deref().map_or(0, text::width))
        .sum();
    let separators = separator_width * items.len().saturating_sub(1);
    let single = items
        .iter()
        .all(|item| item.as_deref().is_none_or(text::is_single_line));
    if single && total + separators <= width {
        Tactic::Horizontal
    } else {
        Tactic::Vertical
    }
}

/// Joins the items. Fails if one of them could not be printed.
pub(super) fn write(items: &[Option<String>], layout: &Layout) -> Option<String> {
    let mut trailing = match layout.trailing {
        Trailing::Always => true,
        Trailing::Never => false,
        Trailing::Vertical => layout.tactic == Tactic::Vertical,
    };
    let line = layout.shape.indent.line();
    let separator_width = if layout.bars { 2 } else { 1 };
    let mut result = String::new();
    let mut line_width = 0;
    let mut after_nested = false;
    for (index, item) in items.iter().enumerate() {
        let item = item.as_deref()?;
        let first = index == 0;
        let last = index + 1 == items.len();
        let mut separate = if layout.bars {
            !first
        } else {
            !last || trailing
        };
        match layout.tactic {
            Tactic::Horizontal if !first => result.push(' '),
            Tactic::FormatString(before) if !first => {
                let breaks = index >= before && index <= before + 1;
                result.push_str(if breaks { &line } else { " " });
            }
            Tactic::Vertical if !first => result.push_str(&line),
            Tactic::Mixed => {
                let total = text::width(item) + if separate { separator_width } else { 0 };
                let nested =
                    layout.nested_imports && (after_nested || (!first && item.contains("::")));
                if nested || (line_width > 0 && line_width + 1 + total > layout.shape.width) {
                    result.push_str(&line);
                    line_width = 0;
                    trailing |= layout.ends_with_newline;
                } else if line_width > 0 {
                    result.push(' ');
                    line_width += 1;
                }
                if last && layout.ends_with_newline && !layout.bars {
                    separate = layout.trailing != Trailing::Never;
                }
                line_width += total;
            }
            _ => {}
        }
        if separate && layout.bars {
            result.push_str("| ");
        }
        result.push_str(item);
        if separate && !layout.bars {
            result.push(',');
        }
        after_nested = item.contains("::");
    }
    Some(result)
}
