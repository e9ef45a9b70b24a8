//! Lays out delimited lists: the arguments of calls, arrays, tuples, generics.
//!
//! The last item of such a list may *overflow*: it begins on the line of the opening delimiter
//! and its further lines are indented as if it stood alone, as in `call(first, |x| {`.

use syn::Expr;

use super::argument_list::Item;
use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::shape::{Shape, TAB};
use super::{classify, closure, control_flow, text};

/// The longest item of a list with several simple items per line.
const SHORT_ITEM_WIDTH: usize = 10;

/// Columns the arguments of a call may take on one line.
pub(super) const CALL_WIDTH: usize = 60;

/// Columns the elements of an array may take on one line.
pub(super) const ARRAY_WIDTH: usize = 60;

/// Macros that take a format string, with the number of arguments before it.
const FORMAT_MACROS: &[(&str, usize)] = &[
    ("eprint!", 0),
    ("eprintln!", 0),
    ("format!", 0),
    ("format_args!", 0),
    ("print!", 0),
    ("println!", 0),
    ("panic!", 0),
    ("unreachable!", 0),
    ("debug!", 0),
    ("error!", 0),
    ("info!", 0),
    ("trace!", 0),
    ("warn!", 0),
    ("assert!", 1),
    ("debug_assert!", 1),
    ("write!", 1),
    ("writeln!", 1),
    ("assert_eq!", 2),
    ("assert_ne!", 2),
    ("debug_assert_eq!", 2),
    ("debug_assert_ne!", 2),
];

/// A list in its delimiters, after a name.
pub(super) struct Delimited<'a> {
    pub(super) name: &'a str,
    pub(super) items: Vec<Item<'a>>,
    pub(super) delimiters: (&'static str, &'static str),
    /// Columns the items may take on one line.
    pub(super) item_width: usize,
    /// When a comma follows the last item.
    pub(super) trailing: Trailing,
}

