//! Constraints of the model and of the overlay, with their sources.
//!
//! `attache#source` names for each trait the place in the documentation for a statement of the overlay. The traits
//! `attache#…` contain their source themselves. `models/README.md` describes them.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{Lowering, budget};
use crate::ast::{
    ShapeId, Traits,
    trait_id::{self, attache},
};
use crate::error::{Error, Result};
use crate::model::{Constraints, DryRun, MemberId, Rule, RuleKind, TypeId, TypeKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MustEqual {
    value: Value,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DayAligned {
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AllowedValues {
    values: Vec<String>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecommendedPattern {
    pattern: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UniqueMember {
    member: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AtLeastOneOf {
    members: Vec<String>,
    #[serde(default)]
    strict: bool,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Ordered {
    first: String,
    second: String,
    #[serde(default)]
    may_be_equal: bool,
    span: Option<i64>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DryRunTrait {
    member: String,
    error: ShapeId,
}

/// The constraints of a member and its target together; those of the member take precedence.
pub(super) fn constraints(member: &Traits, shape: &Traits) -> Result<Constraints> {
    let mut sources = self::sources(shape)?;
    // A constraint of a member overrides that of its target, including its source.
    sources.retain(|id, _| !member.has(id));
    sources.append(&mut self::sources(member)?);
    let must_equal: Option<MustEqual> = member.parse(attache::MUST_EQUAL)?;
    if let Some(must_equal) = &must_equal {
        budget::validate_document(&must_equal.value)?;
    }
    let day_aligned: Option<DayAligned> = either(member, shape, attache::DAY_ALIGNED)?;
    let allowed = allowed_values(member, shape)?;
    let form: Option<RecommendedPattern> = either(member, shape, attache::RECOMMENDED_PATTERN)?;
    let unique: Option<UniqueMember> = either(member, shape, attache::UNIQUE_MEMBER)?;
    let mut add = |id: &str, source: Option<&String>| {
        if let Some(source) = source {
            sources.insert(id.to_owned(), source.clone());
        }
    };
    add(
        attache::MUST_EQUAL,
        must_equal.as_ref().map(|it| &it.source),
    );
    add(
        attache::DAY_ALIGNED,
        day_aligned.as_ref().map(|it| &it.source),
    );
    add(
        attache::ALLOWED_VALUES,
        allowed.as_ref().map(|it| &it.source),
    );
    add(
        attache::RECOMMENDED_PATTERN,
        form.as_ref().map(|it| &it.source),
    );
    add(attache::UNIQUE_MEMBER, unique.as_ref().map(|it| &it.source));
    Ok(Constraints {
        length: member.length()?.or(shape.length()?),
        range: member.range()?.or(shape.range()?),
        pattern: member.pattern()?.or(shape.pattern()?),
        unique_items: member.has(trait_id::UNIQUE_ITEMS) || shape.has(trait_id::UNIQUE_ITEMS),
        unique_member: unique.map(|it| it.member),
        must_equal: must_equal.map(|it| it.value),
        day_aligned: day_aligned.is_some(),
        allowed_values: allowed.map(|it| it.values).unwrap_or_default(),
        recommended_pattern: form.map(|it| it.pattern),
        sources,
    })
}

/// `attache#allowedValues`, which must allow something.
fn allowed_values(member: &Traits, shape: &Traits) -> Result<Option<AllowedValues>> {
    let allowed: Option<AllowedValues> = either(member, shape, attache::ALLOWED_VALUES)?;
    if allowed
        .as_ref()
        .is_some_and(|allowed| allowed.values.is_empty())
    {
        return Err(Error::new(format!(
            "trait `{}` allows no value",
            attache::ALLOWED_VALUES
        )));
    }
    Ok(allowed)
}

fn either<T: serde::de::DeserializeOwned>(
    member: &Traits,
    shape: &Traits,
    id: &str,
) -> Result<Option<T>> {
    match member.parse(id)? {
        Some(value) => Ok(Some(value)),
        None => shape.parse(id),
    }
}

/// `attache#source`, checked: it must name traits that are applied.
fn sources(traits: &Traits) -> Result<BTreeMap<String, String>> {
    let sources: BTreeMap<String, String> = traits.parse(attache::SOURCE)?.unwrap_or_default();
    match sources.keys().find(|id| !traits.has(id)) {
        Some(id) => Err(Error::new(format!(
            "trait `{}` gives the source of `{id}`, which is not applied here",
            attache::SOURCE
        ))),
        None => Ok(sources),
    }
}

/// Why the documentation requires a member.
pub(super) fn recommendation(traits: &Traits) -> Option<String> {
    let value = traits.get(trait_id::RECOMMENDED)?;
    let reason = value.get("reason").and_then(Value::as_str);
    Some(reason.unwrap_or("the model recommends it").to_owned())
}

/// The rules about several members of a structure.
pub(super) fn rules(traits: &Traits) -> Result<Vec<Rule>> {
    let at_least: Vec<AtLeastOneOf> = traits.parse(attache::AT_LEAST_ONE_OF)?.unwrap_or_default();
    let ordered: Vec<Ordered> = traits.parse(attache::ORDERED)?.unwrap_or_default();
    let at_least = at_least.into_iter().map(|rule| Rule {
        kind: RuleKind::AtLeastOneOf {
            members: rule.members,
            strict: rule.strict,
        },
        source: rule.source,
    });
    let ordered = ordered.into_iter().map(|rule| Rule {
        kind: RuleKind::Ordered {
            first: rule.first,
            second: rule.second,
            may_be_equal: rule.may_be_equal,
            span: rule.span,
        },
        source: rule.source,
    });
    Ok(at_least.chain(ordered).collect())
}

impl Lowering<'_> {
    /// The dry run of the operation with this request (`attache#dryRun` on the service): where the request has the
    /// member.
    pub(super) fn dry_run(&self, request: TypeId) -> Result<Option<DryRun>> {
        let Some(DryRunTrait { member, error }) = self.service_traits.parse(attache::DRY_RUN)?
        else {
            return Ok(None);
        };
        let asks = self.service.types[request.0]
            .member(&member)
            .filter(|(_, member)| member.ty.kind == TypeKind::Boolean);
        if !self.model.shape(&error)?.traits.has(trait_id::ERROR) {
            return Err(Error::new(format!(
                "trait `{}` names `{error}`, which is not an error",
                attache::DRY_RUN
            )));
        }
        Ok(asks.map(|(index, _)| DryRun {
            member: MemberId {
                owner: request,
                index,
            },
            error,
        }))
    }
}
