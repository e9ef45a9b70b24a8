//! Takes texts out of `docs.json` that are about what a model lacks, so that the words about one version of a service can
//! explain another one.
//!
//! A paragraph is taken out by itself where its text has others. What introduces a list goes with the last item of it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Problem, Step};
use crate::error::{Error, Result};
use crate::{escape, json};

/// The text of the file without the places of the problems, and how many texts, paragraphs of texts and values that
/// leaves out.
///
/// # Errors
/// Text that is not a file of words, or that lacks a place.
pub fn without(text: &str, problems: &[Problem]) -> Result<(String, usize)> {
    let mut root = json::parse(text)?;
    let places: BTreeSet<&[Step]> = problems.iter().map(|one| &*one.place).collect();
    let mut left_out = 0;
    // A later paragraph is taken out before an earlier one, and a part before what it is in.
    for place in places.into_iter().rev() {
        left_out += take(&mut root, place)
            .ok_or_else(|| Error::new("the words lack what was found in them"))?;
    }
    let text =
        serde_json::to_string_pretty(&root).map_err(|error| Error::new(error.to_string()))?;
    Ok((escape::json(&text) + "\n", left_out))
}

/// Takes a place out of a value; returns how many entries that are.
fn take(value: &mut Value, place: &[Step]) -> Option<usize> {
    let (last, above) = place.split_last()?;
    match last {
        Step::Key(key) => {
            let holder = inner(value, above)?.as_object_mut()?;
            holder.remove(key).map(|taken| entries(&taken))
        }
        Step::Paragraph(index) => {
            let text = inner(value, above)?.as_array_mut()?;
            if *index >= text.len() {
                return None;
            }
            text.remove(*index);
            drop_introductions(text);
            if text.is_empty() {
                take(value, above)?;
            }
            Some(1)
        }
    }
}

fn inner<'v>(value: &'v mut Value, place: &[Step]) -> Option<&'v mut Value> {
    place.iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get_mut(key),
        Step::Paragraph(index) => value.get_mut(index),
    })
}

/// Takes out paragraphs that introduce a list which is no longer there.
fn drop_introductions(text: &mut Vec<Value>) {
    let is = |value: Option<&Value>, test: fn(&str) -> bool| {
        value.and_then(Value::as_str).is_some_and(test)
    };
    for at in (0..text.len()).rev() {
        let introduces = is(text.get(at), |text| text.ends_with(':'));
        if introduces && !is(text.get(at + 1), |text| text.starts_with("* ")) {
            text.remove(at);
        }
    }
}

/// How many texts and values a part of the file has.
fn entries(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.values().map(entries).sum(),
        Value::Null => 0,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::{Problem, Step};
    use super::without;

    fn problem(place: &str) -> Problem {
        let step = |step: &str| match step.parse() {
            Ok(index) => Step::Paragraph(index),
            Err(_) => Step::Key(step.to_owned()),
        };
        Problem {
            place: place.split('/').map(step).collect(),
            sentence: String::new(),
        }
    }

    #[test]
    fn only_what_has_a_problem_is_taken_out() {
        let words = json!({
            "operations": {
                "Go": {
                    "documentation": ["Goes.", "See {Gone}."],
                    "related": ["Other ones:", "* {Gone} is one.", "* {Left} is one."],
                    "errors": {"Away": "It left."}
                },
                "Gone": {"documentation": ["Was here.", "And there."], "limits": "None.", "before": null}
            },
            "shapes": {"Size": {"members": {"height": "In metres.", "weight": "In grams."}}}
        });
        let places = [
            "operations/Go/documentation/1",
            "operations/Go/related/1",
            "operations/Go/related/2",
            "operations/Go/errors/Away",
            "operations/Gone",
            "operations/Gone/limits",
            "shapes/Size/members/weight",
        ];
        let (pruned, left_out) =
            without(&words.to_string(), &places.map(problem)).expect("the places are there");
        let expected = json!({
            "operations": {"Go": {"documentation": ["Goes."], "errors": {}}},
            "shapes": {"Size": {"members": {"height": "In metres."}}}
        });
        assert_eq!(
            serde_json::from_str::<Value>(&pruned).expect("JSON"),
            expected
        );
        assert_eq!(left_out, 7);
        assert!(without("{}", &[problem("operations/Go")]).is_err());
    }
}
