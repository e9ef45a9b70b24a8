//! Names for the values of an enum that has none.
//!
//! C2J and the old `@enum` trait list values; a Smithy enum shape needs a member name for each. The names have the form
//! of those in published Smithy models: upper case with underscores. They are Smithy identifiers and unique, and are
//! never sent.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToShoutySnakeCase;
use serde_json::{Map, Value, json};

use crate::ast::{UNIT, trait_id};
use crate::error::{Error, Result};

/// The members of an enum shape with these values.
///
/// # Errors
/// A value that is listed twice.
pub(super) fn members<'a>(values: impl IntoIterator<Item = &'a str>) -> Result<Map<String, Value>> {
    let mut seen = BTreeSet::new();
    let mut members = BTreeMap::new();
    let mut numbers = BTreeMap::new();
    for value in values {
        if !seen.insert(value) {
            return Err(Error::new(format!("the value `{value}` is listed twice")));
        }
        let name = unique(name_of(value), &members, &mut numbers);
        members.insert(
            name,
            json!({"target": UNIT, "traits": {trait_id::ENUM_VALUE: value}}),
        );
    }
    Ok(members.into_iter().collect())
}

/// The first of `NAME`, `NAME_2`, `NAME_3`, … that is free. Earlier values keep their names when one is appended.
/// `numbers` has the next number of each name, so that many equal names are not counted repeatedly.
fn unique<T>(
    name: String,
    taken: &BTreeMap<String, T>,
    numbers: &mut BTreeMap<String, usize>,
) -> String {
    let mut candidate = name.clone();
    let number = numbers.entry(name.clone()).or_insert(2);
    while taken.contains_key(&candidate) {
        candidate = format!("{name}_{number}");
        *number += 1;
    }
    candidate
}

fn name_of(value: &str) -> String {
    let letters: String = value
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let name = letters.to_shouty_snake_case();
    match name.chars().next() {
        None if value.is_empty() => "EMPTY".to_owned(),
        None => value.chars().map(symbol_name).collect::<Vec<_>>().join("_"),
        // A Smithy identifier does not begin with a digit.
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        Some(_) => name,
    }
}

fn symbol_name(symbol: char) -> String {
    let name = match symbol {
        '<' => "LESS",
        '>' => "GREATER",
        '=' => "EQUALS",
        '!' => "NOT",
        '*' => "ASTERISK",
        '+' => "PLUS",
        '-' => "MINUS",
        '/' => "SLASH",
        '%' => "PERCENT",
        '&' => "AND",
        '|' => "OR",
        '.' => "DOT",
        ' ' => "SPACE",
        other => return format!("U{:04X}", u32::from(other)),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::{members, name_of};

    #[test]
    fn names_follow_the_habit_of_published_models() {
        for (value, name) in [
            ("af-south-1", "AF_SOUTH_1"),
            ("AWS", "AWS"),
            ("InProgress", "IN_PROGRESS"),
            (
                "Containment, Eradication and Recovery",
                "CONTAINMENT_ERADICATION_AND_RECOVERY",
            ),
            ("Post-incident Activities", "POST_INCIDENT_ACTIVITIES"),
            ("t2.micro", "T2_MICRO"),
            ("256", "_256"),
            (">=", "GREATER_EQUALS"),
            ("é", "U00E9"),
            ("", "EMPTY"),
        ] {
            assert_eq!(name_of(value), name, "{value:?}");
        }
    }

    #[test]
    fn names_are_unique_and_values_listed_once() {
        let shape = members(["a-b", "a_b", "A.B"]).expect("the values differ");
        let names: Vec<&str> = shape.keys().map(String::as_str).collect();
        assert_eq!(names, ["A_B", "A_B_2", "A_B_3"]);
        assert!(members(["x", "x"]).is_err());
    }
}
