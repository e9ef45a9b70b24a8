//! Every string of a JSON document, one after the other.

use serde_json::Value;

/// A place in a document: keys and indexes from the root on.
pub(crate) type Place = Vec<Step>;

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

/// The places of all strings that are values.
pub(crate) fn values(document: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    walk(document, &mut Vec::new(), &mut |place, value| {
        if value.is_string() {
            found.push(place.clone());
        }
    });
    found
}

/// The places of all values that have a key.
pub(crate) fn keys(document: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    walk(document, &mut Vec::new(), &mut |place, _| {
        if matches!(place.last(), Some(Step::Key(_))) {
            found.push(place.clone());
        }
    });
    // The innermost first: a key that changes would change the places below it.
    found.sort_by_key(|place| std::cmp::Reverse(place.len()));
    found
}

fn walk(value: &Value, place: &mut Place, visit: &mut impl FnMut(&Place, &Value)) {
    visit(place, value);
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                place.push(Step::Key(key.clone()));
                walk(value, place, visit);
                place.pop();
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                place.push(Step::Index(index));
                walk(value, place, visit);
                place.pop();
            }
        }
        _ => {}
    }
}

/// The value at a place.
pub(crate) fn at<'a>(document: &'a mut Value, place: &[Step]) -> Option<&'a mut Value> {
    let mut value = document;
    for step in place {
        value = match step {
            Step::Key(key) => value.get_mut(key)?,
            Step::Index(index) => value.get_mut(index)?,
        };
    }
    Some(value)
}

/// Gives the value at a place another key.
pub(crate) fn rename(document: &mut Value, place: &[Step], name: impl Fn(&str) -> String) {
    if let Some((Step::Key(key), parent)) = place.split_last()
        && let Some(Value::Object(entries)) = at(document, parent)
        && let Some(value) = entries.remove(key)
    {
        entries.insert(name(key), value);
    }
}
