//! A mirror of the documents of the traits `smithy.rules#endpointRuleSet` and `smithy.rules#endpointBdd`.
//!
//! It follows the page "Rules engine specification" of the Smithy specification and adds no meaning to it. It is
//! strict: an unknown key could change the endpoint of requests, so it stops the generator. Nested rules are read one
//! level at a time, so that an error names the rule and not only the document.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::{Context, Error, Result};
use crate::version::is_same;

/// The versions of the rules engine whose functions and documents are known here.
const VERSIONS: [&str; 2] = ["1.0", "1.1"];

/// A rule set: parameters, and rules that are tried in order.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSet {
    /// The parameters by name.
    pub parameters: BTreeMap<String, Parameter>,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// A parameter of a rule set.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Parameter {
    /// `string`, `boolean` or `stringArray`; old documents capitalise it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The name of the value of the client that it is bound to.
    pub built_in: Option<String>,
    /// Its default value.
    pub default: Option<Value>,
    /// Whether the rules may rely on it.
    #[serde(default)]
    pub required: bool,
    /// Prose; not used.
    pub documentation: Option<String>,
    /// Prose; not used.
    pub deprecated: Option<Value>,
}

/// A rule: its outcome if all of its conditions match.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The conditions, in order.
    pub conditions: Vec<Condition>,
    /// The outcome of the rule.
    pub outcome: Outcome,
}

/// The outcome of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An endpoint.
    Endpoint(Endpoint),
    /// An error with a message.
    Error(Expression),
    /// More rules; if none of them matches, the whole rule set fails.
    Tree(Vec<Rule>),
}

/// A call of a function whose result is tested and optionally assigned.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The call.
    pub call: Expression,
    /// The variable that takes the result.
    pub assign: Option<String>,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A text, with `{…}` as places to fill in.
    Template(String),
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A list of texts.
    Array(Vec<Expression>),
    /// The value of a parameter or a variable.
    Reference(String),
    /// A call.
    Call {
        /// The name of the function.
        function: String,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
}

/// An endpoint as a rule describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// The URL.
    pub url: Expression,
    /// `authSchemes` and further properties.
    pub properties: BTreeMap<String, Value>,
    /// Headers to send, each with its values.
    pub headers: BTreeMap<String, Vec<Expression>>,
}

/// An entry of the property `authSchemes`; its texts are templates. Tests of rules have the same form.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuthScheme {
    /// The name of the scheme, such as `sigv4`.
    pub name: String,
    /// The service name to sign for.
    pub signing_name: Option<String>,
    /// The region to sign for.
    pub signing_region: Option<String>,
    /// The regions to sign for.
    #[serde(default)]
    pub signing_region_set: Vec<String>,
    /// Whether the path that is signed is not encoded once more.
    #[serde(default)]
    pub disable_double_encoding: bool,
    /// Whether the path that is signed keeps `.`, `..` and empty segments.
    #[serde(default)]
    pub disable_normalize_path: bool,
}

/// Reads a value with serde, and converts its error.
pub(super) fn typed<T: DeserializeOwned>(value: &Value) -> Result<T> {
    T::deserialize(value).map_err(|error| Error::new(error.to_string()))
}

/// Refuses a version that this mirror was not written for.
pub(super) fn validate_version(version: &str) -> Result<()> {
    if VERSIONS.iter().any(|known| is_same(known, version)) {
        return Ok(());
    }
    Err(Error::new(format!(
        "version {version} of the rules engine is not supported; supported are {}",
        VERSIONS.join(" and ")
    )))
}

impl RuleSet {
    /// Reads the document of `smithy.rules#endpointRuleSet`.
    ///
    /// # Errors
    ///
    /// A document that is not as the specification describes it, with the invalid rule.
    pub fn read(document: &Value) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "camelCase")]
        struct Document {
            version: String,
            #[serde(rename = "serviceId")]
            _service_id: Option<String>,
            #[serde(rename = "documentation")]
            _documentation: Option<String>,
            parameters: BTreeMap<String, Parameter>,
            rules: Vec<Value>,
        }
        let document: Document = typed(document)?;
        validate_version(&document.version)?;
        Ok(Self {
            parameters: document.parameters,
            rules: rules(&document.rules)?,
        })
    }
}

