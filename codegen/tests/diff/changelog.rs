//! The text of the changelog, and how changes are grouped in it.

use attache_codegen::diff::report::markdown;
use serde_json::{Map, Value, json};

use super::{compared, service};

/// The service with so many structures in its request, of which the first few have a member `dryRun`.
fn structures(all: usize, with_dry_run: usize) -> Value {
    let mut members = Map::new();
    let mut shapes = Map::new();
    for number in 1..=all {
        members.insert(
            format!("part{number}"),
            json!({"target": format!("a#Part{number}")}),
        );
        let mut own = json!({"name": {"target": "a#Name"}});
        if number <= with_dry_run {
            own["dryRun"] = json!({"target": "smithy.api#Boolean"});
        }
        shapes.insert(
            format!("a#Part{number}"),
            json!({"type": "structure", "members": own}),
        );
    }
    shapes.insert(
        "a#In".to_owned(),
        json!({"type": "structure", "members": members}),
    );
    service(shapes.into())
}

#[test]
fn the_same_change_of_many_shapes_is_one_line() {
    let text = markdown(&compared(&structures(4, 0), &structures(4, 4)));
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("dryRun"))
        .collect();
    let [line] = lines.as_slice() else {
        panic!("one line: {text}");
    };
    assert!(line.starts_with("* The member `dryRun` "), "{line}");
    assert!(
        line.contains("This applies to 4 shapes: `Part1`, `Part2`, `Part3`, `Part4`."),
        "{line}"
    );
    assert!(
        line.contains("In Rust, for the first of them: `types::Part1"),
        "{line}"
    );
}

#[test]
fn the_same_change_of_two_shapes_is_two_lines() {
    let text = markdown(&compared(&structures(2, 0), &structures(2, 2)));
    for shape in ["Part1", "Part2"] {
        assert!(
            text.contains(&format!("* The member `{shape}.dryRun` ")),
            "{text}"
        );
    }
}
