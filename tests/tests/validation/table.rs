//! `models/CONSTRAINTS.md` is true: each row is there once, and what it names is in the models.

use std::collections::BTreeSet;
use std::path::Path;

use crate::model::Model;

#[test]
fn each_row_says_what_the_models_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/CONSTRAINTS.md");
    let text = std::fs::read_to_string(path).expect("the table is there");
    let support = Model::read("support");
    let security = Model::read("security-ir");
    let mut seen = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [row, status, rule, evidence, note] = cells.as_slice() else {
            panic!("not a row of five cells: {line}");
        };
        if *row == "row" {
            continue;
        }
        assert!(!rule.is_empty() && seen.insert((*row).to_owned()), "{row}");
        let (model, namespace) = match row.starts_with('S') {
            true => (&support, "com.amazonaws.support#"),
            false => (&security, "com.amazonaws.securityir#"),
        };
        let named: Vec<&str> = evidence.split('`').skip(1).step_by(2).collect();
        match *status {
            "enforced" | "typed" => assert!(!named.is_empty(), "{row} names nothing"),
            "not enforceable" => assert!(named.is_empty() && !note.is_empty(), "{row}"),
            other => panic!("{row}: unknown status {other}"),
        }
        for statement in named {
            let (place, statement) = statement.split_once(' ').expect("a place and a trait");
            assert!(
                holds(model, &format!("{namespace}{place}"), statement),
                "{row}: {place} has no {statement}"
            );
        }
    }
    let rows = (1..=51).map(|row| format!("S{row}"));
    let expected: BTreeSet<String> = rows.chain((1..=29).map(|row| format!("I{row}"))).collect();
    assert_eq!(seen, expected);
}

fn holds(model: &Model, place: &str, statement: &str) -> bool {
    let (shape, member) = place.split_once('$').unwrap_or((place, ""));
    let shape_value = model.shape(shape);
    if let Some(kind) = statement.strip_prefix("type ") {
        return shape_value["type"] == kind;
    }
    let traits = match member {
        "" => &shape_value["traits"],
        member => &shape_value["members"][member]["traits"],
    };
    traits.get(statement).is_some()
}
