//! What is done to a value of a request so that a constraint breaks, or is met exactly.

use serde_json::{Value, json};

/// A change of a value.
#[derive(Clone, Debug)]
pub(super) enum Change {
    Keep,
    Remove(Vec<String>),
    Resize(u64),
    Replace(Vec<Value>),
    Twin,
    Swap(String, String, i64),
}

impl Change {
    /// Changes the value at a place of a request, in each way that there is; none where the request lacks the place.
    pub(super) fn made(&self, request: &Value, path: &[String]) -> Vec<Value> {
        let replacements = match self {
            Self::Replace(values) => values.len(),
            _ => 1,
        };
        (0..replacements)
            .filter_map(|choice| {
                let mut changed = request.clone();
                apply(&mut changed, path, self, choice)?;
                Some(changed)
            })
            .collect()
    }
}

fn apply(value: &mut Value, path: &[String], change: &Change, choice: usize) -> Option<()> {
    match path {
        [] => change_value(value, change, choice),
        [index, rest @ ..] if index == "0" && value.is_array() => {
            apply(value.get_mut(0)?, rest, change, choice)
        }
        [mark] if mark == "@" => {
            let members = value.as_object_mut()?;
            let (key, element) = members.iter().next()?;
            let (mut key, element) = (Value::from(key.as_str()), element.clone());
            members.remove(key.as_str()?);
            change_value(&mut key, change, choice)?;
            members.insert(key.as_str()?.to_owned(), element);
            Some(())
        }
        [mark, rest @ ..] if mark == "*" => {
            let element = value.as_object_mut()?.values_mut().next()?;
            apply(element, rest, change, choice)
        }
        [name, rest @ ..] => apply(value.get_mut(name)?, rest, change, choice),
    }
}

fn change_value(value: &mut Value, change: &Change, choice: usize) -> Option<()> {
    match change {
        Change::Keep => {}
        Change::Remove(names) => {
            for name in names {
                value.as_object_mut()?.remove(name);
            }
        }
        Change::Replace(values) => *value = values[choice].clone(),
        Change::Twin => {
            let elements = value.as_array_mut()?;
            elements.push(elements.first()?.clone());
        }
        Change::Swap(first, second, distance) => match value[first].as_i64() {
            Some(start) => value[second] = json!(start + distance),
            // Days instead of units.
            None => {
                let day = 15 + distance;
                value[first] = json!("2024-02-15T00:00:00Z");
                value[second] = json!(format!("2024-02-{day:02}T00:00:00Z"));
            }
        },
        Change::Resize(length) => resize(value, *length as usize)?,
    }
    Some(())
}

fn resize(value: &mut Value, length: usize) -> Option<()> {
    match value {
        Value::Array(elements) => {
            let filler = elements.first()?.clone();
            elements.resize(length, filler);
        }
        Value::Object(members) => {
            let element = members.values().next()?.clone();
            members.clear();
            for index in 0..length {
                members.insert(format!("key{index}"), element.clone());
            }
        }
        Value::String(text) if length > 1_000_000 => {
            // Only blobs are as long as that.
            *text = base64_simd::STANDARD.encode_to_string(vec![7; length]);
        }
        Value::String(text) => {
            let filler = text.chars().last().unwrap_or('a');
            *text = text
                .chars()
                .chain(std::iter::repeat(filler))
                .take(length)
                .collect();
        }
        _ => return None,
    }
    Some(())
}
