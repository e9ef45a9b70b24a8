//! Requests as proptest strategies, made from the model.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::model::Model;

/// What kind of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Valid at every level, with every member.
    Full,
    /// Valid at every level, with the members that must be there and some others.
    Valid,
    /// Of the right types, and nothing more.
    Garbage,
}

/// How deep shapes that hold themselves are followed.
const DEPTH: usize = 6;

/// Requests of an operation.
pub(crate) fn requests(model: &Model, input: &str, mode: Mode) -> BoxedStrategy<Value> {
    structure(model, input, mode, 0)
}

fn structure(model: &Model, id: &str, mode: Mode, depth: usize) -> BoxedStrategy<Value> {
    let mut members: BoxedStrategy<Map<String, Value>> = Just(Map::new()).boxed();
    for (name, member) in model.members(id) {
        let traits = &member["traits"];
        let needed = traits.get("smithy.api#required").is_some()
            || traits.get("smithy.api#recommended").is_some() && mode != Mode::Garbage;
        if depth > DEPTH && !needed {
            continue;
        }
        // A garbage request lacks required members too, at the top, where the types can say so.
        let chance: f64 = match mode {
            Mode::Full => 1.0,
            Mode::Garbage if depth == 0 => 0.6,
            _ if needed => 1.0,
            _ => 0.5,
        };
        let value = value(model, member, mode, depth + 1);
        let name = name.clone();
        let value = match chance {
            1.0 => value.prop_map(Some).boxed(),
            chance => proptest::option::weighted(chance, value).boxed(),
        };
        members = (members, value)
            .prop_map(move |(mut members, value)| {
                if let Some(value) = value {
                    members.insert(name.clone(), value);
                }
                members
            })
            .boxed();
    }
    let rules = model.shape(id)["traits"].clone();
    members
        .prop_map(move |mut members| {
            if mode != Mode::Garbage {
                obey(&rules, &mut members);
            }
            Value::Object(members)
        })
        .boxed()
}

/// Makes a structure obey its rules about several members.
fn obey(rules: &Value, members: &mut Map<String, Value>) {
    for rule in rules["attache#ordered"].as_array().into_iter().flatten() {
        let name = |key: &str| rule[key].as_str().expect("a name").to_owned();
        let (first, second) = (name("first"), name("second"));
        let (Some(one), Some(two)) = (members.get(&first), members.get(&second)) else {
            continue;
        };
        if let Some(start) = one.as_i64() {
            let span = rule["span"].as_i64().unwrap_or(1);
            let distance = two.as_i64().unwrap_or(0).rem_euclid(span) + 1;
            members.insert(second, json!(start.saturating_add(distance)));
        } else if one.as_str() > two.as_str() {
            let (one, two) = (one.clone(), two.clone());
            members.insert(first, two);
            members.insert(second, one);
        }
    }
    for rule in rules["attache#atLeastOneOf"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let names = rule["members"].as_array().expect("members");
        let name = |name: &Value| name.as_str().expect("a name").to_owned();
        if !names.iter().any(|it| members.contains_key(&name(it))) {
            let first = name(&names[0]);
            let value = match first.as_str() {
                "fileSizeBytes" => json!(1),
                _ => continue,
            };
            members.insert(first, value);
        }
    }
}

