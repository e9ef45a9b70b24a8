//! The functions of the rules engine: their types, and their Rust code.
//!
//! If the arguments are known when the code is generated, the result is known as well. Rules about parameters that a
//! client never sets are removed in this way.

use super::term::{Term, Type, Typed};
use crate::error::{Context, Error, Result};

/// The functions of the runtime that terms call; no variable of the generated code may hide one.
pub(super) const LIBRARY: [&str; 8] = [
    "is_valid_host_label",
    "is_virtual_hostable_s3_bucket",
    "parse_arn",
    "parse_url",
    "partition",
    "split",
    "substring",
    "uri_encode",
];

/// The arguments of a call, taken one by one.
struct Arguments(std::vec::IntoIter<Typed>);

impl Arguments {
    fn any(&mut self) -> Result<Typed> {
        self.0
            .next()
            .ok_or_else(|| Error::new("an argument is missing"))
    }

    fn of(&mut self, ty: &Type) -> Result<Term> {
        let argument = self.any()?;
        if argument.ty == *ty {
            return Ok(argument.term);
        }
        let hint = if argument.ty.is_optional() && argument.ty.inner() == ty {
            "; check it with `isSet` or `assign` it first"
        } else {
            ""
        };
        let found = &argument.ty;
        Err(Error::new(format!(
            "an argument must be of type {ty}, not {found}{hint}"
        )))
    }

    fn literal_integer(&mut self) -> Result<Term> {
        match self.of(&Type::Integer)? {
            Term::Integer(value) if value >= 0 => Ok(Term::Integer(value)),
            _ => Err(Error::new("an index or limit must not be negative")),
        }
    }
}

/// The typed call of a function.
///
/// # Errors
///
/// An unknown function, or arguments of the wrong number or type.
pub(super) fn call(function: &str, arguments: Vec<Typed>) -> Result<Typed> {
    let mut arguments = Arguments(arguments.into_iter());
    let result = apply(function, &mut arguments).at(function)?;
    match arguments.0.len() {
        0 => Ok(result),
        _ => Err(Error::new("there are too many arguments").at(function)),
    }
}

fn apply(function: &str, arguments: &mut Arguments) -> Result<Typed> {
    let (term, ty) = match function {
        "isSet" => (is_set(arguments.any()?), Type::Boolean),
        "not" => (arguments.of(&Type::Boolean)?.negated(), Type::Boolean),
        "booleanEquals" => {
            let left = arguments.of(&Type::Boolean)?;
            let right = arguments.of(&Type::Boolean)?;
            (equal(left, right), Type::Boolean)
        }
        "stringEquals" => {
            let left = arguments.of(&Type::String)?;
            let right = arguments.of(&Type::String)?;
            (equal(left, right), Type::Boolean)
        }
        "getAttr" => return attribute_call(arguments),
        "coalesce" => return coalesce(arguments),
        "ite" => return if_then_else(arguments),
        _ => return library(function, arguments),
    };
    Ok(Typed::new(term, ty))
}

/// Functions that the runtime has.
fn library(function: &str, arguments: &mut Arguments) -> Result<Typed> {
    let text = |name, arguments: &mut Arguments| {
        Ok::<_, Error>(Term::Library(name, vec![arguments.of(&Type::String)?]))
    };
    let (term, ty) = match function {
        "aws.partition" => (text("partition", arguments)?, Type::Partition),
        "aws.parseArn" => (text("parse_arn", arguments)?, Type::Arn.optional()),
        "parseURL" => (text("parse_url", arguments)?, Type::Url.optional()),
        "uriEncode" => (text("uri_encode", arguments)?, Type::String),
        "isValidHostLabel" => {
            let given = vec![arguments.of(&Type::String)?, arguments.of(&Type::Boolean)?];
            (Term::Library("is_valid_host_label", given), Type::Boolean)
        }
        "substring" => {
            let given = vec![
                arguments.of(&Type::String)?,
                arguments.literal_integer()?,
                arguments.literal_integer()?,
                arguments.of(&Type::Boolean)?,
            ];
            (Term::Library("substring", given), Type::String.optional())
        }
        "split" => {
            let given = vec![
                arguments.of(&Type::String)?,
                arguments.of(&Type::String)?,
                arguments.literal_integer()?,
            ];
            (Term::Library("split", given), Type::StringArray)
        }
        "aws.isVirtualHostableS3Bucket" => {
            let given = vec![arguments.of(&Type::String)?, arguments.of(&Type::Boolean)?];
            (
                Term::Library("is_virtual_hostable_s3_bucket", given),
                Type::Boolean,
            )
        }
        _ => return Err(Error::new("unknown function")),
    };
    Ok(Typed::new(term, ty))
}

fn is_set(argument: Typed) -> Term {
    match (&argument.term, argument.ty.is_optional()) {
        (Term::Unset, _) => Term::Boolean(false),
        (_, false) => Term::Boolean(true),
        (_, true) => Term::IsSet(argument.term.boxed()),
    }
}

fn equal(left: Term, right: Term) -> Term {
    match (left, right) {
        (Term::Boolean(value), other) | (other, Term::Boolean(value)) => {
            if value {
                other
            } else {
                other.negated()
            }
        }
        (Term::String(left), Term::String(right)) => Term::Boolean(left == right),
        // The constant is more readable on the right.
        (left @ Term::String(_), right) => Term::Equal(right.boxed(), left.boxed()),
        (left, right) => Term::Equal(left.boxed(), right.boxed()),
    }
}

