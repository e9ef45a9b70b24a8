//! The parameters and variables in the scope of a rule, and what is known about them there.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use super::decision::{Parameter, Source};
use super::functions::LIBRARY;
use super::rules;
use super::term::{Term, Type, Typed};
use crate::error::{Context, Error, Result};

/// Values by their names in the rule set.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope(BTreeMap<String, Typed>);

impl Scope {
    /// The value of a parameter or variable.
    ///
    /// # Errors
    ///
    /// A name that nothing in scope has.
    pub(super) fn get(&self, name: &str) -> Result<&Typed> {
        self.0.get(name).ok_or_else(|| {
            let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
            let known = known.join(", ");
            Error::new(format!(
                "`{name}` is neither a parameter nor a variable in scope (in scope: {known})"
            ))
        })
    }

    /// Adds a value under a new name.
    ///
    /// # Errors
    ///
    /// A name that is taken.
    pub(super) fn add(&mut self, name: &str, value: Typed) -> Result<()> {
        if self.0.contains_key(name) {
            return Err(Error::new(format!("the name `{name}` is already taken")));
        }
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    /// The variable of the generated code for a new name: rule sets distinguish `ResourceArn` and `resourceArn`.
    ///
    /// # Errors
    ///
    /// A name that is not an identifier.
    pub(super) fn free_ident(&self, name: &str) -> Result<String> {
        let first = ident(name)?;
        let is_taken = |ident: &String| {
            let mut known = self.0.values();
            known.any(|value| matches!(&value.term, Term::Variable(other) if other == ident))
        };
        let mut free = first.clone();
        let mut number = 2;
        while is_taken(&free) {
            free = format!("{first}_{number}");
            number += 1;
        }
        Ok(free)
    }

    /// Records that a variable has a certain value from here on.
    pub(super) fn learn(&mut self, ident: &str, value: Term) {
        for known in self.0.values_mut() {
            if matches!(&known.term, Term::Variable(name) if name == ident) {
                known.term = value.clone();
            }
        }
    }

    /// Records that an optional value is set from here on.
    pub(super) fn narrow(&mut self, name: &str) {
        if let Some(known) = self.0.get_mut(name) {
            known.ty = known.ty.inner().clone();
        }
    }
}

/// The variable of the generated code for a name of a rule set.
///
/// # Errors
///
/// A name that is not an identifier.
fn ident(name: &str) -> Result<String> {
    let snake = name.to_snake_case();
    let well_formed = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && snake.starts_with(|first: char| first.is_ascii_alphabetic());
    if !well_formed {
        return Err(Error::new(format!("`{name}` is not an identifier")));
    }
    let taken = LIBRARY.contains(&snake.as_str())
        || snake == "parameters"
        || syn::parse_str::<syn::Ident>(&snake).is_err();
    Ok(if taken {
        format!("{snake}_value")
    } else {
        snake
    })
}

/// The scope of the outermost rules, and the parameters that the client sets.
///
/// # Errors
///
/// A parameter of an unknown type, with a default of another type, or required without a source.
pub(super) fn of_parameters(
    parameters: &BTreeMap<String, rules::Parameter>,
    context: &BTreeSet<String>,
) -> Result<(Scope, Vec<Parameter>, Vec<String>)> {
    let mut scope = Scope::default();
    let mut known = Vec::new();
    let mut never_set = Vec::new();
    for (name, parameter) in parameters {
        let source = match &parameter.built_in {
            Some(built_in) => Source::of(built_in),
            None => None,
        };
        let source = source.or(context.contains(name).then_some(Source::Context));
        let value = match source {
            Some(source) => {
                let parameter = match source {
                    Source::Context => of_operation(&scope, name, parameter),
                    _ => built_in(&scope, name, parameter, source),
                };
                parameter.map(|parameter| {
                    let term = Term::Variable(parameter.ident.clone());
                    let value = Typed::new(term, parameter.ty.clone());
                    known.push(parameter);
                    value
                })
            }
            None => {
                never_set.push(name.clone());
                constant(parameter)
            }
        };
        let place = || format!("parameters.{name}");
        scope.add(name, value.at(place())?).at(place())?;
    }
    Ok((scope, known, never_set))
}

fn ty(parameter: &rules::Parameter) -> Result<Type> {
    match parameter.kind.to_ascii_lowercase().as_str() {
        "string" => Ok(Type::String),
        "boolean" => Ok(Type::Boolean),
        "stringarray" => Ok(Type::StringArray),
        _ => Err(Error::new(format!(
            "type `{}` is none of `string`, `boolean`, `stringArray`",
            parameter.kind
        ))),
    }
}

fn built_in(
    scope: &Scope,
    name: &str,
    parameter: &rules::Parameter,
    source: Source,
) -> Result<Parameter> {
    let found = ty(parameter)?;
    if let Some(expected) = source.ty()
        && expected != found
    {
        return Err(Error::new(format!(
            "a built-in of type {expected} has the type {found} here"
        )));
    }
    let default = match (&found, default(parameter, &found)?) {
        (Type::Boolean, Some(Term::Boolean(true))) => {
            return Err(Error::new(
                "a default of `true` is not supported: the default of a client is `false`",
            ));
        }
        (Type::String, default) => default,
        _ => None,
    };
    let always = parameter.required || default.is_some() || found == Type::Boolean;
    Ok(Parameter {
        name: name.to_owned(),
        ident: scope.free_ident(name)?,
        ty: if always { found } else { found.optional() },
        source,
        default,
    })
}

/// A parameter that operations, requests or clients set, or some of them.
fn of_operation(scope: &Scope, name: &str, parameter: &rules::Parameter) -> Result<Parameter> {
    let ty = ty(parameter)?;
    let default = default(parameter, &ty)?;
    let always = parameter.required || default.is_some();
    Ok(Parameter {
        name: name.to_owned(),
        ident: scope.free_ident(name)?,
        ty: if always { ty } else { ty.optional() },
        source: Source::Context,
        default,
    })
}

/// A parameter that the client never sets always has its default, or no value.
fn constant(parameter: &rules::Parameter) -> Result<Typed> {
    let ty = ty(parameter)?;
    match default(parameter, &ty)? {
        Some(term) => Ok(Typed::new(term, ty)),
        None if parameter.required => Err(Error::new(
            "the parameter is required, has no default, and is neither set by operations, requests or settings of \
             the client, nor one of the built-ins that a client knows (AWS::Region, AWS::UseFIPS, AWS::UseDualStack, \
             AWS::Auth::AccountId, AWS::Auth::AccountIdEndpointMode, SDK::Endpoint)",
        )),
        None => Ok(Typed::new(Term::Unset, ty.optional())),
    }
}

fn default(parameter: &rules::Parameter, ty: &Type) -> Result<Option<Term>> {
    use serde_json::Value;
    let Some(default) = &parameter.default else {
        return Ok(None);
    };
    let term = match (ty, default) {
        (Type::String, Value::String(text)) => Some(Term::String(text.clone())),
        (Type::Boolean, Value::Bool(value)) => Some(Term::Boolean(*value)),
        (Type::StringArray, Value::Array(values)) => {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().map(Term::Array)
        }
        _ => None,
    };
    match term {
        Some(term) => Ok(Some(term)),
        None => Err(Error::new(format!(
            "the default {default} is not of type {ty}"
        ))),
    }
}
