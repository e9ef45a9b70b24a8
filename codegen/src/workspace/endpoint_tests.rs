//! Tests of endpoint rules that the rules of the model do not pass, which are found before a crate is written.
//!
//! Clients follow the rules. A test of an overlay that contradicts them is a wrong statement, so it stops a command, or the
//! user lets the command take it out of the overlay. A published model that contradicts itself cannot be corrected by its
//! users, and its rules may know partitions that this program does not: such tests are left out with a warning.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use serde_json::value::RawValue;

use crate::ast::own_traits::OwnTraits;
use crate::ast::trait_id;
use crate::emit::{Additions, Manifest};
use crate::endpoint::{self, Contradiction, Rules};
use crate::model::Service;
use crate::workspace::quantity::counted;
use crate::{Input, analyse_with};

/// How many tests a message describes.
const SHOWN: usize = 3;

/// The option that lets `add` and `update` leave such tests out.
pub(super) const OPTION: &str = "drop-endpoint-tests";

/// Compares the tests of a service with its rules, and leaves out those of the model that contradict them, with a warning.
/// Returns these. `command` is what messages call this program.
///
/// # Errors
/// Rules or tests from which no client can be generated; tests of the overlay that contradict the rules.
pub(super) fn validate(
    service: &mut Service,
    input: &Input<'_>,
    command: &str,
) -> Result<Vec<Contradiction>> {
    let contradictions = contradictions(service).with_context(|| input.model_file.to_owned())?;
    if contradictions.is_empty() {
        return Ok(contradictions);
    }
    if let Some((file, text)) = input.overlay
        && cases(text, service.id.as_str()).is_some()
    {
        let summary = summary(&contradictions);
        bail!(
            "{file}: {summary}. Clients follow the rules, and the tests may be those of older rules: correct them or \
             remove them; with --{OPTION}, `{command} update` and `{command} add` remove them from the overlay"
        );
    }
    leave_out(service, &contradictions);
    // Each run repeats this; the command that took the model has described the tests.
    service.warnings.push(format!(
        "the crate does not have {} of the model, because the model's endpoint rules contradict {}",
        counted(contradictions.len(), "endpoint test"),
        if contradictions.len() == 1 {
            "it"
        } else {
            "them"
        }
    ));
    Ok(contradictions)
}

/// The tests of a service that its rules do not pass.
///
/// # Errors
/// Rules or tests from which no client can be generated.
pub fn contradictions(service: &Service) -> Result<Vec<Contradiction>> {
    let rules = match (&service.endpoint_rules, &service.endpoint_bdd) {
        (Some(rules), _) => Rules::RuleSet(rules),
        (None, Some(diagram)) => Rules::Diagram(diagram),
        (None, None) => return Ok(Vec::new()),
    };
    let Some(tests) = &service.endpoint_tests else {
        return Ok(Vec::new());
    };
    let context = service.endpoint_parameters();
    Ok(endpoint::contradictions(rules, tests, &context)?)
}

fn leave_out(service: &mut Service, contradictions: &[Contradiction]) {
    let tests = service.endpoint_tests.as_mut();
    let Some(cases) = tests.and_then(|tests| tests["testCases"].as_array_mut()) else {
        return;
    };
    let mut index = 0;
    cases.retain(|_| {
        index += 1;
        !is_among(contradictions, index - 1)
    });
}

fn is_among(contradictions: &[Contradiction], index: usize) -> bool {
    contradictions.iter().any(|one| one.index == index)
}

/// Contradictions in one line.
fn summary(contradictions: &[Contradiction]) -> String {
    let count = match contradictions.len() {
        1 => "an endpoint test contradicts".to_owned(),
        count => format!("{count} endpoint tests contradict"),
    };
    let mut text = format!("{count} the endpoint rules of the model");
    for (index, one) in contradictions.iter().take(SHOWN).enumerate() {
        let before = if index == 0 { ": " } else { "; " };
        text.push_str(&format!("{before}{one}"));
    }
    match contradictions.len().saturating_sub(SHOWN) {
        0 => {}
        more => text.push_str(&format!("; and {more} more")),
    }
    text
}

/// Refuses a published model whose tests contradict its rules.
///
/// # Errors
/// A test that is not passed.
pub(super) fn refuse(name: &str, contradictions: &[Contradiction]) -> Result<()> {
    ensure!(
        contradictions.is_empty(),
        "{name}: {}. The model is wrong in itself, or it is older or newer than the partitions of AWS that this program \
         knows; with --{OPTION}, the crate is generated without these tests",
        summary(contradictions)
    );
    Ok(())
}

