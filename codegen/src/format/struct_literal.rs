//! Prints struct literals, and the braces of struct patterns.

use syn::{ExprStruct, FieldValue, Member};

use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::path::{self, Position};
use super::shape::{Shape, TAB};
use super::{attribute, expression};

/// Columns the fields may take on one line.
const FIELDS_WIDTH: usize = 18;

/// The room for the fields in braces.
pub(super) struct Rooms {
    /// On the line of the path.
    pub(super) one_line: Option<Shape>,
    /// One field per line.
    pub(super) lines: Shape,
}

impl Rooms {
    pub(super) fn new(context: &Context, shape: Shape, prefix: usize, suffix: usize) -> Rooms {
        let one_line = shape
            .width
            .checked_sub(prefix + suffix)
            .map(|width| Shape::new(width.min(FIELDS_WIDTH), shape.indent));
        Rooms {
            one_line,
            lines: shape.block_indent(TAB).with_max_width(context),
        }
    }

    pub(super) fn one_line_width(&self) -> usize {
        self.one_line.map_or(0, |shape| shape.width)
    }

    pub(super) fn tactic(&self, fields: &[Option<String>]) -> Tactic {
        match self.one_line {
            Some(shape) => list::choose(fields, 2, shape.width),
            None => Tactic::Vertical,
        }
    }

    /// The fields with what stands between them and the braces.
    pub(super) fn wrap(&self, fields: &str, shape: Shape) -> String {
        if fields.contains('\n') || fields.len() > self.one_line_width() {
            let (line, end) = (self.lines.indent.line(), shape.indent.line());
            format!("{line}{fields}{end}")
        } else {
            format!(" {fields} ")
        }
    }
}

pub(super) fn print(context: &Context, node: &ExprStruct, shape: Shape) -> Option<String> {
    let self_type = node.qself.as_ref();
    let path_shape = shape.sub_width(2)?;
    let path = path::print(
        context,
        Position::Expression,
        self_type,
        &node.path,
        path_shape,
    )?;
    if node.fields.is_empty() && node.rest.is_none() {
        let rest = if node.dot2_token.is_some() {
            " .. "
        } else {
            ""
        };
        return Some(format!("{path} {{{rest}}}"));
    }
    let rooms = Rooms::new(context, shape, path.len() + 3, 2);
    let field_shape = rooms.lines.sub_width(1)?;
    let mut fields: Vec<Option<String>> = node
        .fields
        .iter()
        .map(|node| field(context, node, field_shape))
        .collect();
    let has_rest = node.dot2_token.is_some();
    if has_rest {
        fields.push(match &node.rest {
            Some(rest) => rooms
                .lines
                .offset_left(2)
                .and_then(|shape| expression::print(context, rest, shape))
                .map(|text| format!("..{text}")),
            None => Some("..".to_owned()),
        });
    }
    let tactic = rooms.tactic(&fields);
    let bare = context.inside_macro() && !node.fields.trailing_punct();
    let trailing = if has_rest || bare {
        Trailing::Never
    } else {
        Trailing::Vertical
    };
    let text = list::write(&fields, &Layout::new(rooms.lines, tactic, trailing))?;
    Some(format!("{path} {{{}}}", rooms.wrap(&text, shape)))
}

pub(super) fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

fn field(context: &Context, node: &FieldValue, shape: Shape) -> Option<String> {
    let attributes = attribute::above(context, &node.attrs, shape)?;
    let name = member(&node.member);
    if node.colon_token.is_none() {
        return Some(attributes + &name);
    }
    let value_shape = shape.offset_left(name.len() + 2)?;
    if let Some(value) = expression::print(context, &node.expr, value_shape) {
        return Some(format!("{attributes}{name}: {value}"));
    }
    let indent = shape.indent.nested();
    let value = expression::print(context, &node.expr, Shape::indented(context, indent))?;
    Some(format!("{attributes}{name}:{}{value}", indent.line()))
}
