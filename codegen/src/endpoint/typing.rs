//! Checks the types of a rule set and determines which decisions remain for a running client.
//!
//! The generated code must compile, so what the Smithy specification calls "statically verified" is verified here, with
//! the rule as the place of the error. In the same walk, conditions whose result is known are removed: those on
//! parameters that a client never sets, and those that an earlier rule has decided. The code then contains no test with
//! a known result, and no unreachable rule.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::bounds;
use super::decision::{AuthScheme, Branch, Decision, Endpoint, Local, Outcome, Test};
use super::functions;
use super::rules::{self, Condition, Expression, Rule, RuleSet, typed};
use super::scope::{self, Scope};
use super::template::{self, Part};
use super::term::{Piece, Term, Type, Typed};
use crate::error::{Context, Error, Result};

/// The result of a condition.
pub(super) enum Verdict {
    /// It holds.
    Always,
    /// It does not hold.
    Never,
    /// It depends on the inputs.
    Depends(Test),
}

/// The decision procedure of a rule set.
///
/// # Errors
///
/// Rules that would not compile or would mean something else in Rust, with the place of the rule.
pub(super) fn decision(rule_set: &RuleSet, context: &BTreeSet<String>) -> Result<Decision> {
    bounds::validate(rule_set)?;
    let (scope, parameters, never_set) = scope::of_parameters(&rule_set.parameters, context)?;
    Ok(Decision {
        parameters,
        never_set,
        branches: branches(&scope, &rule_set.rules, true)?,
    })
}

/// Checks rules. Those that are not `reachable` are checked as well, because being unreachable may be a mistake.
fn branches(scope: &Scope, rules: &[Rule], mut reachable: bool) -> Result<Vec<Branch>> {
    let mut scope = scope.clone();
    let mut branches = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let branch = branch(&scope, rule, reachable).at(format_args!("rules[{index}]"))?;
        let Some(branch) = branch else {
            continue;
        };
        reachable = branch
            .tests
            .iter()
            .any(|test| !matches!(test, Test::Let(_)));
        if let [test] = branch.tests.as_slice() {
            learn_opposite(&mut scope, test);
        }
        branches.push(branch);
    }
    Ok(branches)
}

/// Records what is known about the variables after a rule with this only test did not match.
fn learn_opposite(scope: &mut Scope, test: &Test) {
    match test {
        Test::True(Term::Variable(ident)) => scope.learn(ident, Term::Boolean(false)),
        Test::True(Term::Not(inner)) => {
            if let Term::Variable(ident) = &**inner {
                scope.learn(ident, Term::Boolean(true));
            }
        }
        Test::Bind(local) => {
            if let Term::Variable(ident) = &local.value {
                scope.learn(ident, Term::Unset);
            }
        }
        Test::True(_) | Test::Let(_) => {}
    }
}