/// Values of a member or an element.
fn value(model: &Model, member: &Value, mode: Mode, depth: usize) -> BoxedStrategy<Value> {
    let target = member["target"].as_str().expect("a target");
    let shape = model.shape(target);
    if mode != Mode::Garbage {
        if let Some(expected) = model.trait_of(member, "attache#mustEqual") {
            return Just(expected["value"].clone()).boxed();
        }
        if let Some(allowed) = model.trait_of(member, "attache#allowedValues") {
            let values = allowed["values"].as_array().expect("values").clone();
            return proptest::sample::select(values).boxed();
        }
    }
    let length = bounds(model, member, mode);
    match shape["type"].as_str().expect("a type") {
        "structure" => structure(model, target, mode, depth),
        "boolean" => any::<bool>().prop_map(Value::from).boxed(),
        "integer" | "long" => integer(model, member, shape, mode),
        "timestamp" => timestamp(model, member, mode),
        "blob" => vec(any::<u8>(), 0..24)
            .prop_map(|bytes| Value::from(base64_simd::STANDARD.encode_to_string(bytes)))
            .boxed(),
        "enum" => enumeration(shape, mode),
        "string" => text(model, member, mode, length),
        "list" => list(model, shape, member, mode, depth, length),
        "map" => {
            let key = value(model, &shape["key"], mode, depth + 1);
            let element = value(model, &shape["value"], mode, depth + 1);
            let least = (length.0 as usize).max(usize::from(mode == Mode::Full));
            vec((key, element), least..least + 4)
                .prop_map(|pairs| {
                    pairs
                        .into_iter()
                        .map(|(key, value)| (key.as_str().expect("a key").to_owned(), value))
                        .collect::<Map<_, _>>()
                        .into()
                })
                .boxed()
        }
        other => panic!("no strategy for {other}"),
    }
}

/// The bounds of a length; garbage has others.
fn bounds(model: &Model, member: &Value, mode: Mode) -> (u64, u64) {
    if mode == Mode::Garbage {
        return (0, 24);
    }
    let length = model
        .trait_of(member, "smithy.api#length")
        .unwrap_or(&Value::Null);
    let least = length["min"].as_u64().unwrap_or(0);
    (least, length["max"].as_u64().unwrap_or(least + 40))
}

fn integer(model: &Model, member: &Value, shape: &Value, mode: Mode) -> BoxedStrategy<Value> {
    let range = model
        .trait_of(member, "smithy.api#range")
        .filter(|_| mode != Mode::Garbage);
    let range = range.unwrap_or(&Value::Null);
    let widest = if shape["type"] == "integer" {
        (i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    };
    let least = range["min"].as_i64().unwrap_or(widest.0);
    // A start index needs room for an end index behind it.
    let most = range["max"].as_i64().unwrap_or(widest.1 - 1_000);
    prop_oneof![
        3 => least..=most,
        3 => least..=least.saturating_add(100).min(most),
        1 => Just(least),
        1 => Just(most),
    ]
    .prop_map(Value::from)
    .boxed()
}

fn timestamp(model: &Model, member: &Value, mode: Mode) -> BoxedStrategy<Value> {
    let aligned = model.trait_of(member, "attache#dayAligned").is_some();
    (
        1970..2100_u32,
        1..=12_u32,
        1..=28_u32,
        0..86_400_u32,
        any::<bool>(),
    )
        .prop_map(move |(year, month, day, second, midnight)| {
            let second = match (mode == Mode::Garbage, aligned, midnight) {
                (false, true, _) | (true, _, true) => 0,
                _ => second,
            };
            let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
            json!(format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"
            ))
        })
        .boxed()
}

fn enumeration(shape: &Value, mode: Mode) -> BoxedStrategy<Value> {
    let members = shape["members"].as_object().expect("members");
    let values: Vec<Value> = members
        .values()
        .map(|member| member["traits"]["smithy.api#enumValue"].clone())
        .collect();
    let known = proptest::sample::select(values);
    match mode {
        Mode::Garbage => prop_oneof![known, any_text().prop_map(Value::from)].boxed(),
        _ => known.boxed(),
    }
}

fn list(
    model: &Model,
    shape: &Value,
    member: &Value,
    mode: Mode,
    depth: usize,
    (least, most): (u64, u64),
) -> BoxedStrategy<Value> {
    let element = value(model, &shape["member"], mode, depth + 1);
    let least = least.max(u64::from(mode == Mode::Full)).min(most) as usize;
    let most = (most as usize).min(least + 3);
    let unique = model.trait_of(member, "smithy.api#uniqueItems").is_some();
    let key = model.trait_of(member, "attache#uniqueMember").cloned();
    let elements = vec(element, least..=most);
    if mode == Mode::Garbage {
        // Twins on purpose.
        return (elements, any::<bool>())
            .prop_map(|(mut elements, twin)| {
                if twin && !elements.is_empty() {
                    elements.push(elements[0].clone());
                }
                Value::from(elements)
            })
            .boxed();
    }
    elements
        .prop_map(move |mut elements| {
            let mut seen: Vec<Value> = Vec::new();
            elements.retain(|element| {
                let part = match &key {
                    Some(key) => &element[key["member"].as_str().expect("a name")],
                    None => element,
                };
                let twin = seen.contains(part);
                seen.push(part.clone());
                !(twin && (unique || key.is_some()))
            });
            Value::from(elements)
        })
        .boxed()
}