fn rules(values: &[Value]) -> Result<Vec<Rule>> {
    if values.is_empty() {
        return Err(Error::new("a list of rules must not be empty"));
    }
    each(values, "rules", rule)
}

/// Reads each value of a list, naming the one that cannot be read.
pub(super) fn each<T>(
    values: &[Value],
    list: &str,
    read: fn(&Value) -> Result<T>,
) -> Result<Vec<T>> {
    let one = |(index, value)| read(value).at(format_args!("{list}[{index}]"));
    values.iter().enumerate().map(one).collect()
}

/// Reads one rule of any type.
pub(super) fn rule(value: &Value) -> Result<Rule> {
    #[derive(Deserialize)]
    #[serde(
        tag = "type",
        rename_all = "lowercase",
        rename_all_fields = "camelCase",
        deny_unknown_fields
    )]
    enum Document {
        Endpoint {
            #[serde(default)]
            conditions: Vec<Value>,
            #[serde(rename = "documentation")]
            _documentation: Option<String>,
            endpoint: Value,
        },
        Error {
            #[serde(default)]
            conditions: Vec<Value>,
            #[serde(rename = "documentation")]
            _documentation: Option<String>,
            error: Value,
        },
        Tree {
            #[serde(default)]
            conditions: Vec<Value>,
            #[serde(rename = "documentation")]
            _documentation: Option<String>,
            rules: Vec<Value>,
        },
    }
    let (conditions, outcome) = match typed(value)? {
        Document::Endpoint {
            conditions,
            endpoint: value,
            ..
        } => (
            conditions,
            Outcome::Endpoint(endpoint(&value).at("endpoint")?),
        ),
        Document::Error {
            conditions, error, ..
        } => (conditions, Outcome::Error(expression(&error).at("error")?)),
        Document::Tree {
            conditions,
            rules: values,
            ..
        } => (conditions, Outcome::Tree(rules(&values)?)),
    };
    Ok(Rule {
        conditions: each(&conditions, "conditions", condition)?,
        outcome,
    })
}

/// Reads a condition: a call, perhaps with `assign`.
pub(super) fn condition(value: &Value) -> Result<Condition> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Document {
        #[serde(rename = "fn")]
        function: String,
        argv: Vec<Value>,
        assign: Option<String>,
        #[serde(rename = "documentation")]
        _documentation: Option<String>,
    }
    let document: Document = typed(value)?;
    Ok(Condition {
        call: call(document.function, &document.argv)?,
        assign: document.assign,
    })
}

fn call(function: String, argv: &[Value]) -> Result<Expression> {
    let arguments = each(argv, "argv", expression).at(&function)?;
    Ok(Expression::Call {
        function,
        arguments,
    })
}

/// Reads an expression.
fn expression(value: &Value) -> Result<Expression> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Reference {
        r#ref: String,
    }
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Call {
        r#fn: String,
        argv: Vec<Value>,
    }
    Ok(match value {
        Value::String(text) => Expression::Template(text.clone()),
        Value::Bool(value) => Expression::Boolean(*value),
        Value::Number(number) => Expression::Integer(
            number
                .as_i64()
                .ok_or_else(|| Error::new(format!("{number} is not a whole number")))?,
        ),
        Value::Array(values) => Expression::Array(each(values, "array", expression)?),
        Value::Object(object) if object.contains_key("ref") => {
            Expression::Reference(typed::<Reference>(value)?.r#ref)
        }
        Value::Object(object) if object.contains_key("fn") => {
            let document: Call = typed(value)?;
            call(document.r#fn, &document.argv)?
        }
        Value::Object(_) | Value::Null => {
            return Err(Error::new(format!(
                "{value} is neither a literal, nor a reference (`ref`), nor a call (`fn`)"
            )));
        }
    })
}

fn endpoint(value: &Value) -> Result<Endpoint> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Document {
        url: Value,
        #[serde(default)]
        properties: BTreeMap<String, Value>,
        #[serde(default)]
        headers: BTreeMap<String, Vec<Value>>,
    }
    let document: Document = typed(value)?;
    let headers = document.headers.into_iter().map(|(name, values)| {
        let values = each(&values, "headers", expression).at(&name)?;
        Ok((name, values))
    });
    Ok(Endpoint {
        url: expression(&document.url).at("url")?,
        headers: headers.collect::<Result<_>>()?,
        properties: document.properties,
    })
}