/// An overlay without the tests that contradict the rules of a model, and these tests. An overlay that does not apply to
/// the model for another reason stays as it is: the command reports that reason.
///
/// # Errors
/// As [`contradictions`].
pub(super) fn settled(
    model: &str,
    overlay: &str,
    operations: Option<&[String]>,
    own: &OwnTraits,
) -> Result<(String, Vec<Contradiction>)> {
    let Ok(service) = analysed(model, overlay, operations, own) else {
        return Ok((overlay.to_owned(), Vec::new()));
    };
    let contradictions = contradictions(&service)?;
    let cases = cases(overlay, service.id.as_str());
    Ok(match cases.filter(|_| !contradictions.is_empty()) {
        Some(cases) => (without(overlay, &cases, &contradictions), contradictions),
        None => (overlay.to_owned(), Vec::new()),
    })
}

/// What a model with an overlay says.
///
/// # Errors
/// A model from which no client can be generated, statements of the overlay that do not apply.
pub(super) fn analysed(
    model: &str,
    overlay: &str,
    operations: Option<&[String]>,
    own: &OwnTraits,
) -> crate::error::Result<Service> {
    let manifest = Manifest {
        crate_name: String::new(),
        runtime: String::new(),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Additions::default(),
    };
    let input = Input {
        model_file: "model.json",
        model,
        overlay: Some(("overlay.json", overlay)),
        words: None,
        prose: None,
        operations,
        manifest: &manifest,
        header: "",
    };
    analyse_with(&input, own)
}

/// The sentence about a test that was removed from an overlay.
pub(super) fn removed(service: &str, one: &Contradiction) -> String {
    format!("an endpoint test was removed from models/{service}/overlay.json: {one}")
}

/// The sentence about a test of a model that its crate does not have.
pub(super) fn left_out(service: &str, one: &Contradiction) -> String {
    format!("the crate of {service} does not have an endpoint test of its model: {one}")
}

/// The tests of a service in the text of an overlay.
struct Cases<'a> {
    array: &'a str,
    elements: Vec<&'a str>,
}

fn cases<'a>(overlay: &'a str, service: &str) -> Option<Cases<'a>> {
    let mut text = overlay;
    for key in [
        "shapes",
        service,
        "traits",
        trait_id::ENDPOINT_TESTS,
        "testCases",
    ] {
        let object: BTreeMap<String, &'a RawValue> = serde_json::from_str(text).ok()?;
        text = object.get(key)?.get();
    }
    let elements: Vec<&'a RawValue> = serde_json::from_str(text).ok()?;
    Some(Cases {
        array: text,
        elements: elements.into_iter().map(RawValue::get).collect(),
    })
}

/// The text of an overlay without some of its tests. All other text stays as it is.
fn without(overlay: &str, cases: &Cases<'_>, contradictions: &[Contradiction]) -> String {
    let offset = |part: &str, of: &str| part.as_ptr() as usize - of.as_ptr() as usize;
    let Cases { array, elements } = cases;
    let kept: Vec<&str> = elements
        .iter()
        .enumerate()
        .filter(|(index, _)| !is_among(contradictions, *index))
        .map(|(_, element)| *element)
        .collect();
    let (Some(first), Some(last)) = (elements.first(), elements.last()) else {
        return overlay.to_owned();
    };
    let end = offset(last, array) + last.len();
    let between = match elements.get(1) {
        Some(second) => &array[offset(first, array) + first.len()..offset(second, array)],
        None => ",",
    };
    let new = match kept.is_empty() {
        true => "[]".to_owned(),
        false => format!(
            "{}{}{}",
            &array[..offset(first, array)],
            kept.join(between),
            &array[end..]
        ),
    };
    let start = offset(array, overlay);
    format!(
        "{}{new}{}",
        &overlay[..start],
        &overlay[start + array.len()..]
    )
}

#[cfg(test)]
mod tests {
    use super::{Contradiction, cases, trait_id, without};

    fn contradiction(index: usize) -> Contradiction {
        Contradiction {
            index,
            given: String::new(),
            expected: String::new(),
            found: String::new(),
        }
    }

    #[test]
    fn only_the_tests_are_taken_out_of_the_text() {
        let text = |cases: &str| {
            format!(
                "{{ \"smithy\":\"2.0\",\n \"shapes\": {{\"a#B\": {{\"type\": \"apply\", \"traits\": {{\"{}\": \
                 {{\"version\": \"1.0\", \"testCases\": {cases}}} }}}}}}}}\n",
                trait_id::ENDPOINT_TESTS
            )
        };
        let before = text("[ {\"x\": 1},\n  {\"x\": [2, \"}\"]},\n  {\"x\": 3} ]");
        let taken = |indices: &[usize]| {
            let found = cases(&before, "a#B").expect("the tests are there");
            let taken: Vec<_> = indices.iter().copied().map(contradiction).collect();
            without(&before, &found, &taken)
        };
        assert_eq!(taken(&[1]), text("[ {\"x\": 1},\n  {\"x\": 3} ]"));
        assert_eq!(taken(&[0, 2]), text("[ {\"x\": [2, \"}\"]} ]"));
        assert_eq!(taken(&[0, 1, 2]), text("[]"));
        assert!(cases(&before, "a#C").is_none());
    }
}
