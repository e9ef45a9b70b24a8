//! Waiters: `smithy.waiters#waitable`, and `attache#waiters` for the number of attempts and the statuses of a C2J waiter.
//!
//! Plain paths (see [`super::path`]) and empty lists have matchers of their own; everything else is an expression (see
//! [`super::expression`]). A waiter with an acceptor that cannot be generated is left out with a warning, because with only
//! some of its acceptors it would wait for something else.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::Lowering;
use crate::ast::trait_id;
use crate::error::{Context, Result};
use crate::jmespath;
use crate::model::{
    Acceptor, AcceptorState, Definition, Expected, Matcher, Operation, Type, TypeKind, ValueType,
    Waiter,
};

/// The keys of one waiter (Smithy specification, "waitable trait").
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Waitable {
    acceptors: Vec<AcceptorTrait>,
    #[serde(default = "Waitable::default_min_delay")]
    min_delay: u64,
    #[serde(default = "Waitable::default_max_delay")]
    max_delay: u64,
    #[serde(default)]
    deprecated: bool,
    /// Groups waiters in documentation.
    #[serde(default, rename = "tags")]
    _tags: Vec<String>,
    /// Prose.
    #[serde(default, rename = "documentation")]
    _documentation: Option<String>,
}

impl Waitable {
    fn default_min_delay() -> u64 {
        2
    }

