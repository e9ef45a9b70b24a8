//! Checks that the traits `attache#…` fit the shapes to which they are applied. A trait that does not fit is a mistake
//! in the overlay, which would otherwise result in a missing check, or in code that does not compile.

use std::collections::BTreeSet;

use serde_json::Value;

use super::presence::Demand;
use crate::ast::trait_id;
use crate::error::{Error, Result};
use crate::model::{
    Constraints, Definition, Member, RuleKind, Service, Type, TypeDefinition, TypeKind,
};

/// Checks the rules and the constraints of every type.
pub(super) fn validate(service: &Service) -> Result<()> {
    for definition in &service.types {
        for rule in &definition.rules {
            validate_rule(definition, &rule.kind).map_err(|error| error.at(&definition.id))?;
        }
        for member in definition.members() {
            validate_type(service, &member.ty).map_err(|error| error.at(&member.id))?;
        }
    }
    Ok(())
}

fn validate_rule(definition: &TypeDefinition, rule: &RuleKind) -> Result<()> {
    match rule {
        RuleKind::AtLeastOneOf { members, .. } => {
            let id = trait_id::attache::AT_LEAST_ONE_OF;
            if members.is_empty() {
                return Err(Error::new(format!("trait `{id}` names no member")));
            }
            refuse_repeated(id, members)?;
            for name in members {
                let member = member(definition, id, name)?;
                if member.required || Demand::of(member) != Demand::Optional {
                    return Err(Error::new(format!(
                        "trait `{id}` names the member `{name}`, which is always present"
                    )));
                }
            }
            Ok(())
        }
        RuleKind::Ordered {
            first,
            second,
            may_be_equal,
            span,
        } => {
            let id = trait_id::attache::ORDERED;
            let (one, two) = (
                member(definition, id, first)?,
                member(definition, id, second)?,
            );
            if first == second {
                return Err(Error::new(format!(
                    "trait `{id}` compares the member `{first}` with itself"
                )));
            }
            let whole = |member: &Member| is_integer(&member.ty);
            let moment = |member: &Member| matches!(member.ty.kind, TypeKind::Timestamp(_));
            // The values are compared as they are, so that both must have one type.
            let alike = one.ty.kind == two.ty.kind || moment(one) && moment(two);
            if !alike || !(whole(one) || moment(one)) {
                return Err(Error::new(format!(
                    "trait `{id}` compares `{first}` with `{second}`: both must be integers of the same type, or timestamps"
                )));
            }
            let least = i64::from(!may_be_equal);
            match span {
                Some(_) if !whole(one) => Err(Error::new(format!(
                    "trait `{id}`: a `span` needs integers, and `{first}` and `{second}` are not integers"
                ))),
                Some(span) if *span < least => Err(Error::new(format!(
                    "trait `{id}`: no pair of values has a `span` of {span}"
                ))),
                _ => Ok(()),
            }
        }
    }
}

fn member<'a>(definition: &'a TypeDefinition, id: &str, name: &str) -> Result<&'a Member> {
    let mut members = definition.members().iter();
    members.find(|member| member.name == name).ok_or_else(|| {
        Error::new(format!(
            "trait `{id}` names the member `{name}`, which the structure lacks"
        ))
    })
}

fn refuse_repeated(id: &str, names: &[String]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match names.iter().find(|name| !seen.insert(*name)) {
        Some(name) => Err(Error::new(format!("trait `{id}` names `{name}` twice"))),
        None => Ok(()),
    }
}