/// Characters of one to four bytes, and some that patterns and pointers care about.
fn any_character() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => proptest::char::range('a', 'z'),
        2 => proptest::char::range(' ', '~'),
        1 => proptest::sample::select(vec!['é', '…', '👍', '\u{10ffff}', '\n', '\u{feff}', '/', '~', '\0']),
    ]
}

fn any_text() -> impl Strategy<Value = String> {
    vec(any_character(), 0..12).prop_map(|letters| letters.into_iter().collect())
}

fn text(model: &Model, member: &Value, mode: Mode, bounds: (u64, u64)) -> BoxedStrategy<Value> {
    let form = model.trait_of(member, "attache#recommendedPattern");
    let form = form.map(|form| &form["pattern"]);
    let pattern = model.trait_of(member, "smithy.api#pattern").or(form);
    let Some(pattern) = pattern else {
        return filled(mode, bounds);
    };
    let pattern = pattern.as_str().expect("a pattern");
    let matching = matching(model, pattern, self::bounds(model, member, Mode::Valid));
    match mode {
        // Near misses are worth more than noise.
        Mode::Garbage => (matching, any_text(), 0..4_u8)
            .prop_map(|(fits, other, choice)| {
                Value::from(match choice {
                    0 => fits,
                    1 => fits + &other,
                    2 => other,
                    _ => fits.chars().skip(1).collect(),
                })
            })
            .boxed(),
        _ => matching.prop_map(Value::from).boxed(),
    }
}

/// Texts that match a pattern and have a fitting length.
fn matching(model: &Model, pattern: &str, (least, most): (u64, u64)) -> BoxedStrategy<String> {
    let inner = pattern
        .strip_prefix("^(?:")
        .and_then(|rest| rest.strip_suffix(")$"))
        .unwrap_or(pattern)
        .replace("\\b", "")
        .replace("\\d", "[0-9]")
        .replace("\\w", "[0-9A-Za-z_]");
    if inner == "^case-" {
        return any_text().prop_map(|rest| format!("case-{rest}")).boxed();
    }
    let inner = inner.trim_start_matches('^').trim_end_matches('$');
    let regex = model.regex(pattern).clone();
    // Enough characters for the least length, and no more than the greatest, where the pattern leaves room.
    let inner = match least {
        2.. if inner.ends_with("]+") => {
            inner.trim_end_matches('+').to_owned()
                + &format!("{{{least},{}}}", most.min(least + 20))
        }
        _ => inner.to_owned(),
    };
    proptest::string::string_regex(&inner)
        .expect("a pattern that can be generated")
        .prop_filter("length and pattern", move |text| {
            let length = text.chars().count() as u64;
            (least..=most).contains(&length) && regex.find(text).is_some()
        })
        .boxed()
}

/// Texts of any characters, at the boundaries of their length on purpose.
fn filled(mode: Mode, (least, most): (u64, u64)) -> BoxedStrategy<Value> {
    let lengths = prop_oneof![
        6 => least..=most.min(least + 20),
        1 => Just(least),
        1 => Just(most),
    ];
    // Long texts are made of one character, so that cases stay cheap.
    let lengths = if mode == Mode::Garbage {
        (0..=24_u64).boxed()
    } else {
        lengths.boxed()
    };
    (any_text(), any_character(), lengths)
        .prop_map(|(text, filler, length)| {
            let text: String = text
                .chars()
                .chain(std::iter::repeat(filler))
                .take(length as usize)
                .collect();
            Value::from(text)
        })
        .boxed()
}
