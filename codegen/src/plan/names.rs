//! The plain names of items: those that they have without a collision.
//!
//! Every name of a model becomes a valid identifier. [`settle`](super::settle) decides if several items would have the
//! same name.

use heck::ToSnakeCase;

use super::case::{is_keyword, type_name, words};
use super::reserved::{constructors, functions, methods, types, variants};
use crate::error::{Error, Result};
use crate::escape;

/// Whether a setter may not have this name; waiters begin with `until_`.
fn is_taken_method(name: &str) -> bool {
    constructors::contains(name) || methods::contains(name) || name.starts_with(WAITER)
}

/// The prefix of the functions that make waiters.
const WAITER: &str = "until_";

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A type: of a shape, a request, a response, or the builder of an operation.
    Type,
    /// A variant of an enum or a union.
    Variant,
    /// A field of a structure, which has a setter.
    Field,
    /// The function and the module of an operation.
    Operation,
    /// The function that makes a waiter.
    Waiter,
}

impl Kind {
    /// Whether generated code uses the name for something else.
    pub(super) fn is_reserved(self, name: &str) -> bool {
        match self {
            Self::Type => is_reserved_type(name),
            Self::Variant => is_taken_variant(name),
            Self::Operation => functions::contains(name),
            // The setter gets another name instead; no other name begins like those of waiters.
            Self::Field | Self::Waiter => false,
        }
    }

    /// The name with a number.
    pub(super) fn numbered(self, name: &str, number: usize) -> String {
        let is_type = matches!(self, Self::Type | Self::Variant);
        match is_type && !name.ends_with(|last: char| last.is_ascii_digit()) {
            true => format!("{name}{number}"),
            // `V110_2` and `name_2`; the underscore of a keyword is not needed any more.
            false => format!("{}_{number}", name.trim_end_matches('_')),
        }
    }

    /// The identifiers that a name occupies: itself, and those that are derived from it.
    pub(super) fn occupied(self, name: &str) -> impl Iterator<Item = String> + use<> {
        let other = match self {
            Self::Field if is_taken_method(name) => Some(setter_name(name)),
            Self::Operation => Some(module_name(name)),
            _ => None,
        };
        let other = other.filter(|other| other != name);
        std::iter::once(name.to_owned()).chain(other)
    }

    /// Whether the name has the case of this kind.
    pub(super) fn fits(self, name: &str) -> bool {
        let is_upper = name.starts_with(|first: char| first.is_ascii_uppercase());
        is_upper == matches!(self, Self::Type | Self::Variant)
    }

    /// Checks a name from a file.
    ///
    /// # Errors
    /// A text that is not an identifier or has another case than rustc expects; keywords and reserved names.
    pub(super) fn validate(self, name: &str) -> Result<()> {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let begins = name.starts_with(|first: char| first.is_ascii_alphabetic());
        if !begins || !name.chars().all(is_part) {
            return Err(Error::new(format!(
                "`{name}` is not a valid name: use ASCII letters, digits and underscores, a letter first"
            )));
        }
        if is_keyword(name) {
            return Err(Error::new(format!("`{name}` is a keyword of Rust")));
        }
        let (is_right, case) = match self {
            Self::Type | Self::Variant => (is_camel_case(name), "upper camel case"),
            Self::Field | Self::Operation | Self::Waiter => (is_snake_case(name), "snake case"),
        };
        if !is_right {
            return Err(Error::new(format!("`{name}` is not in {case}")));
        }
        if self == Self::Waiter && !name.starts_with(WAITER) {
            return Err(Error::new(format!(
                "`{name}` does not begin with `{WAITER}`, as the functions of waiters do"
            )));
        }
        if self.is_reserved(name) {
            return Err(Error::new(format!(
                "generated code uses the name `{name}` for something else"
            )));
        }
        Ok(())
    }
}

/// As the lint `non_camel_case_types` requires: underscores are between digits only.
fn is_camel_case(name: &str) -> bool {
    let is_digit = |part: Option<char>| part.is_some_and(|part| part.is_ascii_digit());
    let mut parts = name.split('_').peekable();
    let mut underscores_are_right = true;
    while let (Some(one), Some(next)) = (parts.next(), parts.peek()) {
        underscores_are_right &= is_digit(one.chars().last()) && is_digit(next.chars().next());
    }
    underscores_are_right && name.starts_with(|first: char| first.is_ascii_uppercase())
}

/// As the lint `non_snake_case` requires.
fn is_snake_case(name: &str) -> bool {
    !name.contains("__") && !name.contains(|letter: char| letter.is_ascii_uppercase())
}

/// The name of the setter of a field.
pub(super) fn setter_name(field: &str) -> String {
    match is_taken_method(field) {
        true => format!("set_{field}"),
        false => field.to_owned(),
    }
}

/// The module of an operation, which is the name of its file as well.
pub(super) fn module_name(function: &str) -> String {
    match escape::is_device(function) {
        true => format!("{function}_"),
        false => function.to_owned(),
    }
}

/// Also a type with the name of its constructor.
fn is_reserved_type(name: &str) -> bool {
    types::contains(name) || is_keyword(name) || constructors::contains(&name.to_snake_case())
}

/// `Unknown` is the variant of every other value, and `Self` a keyword.
fn is_taken_variant(name: &str) -> bool {
    variants::contains(name) || is_keyword(name)
}

/// The variant of a member of a union.
pub(super) fn variant_name(wire: &str) -> String {
    free_variant(wire, "Member")
}

/// The variant of a value of an enum.
pub(super) fn value_name(wire: &str) -> String {
    free_variant(wire, "Value")
}

fn free_variant(wire: &str, suffix: &str) -> String {
    let name = type_name(wire);
    match is_taken_variant(&name) {
        true => format!("{name}{suffix}"),
        false => name,
    }
}

/// The function that makes a waiter.
pub(super) fn waiter_name(wire: &str) -> String {
    let name = words(wire).to_snake_case();
    let name = name.strip_prefix("wait_for_").unwrap_or(&name);
    format!("{WAITER}{name}")
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn names_from_outside_are_those_that_rustc_takes_without_a_warning() {
        for (kind, names) in [
            (Kind::Type, ["Case", "V110_2", "CaseShape", "V1_1_0"]),
            (Kind::Variant, ["V110", "UnknownValue", "A", "Red2"]),
            (Kind::Field, ["user_id_2", "type_", "clone", "x"]),
            (Kind::Operation, ["get", "get_2", "aux", "send_operation"]),
            (
                Kind::Waiter,
                ["until_ready", "until_", "until_2", "until_a_b"],
            ),
        ] {
            for name in names {
                kind.validate(name)
                    .unwrap_or_else(|error| panic!("{error}"));
            }
        }
        for (kind, names) in [
            (Kind::Type, ["case", "Case_Shape", "V110_", "Client"]),
            (Kind::Variant, ["Unknown", "Self", "A_1", "r#A"]),
            (Kind::Field, ["type", "gen", "userId", "a__b"]),
            (Kind::Operation, ["send", "größe", "", "2"]),
            (Kind::Waiter, ["ready", "Until", "until ready", "_until"]),
        ] {
            for name in names {
                assert!(kind.validate(name).is_err(), "{kind:?} {name}");
            }
        }
    }
}