fn attribute_call(arguments: &mut Arguments) -> Result<Typed> {
    let value = arguments.any()?;
    match arguments.of(&Type::String)? {
        Term::String(path) => attribute(value, &path),
        _ => Err(Error::new("the path must be a literal")),
    }
}

/// `getAttr`, which `{variable#path}` in a template is short for.
///
/// # Errors
///
/// A path that the value does not have.
pub(super) fn attribute(value: Typed, path: &str) -> Result<Typed> {
    let Typed { term, ty } = value;
    let of = term.boxed();
    let unknown = || Error::new(format!("{ty} has no attribute `{path}`"));
    let field = |of, name| Typed::new(Term::Field(of, name), Type::String);
    let flag = |of, name| Typed::new(Term::Field(of, name), Type::Boolean);
    Ok(match (&ty, path) {
        (Type::Partition, "name") => field(of, "name"),
        (Type::Partition, "dnsSuffix") => field(of, "dns_suffix"),
        (Type::Partition, "dualStackDnsSuffix") => field(of, "dual_stack_dns_suffix"),
        (Type::Partition, "implicitGlobalRegion") => field(of, "implicit_global_region"),
        (Type::Partition, "supportsFIPS") => flag(of, "supports_fips"),
        (Type::Partition, "supportsDualStack") => flag(of, "supports_dual_stack"),
        (Type::Arn, "partition") => field(of, "partition"),
        (Type::Arn, "service") => field(of, "service"),
        (Type::Arn, "region") => field(of, "region"),
        (Type::Arn, "accountId") => field(of, "account_id"),
        (Type::Url, "scheme") => field(of, "scheme"),
        (Type::Url, "authority") => field(of, "authority"),
        (Type::Url, "path") => field(of, "path"),
        (Type::Url, "normalizedPath") => {
            Typed::new(Term::Method(of, "normalized_path"), Type::String)
        }
        (Type::Url, "isIp") => flag(of, "is_ip"),
        (Type::Arn, _) => {
            let index = path.strip_prefix("resourceId").and_then(index);
            let index = index.and_then(|index| usize::try_from(index).ok());
            let term = Term::ResourceId(of, index.ok_or_else(unknown)?);
            Typed::new(term, Type::String.optional())
        }
        (Type::StringArray, _) => {
            let term = Term::Element(of, index(path).ok_or_else(unknown)?);
            Typed::new(term, Type::String.optional())
        }
        (Type::Option(_), _) => {
            return Err(Error::new(format!(
                "`{path}` is read from a value that may be absent (type {ty}); \
                 check it with `isSet` or `assign` it first"
            )));
        }
        _ => return Err(unknown()),
    })
}

/// The number in `[number]`.
fn index(path: &str) -> Option<i64> {
    path.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

fn coalesce(arguments: &mut Arguments) -> Result<Typed> {
    let mut result = arguments.any()?;
    let mut count = 1;
    while arguments.0.len() > 0 {
        count += 1;
        let next = arguments.any()?;
        same_type(&result, &next)?;
        if !result.ty.is_optional() || next.term == Term::Unset {
            continue;
        }
        if result.term == Term::Unset {
            result = next;
            continue;
        }
        borrowed(&next)?;
        let always = !next.ty.is_optional();
        let ty = next.ty;
        let term = Term::Or(result.term.boxed(), next.term.boxed(), always);
        result = Typed::new(term, ty);
    }
    if count < 2 {
        return Err(Error::new("an argument is missing"));
    }
    Ok(result)
}

fn if_then_else(arguments: &mut Arguments) -> Result<Typed> {
    let condition = arguments.of(&Type::Boolean)?;
    let (yes, no) = (arguments.any()?, arguments.any()?);
    same_type(&yes, &no)?;
    match condition {
        Term::Boolean(true) => return Ok(yes),
        Term::Boolean(false) => return Ok(no),
        _ if yes == no => return Ok(yes),
        _ => {}
    }
    borrowed(&yes)?;
    borrowed(&no)?;
    let optional = yes.ty.is_optional() || no.ty.is_optional();
    let ty = match optional {
        true => yes.ty.clone().optional(),
        false => yes.ty.clone(),
    };
    let wrap = |branch: Typed| match optional && !branch.ty.is_optional() {
        true => Term::Some(branch.term.boxed()).boxed(),
        false => branch.term.boxed(),
    };
    Ok(Typed::new(
        Term::If(condition.boxed(), wrap(yes), wrap(no)),
        ty,
    ))
}

fn same_type(left: &Typed, right: &Typed) -> Result<()> {
    if left.ty.inner() == right.ty.inner() {
        return Ok(());
    }
    let (left, right) = (left.ty.inner(), right.ty.inner());
    Err(Error::new(format!(
        "the values to choose from must have one type, not {left} and {right}"
    )))
}

/// A computed text has no owner inside an expression, so a choice cannot hand out a reference to it.
fn borrowed(value: &Typed) -> Result<()> {
    if value.term.is_owned() {
        return Err(Error::new(
            "a computed value to choose from is not supported; `assign` it to a variable first",
        ));
    }
    Ok(())
}