/// A value and its elements.
fn validate_type(service: &Service, ty: &Type) -> Result<()> {
    let Constraints {
        unique_member,
        must_equal,
        day_aligned,
        allowed_values,
        recommended_pattern,
        ..
    } = &ty.constraints;
    let is_string = matches!(ty.kind, TypeKind::String { .. });
    if *day_aligned && !matches!(ty.kind, TypeKind::Timestamp(_)) {
        return Err(misplaced(trait_id::attache::DAY_ALIGNED, "timestamps", ty));
    }
    if recommended_pattern.is_some() && !is_string {
        return Err(misplaced(
            trait_id::attache::RECOMMENDED_PATTERN,
            "strings",
            ty,
        ));
    }
    if !allowed_values.is_empty() && !is_string {
        return Err(misplaced(trait_id::attache::ALLOWED_VALUES, "strings", ty));
    }
    refuse_repeated(trait_id::attache::ALLOWED_VALUES, allowed_values)?;
    if let Some(value) = must_equal {
        validate_must_equal(ty, value)?;
    }
    if let Some(name) = unique_member {
        validate_unique_member(service, ty, name)?;
    }
    match &ty.kind {
        TypeKind::List { element, .. } => validate_type(service, element),
        TypeKind::Map { key, value, .. } => {
            validate_type(service, key)?;
            validate_type(service, value)
        }
        _ => Ok(()),
    }
}

fn misplaced(id: &str, where_to: &str, ty: &Type) -> Error {
    Error::new(format!(
        "trait `{id}` is for {where_to}, and `{}` is not one of them",
        ty.shape
    ))
}

fn validate_must_equal(ty: &Type, value: &Value) -> Result<()> {
    let within = |least: i64, most: i64| {
        value
            .as_i64()
            .is_some_and(|value| (least..=most).contains(&value))
    };
    let fits = match &ty.kind {
        TypeKind::Boolean => value.is_boolean(),
        TypeKind::Byte => within(i8::MIN.into(), i8::MAX.into()),
        TypeKind::Short => within(i16::MIN.into(), i16::MAX.into()),
        TypeKind::Integer => within(i32::MIN.into(), i32::MAX.into()),
        TypeKind::Long => value.is_i64(),
        TypeKind::String { .. } => value.is_string(),
        _ => {
            return Err(misplaced(
                trait_id::attache::MUST_EQUAL,
                "Booleans, integers and strings",
                ty,
            ));
        }
    };
    match fits {
        true => Ok(()),
        false => Err(Error::new(format!(
            "trait `{}`: {value} is not a value of this type",
            trait_id::attache::MUST_EQUAL
        ))),
    }
}

/// Elements are distinguished by a hash of the member, which floats, documents and collections do not have.
fn validate_unique_member(service: &Service, ty: &Type, name: &str) -> Result<()> {
    let id = trait_id::attache::UNIQUE_MEMBER;
    let element = match &ty.kind {
        TypeKind::List {
            element,
            sparse: false,
        } => element,
        _ => return Err(misplaced(id, "lists of structures", ty)),
    };
    let TypeKind::Named(structure) = &element.kind else {
        return Err(misplaced(id, "lists of structures", ty));
    };
    let structure = service.type_definition(*structure);
    if !matches!(structure.definition, Definition::Structure(_)) {
        return Err(misplaced(id, "lists of structures", ty));
    }
    let mut members = structure.members().iter();
    let Some(member) = members.find(|member| member.name == name) else {
        return Err(Error::new(format!(
            "trait `{id}` names the member `{name}`, which `{}` lacks",
            structure.id
        )));
    };
    let is_enum = matches!(&member.ty.kind, TypeKind::Named(id)
        if matches!(service.type_definition(*id).definition, Definition::Enum(_) | Definition::IntEnum(_)));
    let is_simple = is_integer(&member.ty)
        || matches!(
            member.ty.kind,
            TypeKind::Boolean
                | TypeKind::String { .. }
                | TypeKind::Blob { .. }
                | TypeKind::Timestamp(_)
        );
    match is_enum || is_simple {
        true => Ok(()),
        false => Err(Error::new(format!(
            "trait `{id}` names the member `{name}`, whose values cannot be distinguished: strings, blobs, Booleans, \
             integers, enums and timestamps can"
        ))),
    }
}

fn is_integer(ty: &Type) -> bool {
    matches!(
        ty.kind,
        TypeKind::Byte | TypeKind::Short | TypeKind::Integer | TypeKind::Long
    )
}
