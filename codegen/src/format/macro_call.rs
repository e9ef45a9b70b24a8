//! Prints macro calls.
//!
//! A call whose arguments can be read as expressions, types or patterns with commas between them
//! is laid out like a function call or an array. `rustfmt` leaves other calls as it finds them, so
//! their tokens go on one line.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Item, Macro, MacroDelimiter, Pat, Token, Type};

use super::argument_list;
use super::context::Context;
use super::list::Trailing;
use super::overflow::{ARRAY_WIDTH, CALL_WIDTH, Delimited};
use super::shape::{Shape, TAB};
use super::{expression as print_expression, path, tokens};

/// An argument of a macro call.
pub(super) enum MacroArgument {
    Expression(Expr),
    Type(Type),
    Pattern(Pat),
}

/// The arguments of a macro call.
pub(super) enum MacroArguments {
    /// Separated by commas.
    List {
        arguments: Vec<MacroArgument>,
        trailing_comma: bool,
    },
    /// `value; count`
    Repeat(Box<Expr>, Box<Expr>),
    /// Anything else.
    Tokens,
}

/// Where a macro call stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Item,
    Statement,
    Expression,
}

pub(super) fn expression(context: &Context, call: &Macro, shape: Shape) -> Option<String> {
    print(context, call, shape, Position::Expression)
}

pub(super) fn print(
    context: &Context,
    call: &Macro,
    shape: Shape,
    position: Position,
) -> Option<String> {
    // Items and statements leave room for a semicolon.
    let reserved = usize::from(position != Position::Expression);
    let shape = Shape {
        width: shape.width.saturating_sub(reserved),
        ..shape
    };
    let name = format!("{}!", path::plain(&call.path));
    let is_vec = name == "vec!";
    let list_like = is_vec && !context.inside_macro();
    let semicolon = match (position, &call.delimiter) {
        (Position::Item, MacroDelimiter::Paren(_) | MacroDelimiter::Bracket(_)) => ";",
        _ => "",
    };
    let delimiters = match &call.delimiter {
        _ if list_like => ("[", "]"),
        MacroDelimiter::Paren(_) => ("(", ")"),
        MacroDelimiter::Bracket(_) => ("[", "]"),
        MacroDelimiter::Brace(_) => return in_braces(context, &name, call),
    };
    let (open, close) = delimiters;
    if call.tokens.is_empty() {
        return Some(format!("{name}{open}{close}{semicolon}"));
    }
    let arguments = context.macro_arguments(call, || parse(call, is_vec));
    let text = match arguments.as_ref() {
        MacroArguments::Tokens => {
            format!("{name}{open}{}{close}", unformatted(context, call)?)
        }
        MacroArguments::Repeat(value, count) => {
            let print = || repeat(context, &name, delimiters, (value, count), shape);
            context.with_macro(true, print)?
        }
        MacroArguments::List {
            arguments,
            trailing_comma,
        } => {
            let list = Delimited {
                name: &name,
                items: arguments
                    .iter()
                    .map(argument_list::Item::MacroArgument)
                    .collect(),
                delimiters,
                item_width: if open == "[" { ARRAY_WIDTH } else { CALL_WIDTH },
                trailing: match (list_like, trailing_comma) {
                    (true, _) => Trailing::Vertical,
                    (false, true) => Trailing::Always,
                    (false, false) => Trailing::Never,
                },
            };
            context.with_macro(!list_like, || list.print(context, shape))?
        }
    };
    Some(text + semicolon)
}

fn in_braces(context: &Context, name: &str, call: &Macro) -> Option<String> {
    if call.tokens.is_empty() {
        return Some(format!("{name} {{}}"));
    }
    Some(format!("{name} {{ {} }}", unformatted(context, call)?))
}

/// The tokens of a call that `rustfmt` leaves as it finds it. Fails for those that it would lay
/// out after all: items, `?name` arguments and `lazy_static!`.
fn unformatted(context: &Context, call: &Macro) -> Option<String> {
    let starts_with_item = |input: ParseStream<'_>| {
        let is_item = input.parse::<Item>().is_ok();
        input.parse::<TokenStream>()?;
        Ok(is_item)
    };
    let has_items = starts_with_item
        .parse2(call.tokens.clone())
        .unwrap_or(false);
    let text = tokens::print(call.tokens.clone());
    let questions = text.starts_with('?') || text.contains(",?") || text.contains(", ?");
    if has_items || questions || text.contains('\n') || call.path.is_ident("lazy_static") {
        return context.unsupported("a macro call like this", call.to_token_stream());
    }
    Some(text)
}

fn repeat(
    context: &Context,
    name: &str,
    (open, close): (&str, &str),
    (value, count): (&Expr, &Expr),
    shape: Shape,
) -> Option<String> {
    let nested = shape.offset_left(name.len())?.block_indent(TAB);
    let value = print_expression::print(context, value, nested)?;
    let count = print_expression::print(context, count, nested)?;
    let single = !value.contains('\n') && !count.contains('\n');
    if single && value.len() + count.len() + 8 <= shape.width {
        return Some(format!("{name}{open}{value}; {count}{close}"));
    }
    let (line, end) = (nested.indent.line(), shape.indent.line());
    Some(format!(
        "{name}{open}{line}{value};{line}{count}{end}{close}"
    ))
}

fn parse(call: &Macro, is_vec: bool) -> MacroArguments {
    let parser = |input: ParseStream<'_>| arguments(input, is_vec);
    parser
        .parse2(call.tokens.clone())
        .unwrap_or(MacroArguments::Tokens)
}

fn arguments(input: ParseStream<'_>, is_vec: bool) -> syn::Result<MacroArguments> {
    let mut arguments = Vec::new();
    let mut trailing_comma = false;
    while !input.is_empty() {
        let argument = argument(input)?;
        if is_vec
            && arguments.is_empty()
            && input.peek(Token![;])
            && let MacroArgument::Expression(value) = argument
        {
            input.parse::<Token![;]>()?;
            let count: Expr = input.parse()?;
            if !input.is_empty() {
                return Err(input.error("unexpected token"));
            }
            return Ok(MacroArguments::Repeat(Box::new(value), Box::new(count)));
        }
        arguments.push(argument);
        trailing_comma = input.peek(Token![,]);
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(MacroArguments::List {
        arguments,
        trailing_comma,
    })
}

fn argument(input: ParseStream<'_>) -> syn::Result<MacroArgument> {
    attempt(input, |input| input.parse().map(MacroArgument::Expression))
        .or_else(|_| attempt(input, |input| input.parse().map(MacroArgument::Type)))
        .or_else(|_| {
            attempt(input, |input| {
                Pat::parse_single(input).map(MacroArgument::Pattern)
            })
        })
}

/// Parses an argument that ends at a comma, a semicolon or the end. Takes no input if it fails.
fn attempt(
    input: ParseStream<'_>,
    parse: impl Fn(ParseStream<'_>) -> syn::Result<MacroArgument>,
) -> syn::Result<MacroArgument> {
    let fork = input.fork();
    parse(&fork)?;
    if !(fork.is_empty() || fork.peek(Token![,]) || fork.peek(Token![;])) {
        return Err(fork.error("unexpected token"));
    }
    parse(input)
}