/// Records what is known about the variables after a test held.
fn learn(scope: &mut Scope, term: &Term) {
    match term {
        Term::Variable(ident) => scope.learn(ident, Term::Boolean(true)),
        Term::Not(inner) => match &**inner {
            Term::Variable(ident) => scope.learn(ident, Term::Boolean(false)),
            Term::IsSet(value) => {
                if let Term::Variable(ident) = &**value {
                    scope.learn(ident, Term::Unset);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

/// The branch of a rule, or `None` if it can never match.
fn branch(scope: &Scope, rule: &Rule, mut reachable: bool) -> Result<Option<Branch>> {
    let mut scope = scope.clone();
    let mut tests = Vec::new();
    for (index, condition) in rule.conditions.iter().enumerate() {
        tests.extend(implied(&mut scope, &condition.call));
        match self::condition(&mut scope, condition).at(format_args!("conditions[{index}]"))? {
            Verdict::Always => {}
            Verdict::Never => reachable = false,
            Verdict::Depends(test) => tests.push(test),
        }
    }
    let outcome = match &rule.outcome {
        rules::Outcome::Endpoint(endpoint) => {
            Outcome::Endpoint(self::endpoint(&scope, endpoint).at("endpoint")?)
        }
        rules::Outcome::Error(message) => Outcome::Error(text(&scope, message).at("error")?),
        rules::Outcome::Tree(rules) => Outcome::Branches(branches(&scope, rules, reachable)?),
    };
    Ok(reachable.then_some(Branch { tests, outcome }))
}

/// Checks a condition and records in the scope what follows from it.
pub(super) fn condition(scope: &mut Scope, condition: &Condition) -> Result<Verdict> {
    let Typed { term, ty } = expression(scope, &condition.call)?;
    if let Some(name) = &condition.assign {
        return assign(scope, name, term, ty).at(format_args!("assign {name}"));
    }
    if let Some(name) = narrowed(&condition.call) {
        scope.narrow(name);
        if let (Term::IsSet(_), Term::Variable(ident)) = (&term, &scope.get(name)?.term) {
            return Ok(Verdict::Depends(Test::Bind(Local {
                ident: ident.clone(),
                ty: scope.get(name)?.ty.clone(),
                value: Term::Variable(ident.clone()),
            })));
        }
    }
    Ok(match (term, ty) {
        (Term::Boolean(true), _) => Verdict::Always,
        (Term::Boolean(false) | Term::Unset, _) => Verdict::Never,
        (term, Type::Boolean) => {
            learn(scope, &term);
            Verdict::Depends(Test::True(term))
        }
        (term, Type::Option(inner)) if *inner == Type::Boolean => {
            let yes = Term::Some(Term::Boolean(true).boxed());
            Verdict::Depends(Test::True(Term::Equal(term.boxed(), yes.boxed())))
        }
        (term, Type::Option(_)) => Verdict::Depends(Test::True(Term::IsSet(term.boxed()))),
        _ => Verdict::Always,
    })
}

/// The test that a published rule set leaves out: `aws.partition` of a region that may be missing. Without the region
/// the rule does not match, as it does with the `isSet` that newer rule sets have.
fn implied(scope: &mut Scope, call: &Expression) -> Option<Test> {
    let Expression::Call { arguments, .. } = call else {
        return None;
    };
    if expression(scope, call).is_ok() {
        return None;
    }
    let names = arguments.iter().filter_map(|argument| match argument {
        Expression::Reference(name) => Some(name.as_str()),
        _ => None,
    });
    for name in names {
        let mut narrowed = scope.clone();
        narrowed.narrow(name);
        let known = narrowed.get(name).ok()?.clone();
        if let (Term::Variable(ident), Ok(_)) = (&known.term, expression(&narrowed, call)) {
            *scope = narrowed;
            return Some(Test::Bind(Local {
                ident: ident.clone(),
                ty: known.ty,
                value: Term::Variable(ident.clone()),
            }));
        }
    }
    None
}

/// The parameter or variable that is set if the call, an `isSet`, returns true.
fn narrowed(call: &Expression) -> Option<&str> {
    match call {
        Expression::Call {
            function,
            arguments,
        } if function == "isSet" => match arguments.as_slice() {
            [Expression::Reference(name)] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

fn assign(scope: &mut Scope, name: &str, value: Term, ty: Type) -> Result<Verdict> {
    let ident = scope.free_ident(name)?;
    let variable = Term::Variable(ident.clone());
    let inner = ty.inner().clone();
    let absent = matches!(value, Term::Unset | Term::Boolean(false));
    let known = match (&value, &ty) {
        // After `assign`, a flag is known to be on: the condition would not hold otherwise.
        (_, Type::Boolean) => Term::Boolean(true),
        (Term::Unset, _) => variable,
        (constant, _) if constant.is_constant() => constant.clone(),
        _ => variable,
    };
    let is_constant = value.is_constant();
    let optional = ty.is_optional();
    scope.add(name, Typed::new(known, inner.clone()))?;
    if absent {
        return Ok(Verdict::Never);
    }
    if is_constant {
        return Ok(Verdict::Always);
    }
    if optional && inner == Type::Boolean {
        return Err(Error::new(
            "an optional boolean cannot be assigned; `coalesce` it with a default first",
        ));
    }
    let local = Local {
        ident,
        ty: inner.clone(),
        value,
    };
    Ok(Verdict::Depends(match (optional, inner) {
        (true, _) => Test::Bind(local),
        (false, Type::Boolean) => Test::True(local.value),
        (false, _) => Test::Let(local),
    }))
}

/// The typed term of an expression.
fn expression(scope: &Scope, expression: &Expression) -> Result<Typed> {
    match expression {
        Expression::Template(template) => self::template(scope, template),
        Expression::Boolean(value) => Ok(Typed::new(Term::Boolean(*value), Type::Boolean)),
        Expression::Integer(value) => Ok(Typed::new(Term::Integer(*value), Type::Integer)),
        Expression::Array(_) => Err(Error::new(
            "a list as an argument is not supported: no function takes one",
        )),
        Expression::Reference(name) => scope.get(name).cloned(),
        Expression::Call {
            function,
            arguments,
        } => {
            let typed = |(index, argument)| {
                self::expression(scope, argument).at(format_args!("{function} argv[{index}]"))
            };
            let arguments = arguments.iter().enumerate().map(typed);
            functions::call(function, arguments.collect::<Result<_>>()?)
        }
    }
}

/// The term of an expression that must be a text.
fn text(scope: &Scope, expression: &Expression) -> Result<Term> {
    match self::expression(scope, expression)? {
        Typed {
            term,
            ty: Type::String,
        } => Ok(term),
        Typed { ty, .. } => Err(Error::new(format!("a string is needed, not {ty}"))),
    }
}

fn template(scope: &Scope, template: &str) -> Result<Typed> {
    let mut pieces: Vec<Piece> = Vec::new();
    for part in template::parse(template)? {
        let piece = match part {
            Part::Literal(text) => Piece::Literal(text),
            Part::Value { name, path } => {
                let place = || format!("template `{template}`");
                match value(scope, &name, path.as_deref()).at(place())? {
                    Term::String(text) => Piece::Literal(text),
                    term => Piece::Value(term),
                }
            }
        };
        match (pieces.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
            (_, piece) => pieces.push(piece),
        }
    }
    let term = match pieces.as_slice() {
        [] => Term::String(String::new()),
        [Piece::Literal(text)] => Term::String(text.clone()),
        [Piece::Value(term)] => term.clone(),
        _ => Term::Format(pieces),
    };
    Ok(Typed::new(term, Type::String))
}

/// The text to fill in at `{name}` or `{name#path}`.
fn value(scope: &Scope, name: &str, path: Option<&str>) -> Result<Term> {
    let value = scope.get(name)?.clone();
    let value = match path {
        Some(path) => functions::attribute(value, path)?,
        None => value,
    };
    match value.ty {
        Type::String => Ok(value.term),
        Type::Option(_) => Err(Error::new(format!(
            "`{name}` may be absent (type {}); check it with `isSet` or `assign` it first",
            value.ty
        ))),
        ty => Err(Error::new(format!(
            "`{name}` is of type {ty}, and only a string can be filled in"
        ))),
    }
}

/// Properties without a meaning for the request: they are for metrics.
const IGNORED_PROPERTIES: [&str; 1] = ["metricValues"];

fn endpoint(scope: &Scope, endpoint: &rules::Endpoint) -> Result<Endpoint> {
    let rules::Endpoint {
        url,
        properties,
        headers,
    } = endpoint;
    let mut auth_schemes = Vec::new();
    let mut backend = None;
    for (name, value) in properties {
        match name.as_str() {
            "backend" => {
                let name = typed::<String>(value).at("backend").at("properties")?;
                let name = template(scope, &name).at("backend").at("properties")?;
                backend = Some(name.term);
            }
            "authSchemes" => {
                auth_schemes = self::auth_schemes(scope, value).at(name).at("properties")?;
            }
            name if IGNORED_PROPERTIES.contains(&name) => {}
            _ => {
                let error = Error::new(format!("property `{name}` is not known"));
                return Err(error.at("properties"));
            }
        }
    }
    Ok(Endpoint {
        url: text(scope, url).at("url")?,
        auth_schemes,
        headers: self::headers(scope, headers).at("headers")?,
        backend,
    })
}

fn headers(
    scope: &Scope,
    headers: &BTreeMap<String, Vec<Expression>>,
) -> Result<Vec<(String, Term)>> {
    let values = headers
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    values
        .map(|(name, value)| Ok((name.to_ascii_lowercase(), text(scope, value).at(name)?)))
        .collect()
}

fn auth_schemes(scope: &Scope, value: &Value) -> Result<Vec<AuthScheme>> {
    let schemes: Vec<rules::AuthScheme> = typed(value)?;
    let schemes = schemes.into_iter().enumerate();
    schemes
        .map(|(index, scheme)| auth_scheme(scope, scheme).at(format_args!("[{index}]")))
        .collect()
}

fn auth_scheme(scope: &Scope, scheme: rules::AuthScheme) -> Result<AuthScheme> {
    let filled = |text: &String| template(scope, text).map(|typed| typed.term);
    let optional = |text: Option<&String>| text.map(filled).transpose();
    let set = scheme.signing_region_set.iter().map(filled);
    Ok(AuthScheme {
        signing_name: optional(scheme.signing_name.as_ref()).at("signingName")?,
        signing_region: optional(scheme.signing_region.as_ref()).at("signingRegion")?,
        signing_region_set: set.collect::<Result<_>>().at("signingRegionSet")?,
        disable_double_encoding: scheme.disable_double_encoding,
        disable_normalize_path: scheme.disable_normalize_path,
        name: scheme.name,
    })
}