impl Delimited<'_> {
    pub(super) fn print(&self, context: &Context, shape: Shape) -> Option<String> {
        let used = text::extra_offset(self.name, shape);
        let one_line = shape
            .offset_left(text::last_line_width(self.name) + 1)
            .and_then(|shape| shape.sub_width(1))
            .unwrap_or(Shape { width: 0, ..shape });
        let nested = shape.block().block_indent(TAB).with_max_width(context);
        let nested = Shape {
            width: nested.width.saturating_sub(1),
            ..nested
        };
        let rooms = Rooms {
            one_line,
            nested,
            one_line_width: shape.width.saturating_sub(used + 2),
        };
        let (horizontal, items) = self.items(context, &rooms)?;
        Some(self.wrap(&items, shape, nested, horizontal))
    }

    fn items(&self, context: &Context, rooms: &Rooms) -> Option<(bool, String)> {
        let mut printed: Vec<Option<String>> = self
            .items
            .iter()
            .map(|item| item.print(context, rooms.nested))
            .collect();
        let tactic = self.tactic(context, rooms, &mut printed);
        let mut layout = Layout::new(rooms.nested, tactic, self.trailing);
        layout.ends_with_newline = matches!(tactic, Tactic::Vertical | Tactic::Mixed);
        let text = list::write(&printed, &layout)?;
        Some((tactic == Tactic::Horizontal, text))
    }

    fn choose(&self, rooms: &Rooms, printed: &[Option<String>]) -> Tactic {
        list::choose(printed, 2, self.item_width.min(rooms.one_line_width))
    }

    /// Decides on the layout, replacing the last item by an overflowing one if that is better.
    fn tactic(&self, context: &Context, rooms: &Rooms, printed: &mut [Option<String>]) -> Tactic {
        let Some(last) = self.items.last().copied() else {
            return self.choose(rooms, printed);
        };
        let index = self.items.len() - 1;
        let combine = index == 0
            && last.expression().is_some()
            && !last.has_attributes()
            && self.name.len() < TAB;
        let overflows = combine || last.can_overflow(self.items.len());
        let overflowed = if overflows {
            self.overflowed(context, rooms, printed, combine)
        } else {
            None
        };
        if let Some(overflowed) = &overflowed {
            printed[index] = Some(text::first_line(overflowed).to_owned());
        }
        let tactic = self.choose(rooms, printed);
        match overflowed {
            Some(overflowed) if tactic == Tactic::Horizontal => {
                if index == 0 && text::newlines(&overflowed) == 1 {
                    let alone = last.print(context, rooms.nested);
                    printed[index] = alone
                        .filter(|alone| text::is_single_line(alone))
                        .or(Some(overflowed));
                } else {
                    printed[index] = Some(overflowed);
                }
                tactic
            }
            _ => {
                printed[index] = last.print(context, rooms.nested);
                self.vertical(rooms, printed)
            }
        }
    }

    /// The layout if the last item does not overflow.
    fn vertical(&self, rooms: &Rooms, printed: &[Option<String>]) -> Tactic {
        if let [Some(only)] = printed
            && rooms.one_line_width != 0
            && text::is_single_line(only)
            && text::width(only) <= rooms.one_line_width
        {
            return Tactic::Horizontal;
        }
        let tactic = self.choose(rooms, printed);
        if tactic != Tactic::Vertical {
            return tactic;
        }
        if let Some(before) = self.arguments_before_format() {
            let fits = |items: &[Option<String>]| {
                list::choose(items, 2, rooms.nested.width) == Tactic::Horizontal
            };
            let simple = self.items.len() > before
                && self.all_simple(&self.items[..before])
                && self.all_simple(&self.items[before + 1..]);
            return if simple && fits(&printed[..before]) && fits(&printed[before + 1..]) {
                Tactic::FormatString(before)
            } else {
                tactic
            };
        }
        let short = printed.iter().all(|item| {
            item.as_deref()
                .is_none_or(|item| item.len() <= SHORT_ITEM_WIDTH)
        });
        if short && self.all_simple(&self.items) {
            return Tactic::Mixed;
        }
        tactic
    }

    fn all_simple(&self, items: &[Item<'_>]) -> bool {
        items.iter().all(|item| item.is_simple())
    }

    fn arguments_before_format(&self) -> Option<usize> {
        if !matches!(self.items.first(), Some(Item::MacroArgument(_))) {
            return None;
        }
        FORMAT_MACROS
            .iter()
            .find(|(name, _)| *name == self.name)
            .map(|(_, before)| *before)
    }

    fn overflowed(
        &self,
        context: &Context,
        rooms: &Rooms,
        printed: &[Option<String>],
        combine: bool,
    ) -> Option<String> {
        let last = self.items.last().copied()?;
        let shape = self.overflow_shape(rooms, printed)?;
        let one_line_chain = !combine && last.expression().is_some_and(classify::is_method_call);
        context.with_one_line_chain(one_line_chain, || {
            let Item::Expression(expression) = last else {
                return last.print(context, shape);
            };
            match expression {
                Expr::Closure(node) => {
                    if self.has_many_closures() {
                        return None;
                    }
                    closure::overflowing(context, expression, node, shape)
                }
                Expr::If(_)
                | Expr::ForLoop(_)
                | Expr::Loop(_)
                | Expr::While(_)
                | Expr::Match(_) => {
                    let condition = control_flow::condition(context, expression, shape);
                    if condition.is_some_and(|text| text.contains('\n')) {
                        return None;
                    }
                    last.print(context, shape)
                }
                _ => last.print(context, shape),
            }
        })
    }

    fn overflow_shape(&self, rooms: &Rooms, printed: &[Option<String>]) -> Option<Shape> {
        let last = self.items.last()?;
        if self.items.len() == 1 && !last.is_nested_call() {
            return Some(rooms.one_line);
        }
        let before = &printed[..printed.len() - 1];
        let offset = before
            .iter()
            .map(|item| 2 + item.as_deref().map_or(0, str::len))
            .sum();
        let shape = Shape {
            width: self.item_width.min(rooms.one_line.width),
            ..rooms.one_line
        };
        shape.offset_left(offset)
    }

    fn has_many_closures(&self) -> bool {
        let closures = self
            .items
            .iter()
            .filter(|item| matches!(item.expression(), Some(Expr::Closure(_))));
        closures.count() > 1
    }

    fn wrap(&self, items: &str, shape: Shape, nested: Shape, horizontal: bool) -> String {
        let width = shape.width.saturating_sub(text::last_line_width(self.name));
        let first_width = if items.is_empty() {
            2
        } else {
            text::first_line_width(items) + 1
        };
        let (open, close) = self.delimiters;
        let mut result = String::with_capacity(self.name.len() + items.len() + 32);
        result.push_str(self.name);
        result.push_str(open);
        if horizontal && first_width <= width {
            result.push_str(items);
        } else {
            if !items.is_empty() {
                result.push_str(&nested.indent.line());
                result.push_str(items);
            }
            result.push_str(&shape.block().indent.line());
        }
        result.push_str(close);
        result
    }
}

/// The shapes the items of a list may take.
struct Rooms {
    /// The line of the opening delimiter.
    one_line: Shape,
    /// A line of its own.
    nested: Shape,
    one_line_width: usize,
}
