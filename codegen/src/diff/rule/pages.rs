//! Operations that answer in pages: what `pages()` and `items()` do after a change of `smithy.api#paginated`.

use serde_json::Value;

use crate::ast::trait_id;
use crate::diff::rule::Context;
use crate::diff::side::Side;
use crate::diff::walk::Difference;

/// A part of the description; what an operation leaves out, its service says.
fn part(side: &Side, shape: &str, key: &str) -> Option<String> {
    let of = |id: &str| {
        let value = side.traits(id, None).get(trait_id::PAGINATED)?;
        Some(value.get(key)?.as_str()?.to_owned())
    };
    of(shape).or_else(|| of(&side.service))
}

/// The members that lead from page to page.
fn token(side: &Side, shape: &str) -> Option<String> {
    let answer = part(side, shape, "outputToken")?;
    let request = part(side, shape, "inputToken")?;
    Some(match answer == request {
        true => format!("`{answer}`"),
        false => format!("`{answer}` of the response, as `{request}` of the request"),
    })
}

/// What happened, in words.
pub(super) fn sentence(
    context: Context<'_>,
    subject: &str,
    difference: &Difference<'_>,
) -> Option<String> {
    let shape = difference.shape;
    let (old, new) = (token(context.old, shape), token(context.new, shape));
    let whose = match shape == context.new.service {
        true => "operations that name no token of their own".to_owned(),
        false => subject.to_owned(),
    };
    match (difference.old, difference.new) {
        (Some(_), Some(_)) => {}
        (None, _) => {
            return Some(format!(
                "{subject} now answers in pages: `pages()` follows {}.",
                new?
            ));
        }
        (_, None) => return Some(format!("{subject} no longer answers in pages.")),
    }
    let moved = |what: &str, old: String, new: String| {
        (old != new).then(|| format!("`{what}()` of {whose} followed {old} and follows {new}."))
    };
    if let Some(sentence) = moved("pages", old?, new?) {
        return Some(sentence);
    }
    let items = |value: Option<&Value>| Some(format!("`{}`", value?.get("items")?.as_str()?));
    moved("items", items(difference.old)?, items(difference.new)?)
}