    fn default_max_delay() -> u64 {
        120
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AcceptorTrait {
    state: AcceptorState,
    matcher: MatcherTrait,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum MatcherTrait {
    Success(bool),
    ErrorType(String),
    Output(Comparison),
    InputOutput(IgnoredAny),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Comparison {
    path: String,
    expected: String,
    comparator: Comparator,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::enum_variant_names,
    reason = "the names are those of the Smithy specification, \"PathComparator\""
)]
enum Comparator {
    StringEquals,
    BooleanEquals,
    AllStringEquals,
    AnyStringEquals,
}

/// `attache#waiters` of one waiter.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Bound {
    max_attempts: u64,
    /// The HTTP statuses that acceptors compare, by the index of the acceptor, instead of the name of an error.
    #[serde(default)]
    statuses: BTreeMap<usize, u16>,
}

impl Lowering<'_> {
    /// Sets the waiters of the operations.
    pub(super) fn lower_waiters(&mut self) -> Result<()> {
        for index in 0..self.service.operations.len() {
            let operation = &self.service.operations[index];
            let traits = &self.model.shape(&operation.id)?.traits;
            let waiters: BTreeMap<String, Waitable> = traits
                .parse(trait_id::WAITABLE)
                .at(&operation.id)?
                .unwrap_or_default();
            let bounds: BTreeMap<String, Bound> = traits
                .parse(trait_id::attache::WAITERS)
                .at(&operation.id)?
                .unwrap_or_default();
            let mut lowered = Vec::new();
            let mut warnings = Vec::new();
            for (name, waitable) in waiters {
                match self.waiter(operation, &name, &waitable, bounds.get(&name)) {
                    Ok(waiter) => lowered.push(waiter),
                    Err(reason) => warnings.push(format!(
                        "{}: the waiter `{name}` is left out: {reason}",
                        operation.id
                    )),
                }
            }
            self.service.warnings.extend(warnings);
            self.service.operations[index].waiters = lowered;
        }
        Ok(())
    }

    fn waiter(
        &self,
        operation: &Operation,
        name: &str,
        waitable: &Waitable,
        bound: Option<&Bound>,
    ) -> std::result::Result<Waiter, String> {
        let acceptors: std::result::Result<Vec<Acceptor>, String> = waitable
            .acceptors
            .iter()
            .map(|acceptor| {
                Ok(Acceptor {
                    state: acceptor.state,
                    matcher: self.matcher(operation, &acceptor.matcher)?,
                })
            })
            .collect();
        let mut acceptors = acceptors?;
        for (index, status) in bound.iter().flat_map(|bound| &bound.statuses) {
            match acceptors.get_mut(*index).map(|one| &mut one.matcher) {
                Some(matcher @ Matcher::ErrorType(_)) => *matcher = Matcher::Status(*status),
                _ => {
                    return Err(format!(
                        "`statuses` has {status} for acceptor {index}, which names no error"
                    ));
                }
            }
        }
        if !acceptors
            .iter()
            .any(|acceptor| acceptor.state == AcceptorState::Success)
        {
            return Err("no acceptor means success".to_owned());
        }
        Ok(Waiter {
            name: name.to_owned(),
            acceptors,
            min_delay: waitable.min_delay,
            max_delay: waitable.max_delay.max(waitable.min_delay),
            deadline: bound
                .map(|bound| bound.max_attempts.saturating_mul(waitable.min_delay.max(1))),
            deprecated: waitable.deprecated,
        })
    }

    fn matcher(
        &self,
        operation: &Operation,
        matcher: &MatcherTrait,
    ) -> std::result::Result<Matcher, String> {
        let comparison = match matcher {
            MatcherTrait::Success(success) => return Ok(Matcher::Success(*success)),
            MatcherTrait::ErrorType(name) => {
                let name = name.rsplit('#').next().unwrap_or(name);
                return Ok(Matcher::ErrorType(name.to_owned()));
            }
            MatcherTrait::InputOutput(_) => {
                return Err("it compares the response with the request".to_owned());
            }
            MatcherTrait::Output(comparison) => comparison,
        };
        let Comparison {
            path: text,
            expected,
            comparator,
        } = comparison;
        if let (Some(list), Comparator::BooleanEquals, "true") =
            (empty_list(text), comparator, expected.as_str())
        {
            let (path, _) = self.path(operation.response, &format!("{list}[]"))?;
            return Ok(Matcher::Empty(path));
        }
        let Ok((path, ty)) = self.path(operation.response, text) else {
            return self.comparison(operation, comparison);
        };
        let unfit = || format!("`{text}` is not what `{comparator:?}` compares");
        let expected = expected.clone();
        match comparator {
            Comparator::BooleanEquals if ty.kind == TypeKind::Boolean && !path.has_each() => {
                match expected.as_str() {
                    "true" => Ok(Matcher::Boolean(path, true)),
                    "false" => Ok(Matcher::Boolean(path, false)),
                    other => Err(format!("`{other}` is not a Boolean")),
                }
            }
            Comparator::StringEquals if self.is_text(ty) && !path.has_each() => {
                Ok(Matcher::Text(path, expected))
            }
            Comparator::AllStringEquals | Comparator::AnyStringEquals => {
                let path = self.each_text(path, ty).ok_or_else(unfit)?;
                Ok(match comparator {
                    Comparator::AllStringEquals => Matcher::AllText(path, expected),
                    _ => Matcher::AnyText(path, expected),
                })
            }
            _ => Err(unfit()),
        }
    }

    /// A comparison of more than a path.
    fn comparison(
        &self,
        operation: &Operation,
        comparison: &Comparison,
    ) -> std::result::Result<Matcher, String> {
        let Comparison {
            path: text,
            expected,
            comparator,
        } = comparison;
        let problem = |problem| format!("`{text}`: {problem}");
        let node = jmespath::parse(text).map_err(problem)?;
        let value = self.response_expression(operation, &node);
        let value = value.map_err(problem)?;
        let expected = match (comparator, &value.ty, expected.as_str()) {
            (Comparator::BooleanEquals, ValueType::Boolean, "true") => Expected::Boolean(true),
            (Comparator::BooleanEquals, ValueType::Boolean, "false") => Expected::Boolean(false),
            (Comparator::StringEquals, ValueType::Text, text) => Expected::Text(text.to_owned()),
            (Comparator::AllStringEquals, ValueType::List(element), text)
                if **element == ValueType::Text =>
            {
                Expected::All(text.to_owned())
            }
            (Comparator::AnyStringEquals, ValueType::List(element), text)
                if **element == ValueType::Text =>
            {
                Expected::Any(text.to_owned())
            }
            _ => return Err(format!("`{text}` is not what `{comparator:?}` compares")),
        };
        let text = text.clone();
        Ok(Matcher::Expression {
            text,
            value,
            expected,
        })
    }

    /// A path to many strings: one that goes through a list, or ends at a list of strings.
    fn each_text(&self, mut path: crate::model::Path, ty: &Type) -> Option<crate::model::Path> {
        if path.has_each() && self.is_text(ty) {
            return Some(path);
        }
        match &ty.kind {
            TypeKind::List {
                element,
                sparse: false,
            } if self.is_text(element) => {
                path.0.last_mut()?.each = true;
                Some(path)
            }
            _ => None,
        }
    }

    pub(super) fn is_text(&self, ty: &Type) -> bool {
        match &ty.kind {
            TypeKind::String { .. } => true,
            TypeKind::Named(id) => {
                matches!(self.service.types[id.0].definition, Definition::Enum(_))
            }
            _ => false,
        }
    }
}

/// The path of the list in the JMESPath expression for a list that is empty or not there: the length of `null` would be an
/// error.
fn empty_list(text: &str) -> Option<&str> {
    let path = text.strip_prefix("length(")?;
    path.strip_suffix(" || `[]`) == `0`")
}
