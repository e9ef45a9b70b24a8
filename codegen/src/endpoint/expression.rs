//! Terms as Rust expressions.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;

use super::term::{Piece, Term};
use crate::emit::imports::{Import, outside};
use crate::error::Result;

/// A type or a function of the runtime's part for endpoints.
pub(super) const fn from_runtime(name: &'static str) -> Import {
    outside("attache_runtime::plumbing::endpoint", name)
}

/// An identifier that scopes have chosen.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// A text that outlives the parameters: a constant, or a copy.
pub(super) fn kept(term: &Term) -> Result<TokenStream> {
    let tokens = value(term)?;
    Ok(match term {
        Term::String(_) | Term::Format(_) => tokens,
        Term::Library(..) => tokens,
        Term::Method(..) => quote! { #tokens.into_owned() },
        Term::If(..) => quote! { (#tokens).to_owned() },
        _ => quote! { #tokens.to_owned() },
    })
}

/// A term where a function needs a reference.
pub(super) fn argument(term: &Term) -> Result<TokenStream> {
    let tokens = value(term)?;
    Ok(if term.is_owned() {
        quote! { &#tokens }
    } else {
        tokens
    })
}

pub(super) fn value(term: &Term) -> Result<TokenStream> {
    Ok(match term {
        Term::Unset => quote! { None },
        Term::Boolean(value) => quote! { #value },
        Term::String(text) => quote! { #text },
        Term::Integer(number) => {
            let number = Literal::i64_unsuffixed(*number);
            quote! { #number }
        }
        Term::Array(texts) => quote! { [#(#texts),*] },
        Term::Variable(name) => {
            let name = ident(name);
            quote! { #name }
        }
        Term::Format(pieces) => format(pieces)?,
        Term::Field(of, field) => {
            let (of, field) = (value(of)?, ident(field));
            quote! { #of.#field }
        }
        Term::Method(of, method) => {
            let (of, method) = (value(of)?, ident(method));
            quote! { #of.#method() }
        }
        Term::ResourceId(of, index) => {
            let (of, index) = (value(of)?, Literal::usize_unsuffixed(*index));
            quote! { #of.resource_id(#index) }
        }
        Term::Element(of, index) => element(&value(of)?, *index),
        Term::Equal(left, right) => equality(left, right)?,
        Term::Not(inner) => negation(inner)?,
        Term::IsSet(inner) => {
            let inner = operand(inner)?;
            quote! { #inner.is_some() }
        }
        Term::Library(function, arguments) => library(function, arguments)?,
        Term::Or(first, second, always) => {
            let (first, second) = (operand(first)?, value(second)?);
            match always {
                true => quote! { #first.unwrap_or(#second) },
                false => quote! { #first.or(#second) },
            }
        }
        Term::If(condition, yes, no) => {
            let (condition, yes, no) = (value(condition)?, value(yes)?, value(no)?);
            quote! { if #condition { #yes } else { #no } }
        }
        Term::Some(inner) => {
            let inner = value(inner)?;
            quote! { Some(#inner) }
        }
    })
}

/// A call of a function of the runtime.
fn library(function: &'static str, arguments: &[Term]) -> Result<TokenStream> {
    let function = from_runtime(function);
    let arguments = arguments.iter().map(argument);
    let arguments = arguments.collect::<Result<Vec<_>>>()?;
    Ok(quote! { #function(#(#arguments),*) })
}

/// A term where something follows or precedes it that binds more tightly than `if`.
pub(super) fn operand(term: &Term) -> Result<TokenStream> {
    let tokens = value(term)?;
    Ok(match term {
        Term::If(..) => quote! { (#tokens) },
        _ => tokens,
    })
}

fn element(of: &TokenStream, index: i64) -> TokenStream {
    let place = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    match index {
        0 => quote! { #of.first().copied() },
        -1 => quote! { #of.last().copied() },
        1.. => {
            let place = Literal::usize_unsuffixed(place);
            quote! { #of.get(#place).copied() }
        }
        ..-1 => {
            let place = Literal::usize_unsuffixed(place - 1);
            quote! { #of.iter().nth_back(#place).copied() }
        }
    }
}

/// Whether a term is the empty text. clippy (`comparison_to_empty`) demands `is_empty` instead of a comparison with it. A
/// literal is always the right side of a comparison.
fn is_empty_text(right: &Term) -> bool {
    matches!(right, Term::String(text) if text.is_empty())
}

fn equality(left: &Term, right: &Term) -> Result<TokenStream> {
    let left = operand(left)?;
    if is_empty_text(right) {
        return Ok(quote! { #left.is_empty() });
    }
    let right = operand(right)?;
    Ok(quote! { #left == #right })
}

/// The negation of a term in its shortest form.
fn negation(term: &Term) -> Result<TokenStream> {
    Ok(match term {
        Term::Equal(left, right) if !is_empty_text(right) => {
            let (left, right) = (operand(left)?, operand(right)?);
            quote! { #left != #right }
        }
        Term::IsSet(inner) => {
            let inner = operand(inner)?;
            quote! { #inner.is_none() }
        }
        _ => {
            let term = operand(term)?;
            quote! { !#term }
        }
    })
}

fn format(pieces: &[Piece]) -> Result<TokenStream> {
    let mut template = String::new();
    let mut arguments = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Literal(text) => {
                template.push_str(&text.replace('{', "{{").replace('}', "}}"));
            }
            Piece::Value(Term::Variable(name)) => {
                template.push_str(&format!("{{{name}}}"));
            }
            Piece::Value(term) => {
                template.push_str("{}");
                arguments.push(value(term)?);
            }
        }
    }
    Ok(quote! { format!(#template #(, #arguments)*) })
}
