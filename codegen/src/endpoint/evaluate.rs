//! Evaluates rules for given parameters. The result is that of the generated code.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::decision::{AuthScheme, Branch, Decision, Endpoint, Outcome, Parameter, Source, Test};
use super::library::{self, Arn, Partition, Url};
use super::rules;
use super::term::{Piece, Term, Type};
use crate::error::{Error, Result};

/// The most bytes of a text that rules make: they can double a text again and again. Those of AWS have 200.
const MAX_TEXT: usize = 64 << 10;

/// The value of a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Unset,
    Boolean(bool),
    Text(String),
    Integer(i64),
    Texts(Vec<String>),
    /// A partition, an ARN or a URL: the values of its fields.
    Fields(BTreeMap<&'static str, Value>),
}

/// Where requests go, and how they are signed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Resolved {
    pub(super) url: String,
    pub(super) auth_schemes: Vec<rules::AuthScheme>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) backend: Option<String>,
}

/// The result of rules: an endpoint, or the message of their error.
pub(super) type Answer = std::result::Result<Resolved, String>;

/// The result of the rules for parameters, which are given by their names in the rule set.
///
/// # Errors
/// Rules for which no code can be generated, and a text that becomes too long.
pub(super) fn evaluate(decision: &Decision, given: &BTreeMap<String, Value>) -> Result<Answer> {
    let mut variables = BTreeMap::new();
    for parameter in &decision.parameters {
        let value = given.get(&parameter.name).cloned();
        match value.or_else(|| initial(parameter)) {
            Some(value) => variables.insert(parameter.ident.clone(), value),
            None => {
                let name = &parameter.name;
                return Ok(Err(format!(
                    "the endpoint parameter `{name}` is required, but not set"
                )));
            }
        };
    }
    Scope(variables).branches(&decision.branches)
}

/// The value of a parameter that is not given; `None` if it must be.
fn initial(parameter: &Parameter) -> Option<Value> {
    match (&parameter.default, &parameter.ty, parameter.source) {
        (Some(Term::String(text)), ..) => Some(Value::Text(text.clone())),
        (Some(Term::Boolean(flag)), ..) => Some(Value::Boolean(*flag)),
        (Some(Term::Array(texts)), ..) => Some(Value::Texts(texts.clone())),
        (None, Type::Option(_), _) => Some(Value::Unset),
        (None, Type::Boolean, Source::UseFips | Source::UseDualStack) => {
            Some(Value::Boolean(false))
        }
        _ => None,
    }
}

/// The values of the variables.
struct Scope(BTreeMap<String, Value>);

impl Scope {
    fn branches(&mut self, branches: &[Branch]) -> Result<Answer> {
        for branch in branches {
            if !self.holds(&branch.tests)? {
                continue;
            }
            return match &branch.outcome {
                Outcome::Branches(branches) => self.branches(branches),
                Outcome::Error(message) => Ok(Err(self.text(message)?)),
                Outcome::Endpoint(endpoint) => self.endpoint(endpoint).map(Ok),
                Outcome::Call { .. } => Err(impossible()),
            };
        }
        Ok(Err("no rule matched".to_owned()))
    }

