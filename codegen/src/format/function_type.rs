//! Prints the parameter and return types of function pointers and `Fn` bounds.

use syn::punctuated::Punctuated;
use syn::{NamedArg, ReturnType, Token};

use super::context::Context;
use super::list::{self, Layout, Tactic, Trailing};
use super::shape::Shape;
use super::{attribute, text, types};

/// The parameter and return types of a function.
pub(super) struct Function<'a> {
    pub(super) inputs: &'a Punctuated<NamedArg, Token![,]>,
    pub(super) output: &'a ReturnType,
}

impl Function<'_> {
    pub(super) fn print(&self, context: &Context, shape: Shape) -> Option<String> {
        let output_shape = shape.offset_left(4)?;
        let output = match self.output {
            ReturnType::Default => String::new(),
            ReturnType::Type(_, node) => {
                format!(" -> {}", types::print(context, node, output_shape)?)
            }
        };
        let list_shape = Shape::indented(context, shape.block().indent.nested());
        let inputs: Vec<Option<String>> = self
            .inputs
            .iter()
            .map(|input| self::input(context, input, list_shape))
            .collect();
        let tactic = if output.contains('\n') {
            Tactic::Vertical
        } else {
            list::choose(&inputs, 2, shape.width.saturating_sub(2 + output.len()))
        };
        let layout = Layout::new(list_shape, tactic, Trailing::Vertical);
        let inputs_text = list::write(&inputs, &layout)?;
        let arguments = if tactic == Tactic::Horizontal || inputs.is_empty() {
            format!("({inputs_text})")
        } else {
            let (line, end) = (list_shape.indent.line(), shape.block().indent.line());
            format!("({line}{inputs_text}{end})")
        };
        let width = text::last_line_width(&arguments) + text::first_line_width(&output);
        if output.is_empty() || width <= shape.width {
            Some(arguments + &output)
        } else {
            let line = list_shape.indent.line();
            Some(format!("{arguments}{line}{}", output.trim_start()))
        }
    }
}

fn input(context: &Context, input: &NamedArg, shape: Shape) -> Option<String> {
    attribute::reject(context, "a parameter", &input.attrs)?;
    match &input.name {
        None => types::print(context, &input.ty, shape),
        Some((name, _)) => {
            let name = format!("{name}: ");
            let shape = shape.offset_left(name.len())?;
            Some(name + &types::print(context, &input.ty, shape)?)
        }
    }
}
