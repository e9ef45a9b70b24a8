//! Code that evaluates an expression over a response. Every part is an `Option` of its result; `None` is null.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::access::{Access, borrowed, optional_text};
use super::imports::EXPRESSION;
use super::types::ident;
use crate::jmespath::Comparator;
use crate::model::{Expression, ExpressionKind, Path, TextPart, TypeKind, ValueType};
use crate::plan::Plan;

/// The result of an expression that is applied to a place, such as `response`.
pub(super) fn evaluated(plan: &Plan<'_>, expression: &Expression, root: &str) -> TokenStream {
    let root = ident(root);
    let code = Evaluation(plan).code(expression, &quote!(#root));
    match expression.can_fail() {
        true => quote!(#EXPRESSION::evaluate(|failure| #code)),
        false => code,
    }
}

struct Evaluation<'p, 'm>(&'p Plan<'m>);

impl Evaluation<'_, '_> {
    /// The code for an expression that is applied to `root`.
    fn code(&self, expression: &Expression, root: &TokenStream) -> TokenStream {
        let code = |expression: &Expression| self.code(expression, root);
        let helpers = EXPRESSION;
        match &expression.kind {
            ExpressionKind::Members(path) => self.members(path, root),
            ExpressionKind::Entry(map, key) => {
                let map = code(map);
                quote!(#helpers::entry(#map, #key))
            }
            ExpressionKind::Element(list, index) => {
                let (list, index) = (code(list), Literal::i64_unsuffixed(*index));
                quote!(#helpers::element(#list, #index))
            }
            ExpressionKind::Then(first, second) => {
                let (first, next) = (code(first), self.function(second));
                quote!(#helpers::then(#first, #next))
            }
            ExpressionKind::Each {
                list,
                condition,
                body,
            } => self.each(list, condition.as_deref(), body, root),
            ExpressionKind::Flatten(list) => {
                let list = code(list);
                quote!(#helpers::flatten(#list))
            }
            ExpressionKind::Values(map) => {
                let map = code(map);
                quote!(#helpers::values(#map))
            }
            ExpressionKind::Keys(map) => {
                let map = code(map);
                quote!(#helpers::keys(failure, #map, |key| key.as_str()))
            }
            ExpressionKind::Simple(value) => self.simple(value, root),
            ExpressionKind::Widened(value) => {
                let value = code(value);
                quote!(#helpers::widened(#value))
            }
            ExpressionKind::Length(value) => {
                let value = code(value);
                quote!(#helpers::length(failure, #value))
            }
            ExpressionKind::List(all) => {
                let all = all.iter().map(code);
                quote!(Some(vec![#(#all),*]))
            }
            ExpressionKind::Boolean(value) => quote!(Some(#value)),
            ExpressionKind::Integer(value) => {
                let value = Literal::i64_suffixed(*value);
                quote!(Some(#value))
            }
            ExpressionKind::Real(value) => {
                let value = Literal::f64_suffixed(*value);
                quote!(Some(#value))
            }
            ExpressionKind::Text(text) => quote!(Some(#text)),
            other => self.operator(other, root),
        }
    }

    /// Conditions and comparisons.
    fn operator(&self, kind: &ExpressionKind, root: &TokenStream) -> TokenStream {
        let code = |expression: &Expression| self.code(expression, root);
        let helpers = EXPRESSION;
        match kind {
            ExpressionKind::Or(one, two) => {
                let (one, two) = (code(one), code(two));
                quote!(#helpers::or(#one, || #two))
            }
            ExpressionKind::And(one, two) => {
                let (one, two) = (code(one), code(two));
                quote!(#helpers::and(#one, || #two))
            }
            ExpressionKind::Not(value) => {
                let value = code(value);
                quote!(#helpers::not(#value))
            }
            ExpressionKind::Truth(value) => {
                let value = code(value);
                quote!(#helpers::truth(#value))
            }
            ExpressionKind::IsNull(value) => {
                let value = code(value);
                quote!(#helpers::is_null(#value))
            }
            ExpressionKind::Contains(list, item) => {
                let (list, item) = (code(list), code(item));
                quote!(#helpers::contains(failure, #list, #item))
            }
            ExpressionKind::ContainsText(place, text, part) => {
                let (text, part) = (code(text), code(part));
                let has = match place {
                    TextPart::Anywhere => quote!(|text, part| text.contains(part)),
                    TextPart::Start => quote!(|text, part| text.starts_with(part)),
                    TextPart::End => quote!(|text, part| text.ends_with(part)),
                };
                quote!(#helpers::contains_text(failure, #text, #part, #has))
            }
            ExpressionKind::Compare(comparator, one, two) => {
                let (one, two) = (code(one), code(two));
                let compare = match comparator {
                    Comparator::Equal => return quote!(#helpers::equal(#one, #two)),
                    Comparator::NotEqual => {
                        return quote!(#helpers::not(#helpers::equal(#one, #two)));
                    }
                    Comparator::Less => quote!(|one, two| one < two),
                    Comparator::LessOrEqual => quote!(|one, two| one <= two),
                    Comparator::Greater => quote!(|one, two| one > two),
                    Comparator::GreaterOrEqual => quote!(|one, two| one >= two),
                };
                quote!(#helpers::ordered(#one, #two, #compare))
            }
            // All others are in `code`.
            _ => quote!(None),
        }
    }

    fn each(
        &self,
        list: &Expression,
        condition: Option<&Expression>,
        body: &Expression,
        root: &TokenStream,
    ) -> TokenStream {
        let helpers = EXPRESSION;
        let is_nullable = matches!(&list.ty, ValueType::List(element) if matches!(**element, ValueType::Nullable(_)));
        let list = self.code(list, root);
        let Some(condition) = condition else {
            let next = match (is_nullable, is_current(body)) {
                (false, _) => self.function(body),
                (true, true) => quote!(|value| value),
                (true, false) => {
                    let next = self.function(body);
                    quote!(|value| #helpers::then(value, #next))
                }
            };
            return quote!(#helpers::each(#list, #next));
        };
        let value = quote!(value);
        let (condition, body) = (self.code(condition, &value), self.code(body, &value));
        let next = quote!(|value| if #helpers::is_true(#condition) { #body } else { None });
        match is_nullable {
            false => quote!(#helpers::each(#list, #next)),
            true => quote!(#helpers::each(#list, |value| #helpers::then(value, #next))),
        }
    }

    /// A function of the value that an expression follows.
    fn function(&self, expression: &Expression) -> TokenStream {
        match is_current(expression) {
            true => quote!(Some),
            false => {
                let code = self.code(expression, &quote!(value));
                quote!(|value| #code)
            }
        }
    }

    fn members(&self, path: &Path, root: &TokenStream) -> TokenStream {
        if path.0.is_empty() {
            return quote!(Some(#root));
        }
        match borrowed(self.0, path, root) {
            Access::Place(place) => quote!(Some(&#place)),
            Access::Optional(option) | Access::Each(option) => option,
        }
    }

    /// A Boolean, a number or a string of the model.
    fn simple(&self, value: &Expression, root: &TokenStream) -> TokenStream {
        let ValueType::Value(ty) = &value.ty else {
            return self.code(value, root);
        };
        let copy = |place: TokenStream| match ty.kind {
            TypeKind::Byte | TypeKind::Short | TypeKind::Integer => quote!(i64::from(#place)),
            TypeKind::Float => quote!(f64::from(#place)),
            _ => place,
        };
        let is_copied = matches!(
            ty.kind,
            TypeKind::Boolean
                | TypeKind::Byte
                | TypeKind::Short
                | TypeKind::Integer
                | TypeKind::Long
                | TypeKind::Float
                | TypeKind::Double
        );
        if let ExpressionKind::Members(path) = &value.kind {
            match (path.0.is_empty(), is_copied) {
                (true, true) => {
                    let value = copy(quote!(*#root));
                    return quote!(Some(#value));
                }
                (true, false) => return quote!(Some(#root.as_str())),
                (false, true) => {
                    if let Access::Place(place) = borrowed(self.0, path, root) {
                        let value = copy(place);
                        return quote!(Some(#value));
                    }
                }
                (false, false) => {
                    if let Some(text) = optional_text(self.0, path, root) {
                        return text;
                    }
                    if let Access::Place(place) = borrowed(self.0, path, root) {
                        return quote!(Some(#place.as_str()));
                    }
                }
            }
        }
        let code = self.code(value, root);
        match &ty.kind {
            TypeKind::Byte | TypeKind::Short | TypeKind::Integer => {
                quote!(#code.map(|value| i64::from(*value)))
            }
            TypeKind::Float => quote!(#code.map(|value| f64::from(*value))),
            _ if is_copied => quote!(#code.copied()),
            _ => quote!(#code.map(|text| text.as_str())),
        }
    }
}

fn is_current(expression: &Expression) -> bool {
    matches!(&expression.kind, ExpressionKind::Members(path) if path.0.is_empty())
}