    fn holds(&mut self, tests: &[Test]) -> Result<bool> {
        for test in tests {
            let holds = match test {
                Test::True(term) => self.boolean(term)?,
                Test::Bind(local) | Test::Let(local) => {
                    let value = self.value(&local.value)?;
                    let is_set = value != Value::Unset;
                    self.0.insert(local.ident.clone(), value);
                    is_set
                }
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn endpoint(&self, endpoint: &Endpoint) -> Result<Resolved> {
        let optional = |term: &Option<Term>| term.as_ref().map(|term| self.text(term)).transpose();
        let header = |(name, term): &(String, Term)| Ok((name.clone(), self.text(term)?));
        Ok(Resolved {
            url: without_slash(self.text(&endpoint.url)?),
            auth_schemes: endpoint
                .auth_schemes
                .iter()
                .map(|scheme| self.auth_scheme(scheme))
                .collect::<Result<_>>()?,
            headers: endpoint.headers.iter().map(header).collect::<Result<_>>()?,
            backend: optional(&endpoint.backend)?,
        })
    }

    fn auth_scheme(&self, scheme: &AuthScheme) -> Result<rules::AuthScheme> {
        let optional = |term: &Option<Term>| term.as_ref().map(|term| self.text(term)).transpose();
        let set = scheme.signing_region_set.iter();
        Ok(rules::AuthScheme {
            name: scheme.name.clone(),
            signing_name: optional(&scheme.signing_name)?,
            signing_region: optional(&scheme.signing_region)?,
            signing_region_set: set.map(|term| self.text(term)).collect::<Result<_>>()?,
            disable_double_encoding: scheme.disable_double_encoding,
            disable_normalize_path: scheme.disable_normalize_path,
        })
    }

    fn text(&self, term: &Term) -> Result<String> {
        match self.value(term)? {
            Value::Text(text) => Ok(text),
            _ => Err(impossible()),
        }
    }

    fn boolean(&self, term: &Term) -> Result<bool> {
        match self.value(term)? {
            Value::Boolean(value) => Ok(value),
            _ => Err(impossible()),
        }
    }

    fn integer(&self, term: &Term) -> Result<usize> {
        match self.value(term)? {
            Value::Integer(number) => usize::try_from(number).map_err(|_| impossible()),
            _ => Err(impossible()),
        }
    }

    fn value(&self, term: &Term) -> Result<Value> {
        Ok(match term {
            Term::Unset => Value::Unset,
            Term::Boolean(value) => Value::Boolean(*value),
            Term::String(text) => Value::Text(text.clone()),
            Term::Integer(number) => Value::Integer(*number),
            Term::Array(texts) => Value::Texts(texts.clone()),
            Term::Variable(name) => self.0.get(name).cloned().ok_or_else(impossible)?,
            Term::Format(pieces) => Value::Text(self.format(pieces)?),
            Term::Field(of, field) | Term::Method(of, field) => field_of(self.value(of)?, field)?,
            Term::ResourceId(of, index) => match field_of(self.value(of)?, "resource")? {
                Value::Text(text) => optional(text.split([':', '/']).nth(*index)),
                _ => return Err(impossible()),
            },
            Term::Element(of, index) => match self.value(of)? {
                Value::Texts(texts) => element(&texts, *index),
                _ => return Err(impossible()),
            },
            Term::Equal(left, right) => Value::Boolean(self.value(left)? == self.value(right)?),
            Term::Not(inner) => Value::Boolean(!self.boolean(inner)?),
            Term::IsSet(inner) => Value::Boolean(self.value(inner)? != Value::Unset),
            Term::Library(function, arguments) => self.call(function, arguments)?,
            Term::Or(first, second, _) => match self.value(first)? {
                Value::Unset => self.value(second)?,
                value => value,
            },
            Term::If(condition, yes, no) => {
                let chosen = if self.boolean(condition)? { yes } else { no };
                self.value(chosen)?
            }
            Term::Some(inner) => self.value(inner)?,
        })
    }

    fn format(&self, pieces: &[Piece]) -> Result<String> {
        let mut text = String::new();
        for piece in pieces {
            match piece {
                Piece::Literal(literal) => text.push_str(literal),
                Piece::Value(term) => text.push_str(&self.text(term)?),
            }
            bounded(&text)?;
        }
        Ok(text)
    }

    fn call(&self, function: &str, arguments: &[Term]) -> Result<Value> {
        Ok(match (function, arguments) {
            ("partition", [region]) => partition(library::partition(&self.text(region)?)),
            ("parse_arn", [text]) => {
                library::parse_arn(&self.text(text)?).map_or(Value::Unset, arn)
            }
            ("parse_url", [text]) => {
                library::parse_url(&self.text(text)?).map_or(Value::Unset, url)
            }
            ("uri_encode", [text]) => {
                let encoded = library::uri_encode(&self.text(text)?);
                bounded(&encoded)?;
                Value::Text(encoded)
            }
            ("is_valid_host_label", [text, subdomains]) => {
                let is_valid =
                    library::is_valid_host_label(&self.text(text)?, self.boolean(subdomains)?);
                Value::Boolean(is_valid)
            }
            ("is_virtual_hostable_s3_bucket", [text, subdomains]) => {
                let (text, subdomains) = (self.text(text)?, self.boolean(subdomains)?);
                Value::Boolean(library::is_virtual_hostable_s3_bucket(&text, subdomains))
            }
            ("substring", [text, start, end, reverse]) => {
                let (start, end) = (self.integer(start)?, self.integer(end)?);
                let reverse = self.boolean(reverse)?;
                optional(library::substring(&self.text(text)?, start, end, reverse))
            }
            ("split", [text, delimiter, limit]) => {
                let (text, delimiter) = (self.text(text)?, self.text(delimiter)?);
                let parts = library::split(&text, &delimiter, self.integer(limit)?);
                Value::Texts(parts.into_iter().map(str::to_owned).collect())
            }
            _ => {
                return Err(Error::new(
                    "the rules call a function that is not supported",
                ));
            }
        })
    }
}

/// A URL in the form of the runtime: without a slash at its end.
pub(super) fn without_slash(mut url: String) -> String {
    if url.ends_with('/') && !url.ends_with("//") {
        url.pop();
    }
    url
}

/// The type check has refused all rules for which this would be needed.
fn impossible() -> Error {
    Error::new("the rules have a value of another type than was found before")
}

fn bounded(text: &str) -> Result<()> {
    if text.len() > MAX_TEXT {
        return Err(Error::new(format!(
            "the rules make a text of more than {MAX_TEXT} bytes"
        )));
    }
    Ok(())
}

fn optional(text: Option<&str>) -> Value {
    text.map_or(Value::Unset, |text| Value::Text(text.to_owned()))
}

/// An element of a list; a negative index counts from the end.
fn element(texts: &[String], index: i64) -> Value {
    let place = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
    let found = match index {
        0.. => texts.get(place),
        ..0 => place
            .checked_sub(1)
            .and_then(|place| texts.iter().nth_back(place)),
    };
    optional(found.map(String::as_str))
}

fn field_of(value: Value, field: &str) -> Result<Value> {
    match value {
        Value::Fields(mut fields) => fields.remove(field).ok_or_else(impossible),
        _ => Err(impossible()),
    }
}

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

fn partition(partition: &Partition) -> Value {
    Value::Fields(BTreeMap::from([
        ("name", text(partition.name)),
        ("dns_suffix", text(partition.dns_suffix)),
        (
            "dual_stack_dns_suffix",
            text(partition.dual_stack_dns_suffix),
        ),
        (
            "implicit_global_region",
            text(partition.implicit_global_region),
        ),
        ("supports_fips", Value::Boolean(partition.supports_fips)),
        (
            "supports_dual_stack",
            Value::Boolean(partition.supports_dual_stack),
        ),
    ]))
}

fn arn(arn: Arn<'_>) -> Value {
    Value::Fields(BTreeMap::from([
        ("partition", text(arn.partition)),
        ("service", text(arn.service)),
        ("region", text(arn.region)),
        ("account_id", text(arn.account_id)),
        ("resource", text(arn.resource)),
    ]))
}

fn url(url: Url<'_>) -> Value {
    Value::Fields(BTreeMap::from([
        ("scheme", text(url.scheme)),
        ("authority", text(url.authority)),
        ("path", text(url.path)),
        (
            "normalized_path",
            text(Cow::into_owned(url.normalized_path())),
        ),
        ("is_ip", Value::Boolean(url.is_ip)),
    ]))
}
