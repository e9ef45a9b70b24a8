//! Prints chains of method calls, fields, `.await` and `?`.

use syn::{Expr, ExprMethodCall, Member};

use super::context::Context;
use super::shape::{Shape, TAB};
use super::{classify, expression, path, text};

/// Columns a chain may take on one line.
const CHAIN_WIDTH: usize = 60;

/// A broken last link of so many lines stays on the line of the chain.
const TALL_LINES: usize = 5;

enum Link<'a> {
    Parent(&'a Expr),
    Method(&'a ExprMethodCall),
    Field(&'a Member),
    Await,
}

/// A link of a chain with the `?`s after it.
struct Item<'a> {
    link: Link<'a>,
    tries: usize,
}

impl Item<'_> {
    fn print(&self, context: &Context, shape: Shape) -> Option<String> {
        let shape = shape.sub_width(self.tries)?;
        let mut text = match self.link {
            Link::Parent(node) => expression::print(context, node, shape)?,
            Link::Field(Member::Named(name)) => format!(".{name}"),
            Link::Field(Member::Unnamed(index)) => format!(".{}", index.index),
            Link::Await => ".await".to_owned(),
            Link::Method(node) => {
                let turbofish = match &node.turbofish {
                    Some(arguments) => path::turbofish(context, arguments, shape)?,
                    None => String::new(),
                };
                let callee = format!(".{}{turbofish}", node.method);
                expression::arguments(context, &callee, &node.args, shape)?
            }
        };
        text.extend(std::iter::repeat_n('?', self.tries));
        Some(text)
    }
}

/// The links of a chain, the first expression first.
fn links(expression: &Expr) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut tries = 0;
    let mut rest = expression;
    loop {
        let plain = std::ptr::eq(rest, expression) || classify::attributes(rest).is_empty();
        let (link, next) = match rest {
            Expr::Try(node) if plain => {
                tries += 1;
                rest = &node.expr;
                continue;
            }
            Expr::MethodCall(node) if plain => (Link::Method(node), Some(&node.receiver)),
            Expr::Field(node) if plain => (Link::Field(&node.member), Some(&node.base)),
            Expr::Await(node) if plain => (Link::Await, Some(&node.base)),
            other => (Link::Parent(other), None),
        };
        items.push(Item { link, tries });
        tries = 0;
        match next {
            Some(next) => rest = next,
            None => break,
        }
    }
    items.reverse();
    items
}

pub(super) fn print(context: &Context, expression: &Expr, shape: Shape) -> Option<String> {
    let items = links(expression);
    let (parent, children) = items.split_first()?;
    if children.is_empty() {
        return parent.print(context, shape);
    }
    let mut chain = Chain::start(context, parent, children, shape)?;
    if chain.children.is_empty() {
        let root = chain.printed.pop()?;
        return text::fits(context, &root, shape).then_some(root);
    }
    let indent = if chain.after_block { 0 } else { TAB };
    let child_shape = shape.block_indent(indent).with_max_width(context);
    let (last, others) = chain.children.split_last()?;
    for child in others {
        chain.printed.push(child.print(context, child_shape)?);
    }
    chain.last(context, last, shape, child_shape)?;
    let result = chain.join(context, child_shape)?;
    text::fits(context, &result, shape).then_some(result)
}

struct Chain<'a> {
    children: &'a [Item<'a>],
    count: usize,
    printed: Vec<String>,
    /// Whether the first line ends with a block, so that links are not indented below it.
    after_block: bool,
    single_line: bool,
}

impl<'a> Chain<'a> {
    /// Prints the first expression, and the links after it that would otherwise leave it alone on
    /// a line as short as the indentation.
    fn start(
        context: &Context,
        parent: &Item<'_>,
        children: &'a [Item<'a>],
        shape: Shape,
    ) -> Option<Chain<'a>> {
        let mut root = parent.print(context, shape)?;
        let mut after_block = match parent.link {
            Link::Parent(node) => classify::ends_with_block(node, &root),
            _ => false,
        };
        let tab = TAB.saturating_sub(shape.offset);
        let count = children.len();
        let mut children = children;
        while let Some((child, rest)) = children.split_first()
            && root.len() <= tab
            && !root.contains('\n')
        {
            let child_shape = shape.offset_left(root.len())?;
            let Some(text) = child.print(context, child_shape) else {
                break;
            };
            root.push_str(&text);
            after_block = text::last_line_extendable(&root);
            children = rest;
        }
        Some(Chain {
            children,
            count,
            printed: vec![root],
            after_block,
            single_line: false,
        })
    }

    /// Prints the last link. It goes on the line of the chain if the chain fits into one line up
    /// to there, and if that does not take more lines than a link per line.
    fn last(
        &mut self,
        context: &Context,
        last: &Item<'_>,
        shape: Shape,
        child_shape: Shape,
    ) -> Option<()> {
        let root = self.printed.first()?;
        let extendable = text::last_line_extendable(root);
        let before = if extendable {
            text::last_line_width(root)
        } else {
            self.printed.iter().map(|text| text::width(text)).sum()
        };
        let before = before + last.tries;
        let width = if self.count == 1 {
            shape.width
        } else {
            shape.width.min(CHAIN_WIDTH)
        };
        let budget = width.saturating_sub(before);
        let flat = self.printed.iter().all(|text| !text.contains('\n')) && budget > 0;
        let own_line = child_shape.sub_width(shape.right_overhead(context) + last.tries);
        let last_shape = if flat {
            shape.sub_width(last.tries)?
        } else if extendable {
            child_shape.sub_width(last.tries)?
        } else {
            own_line?
        };
        let mut chosen = None;
        if (flat || extendable)
            && let Some(one_line) = last_shape.offset_left(before)
            && let Some(same) = last.print(context, one_line)
        {
            let lines = text::lines(&same);
            let fits = text::first_line_width(&same) <= budget;
            if fits && (lines >= TALL_LINES || lines <= 1) {
                self.single_line = flat;
                chosen = Some(same);
            } else {
                match last.print(context, own_line?) {
                    Some(own) if !fits || text::lines(&own) < lines => chosen = Some(own),
                    _ => {
                        self.single_line = fits && flat;
                        chosen = Some(same);
                    }
                }
            }
        }
        let text = match chosen {
            Some(text) if text::is_single_line(&text) => text,
            // A link of several lines has to fit into its own shape in any case.
            chosen => {
                let text = last.print(context, last_shape)?;
                chosen.unwrap_or(text)
            }
        };
        self.printed.push(text);
        Some(())
    }

    fn join(&self, context: &Context, child_shape: Shape) -> Option<String> {
        if self.single_line {
            return Some(self.printed.concat());
        }
        if context.one_line_chain() {
            return None;
        }
        Some(self.printed.join(&child_shape.line_at_offset()))
    }
}
