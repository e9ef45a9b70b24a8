//! Models that are deep or wide without end: the work stays in proportion, or a message says what is too much.

mod models;

use models::*;

#[test]
fn explore() {
    let which = std::env::var("WHICH").unwrap_or_default();
    let n: usize = std::env::var("N")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(10);
    let model = match which.as_str() {
        "lists" => nested_lists(n),
        "maps" => nested_maps(n),
        "sparse" => nested_sparse(n),
        "structures" => nested_structures(n),
        "unions" => nested_unions(n),
        "layers" => layers(n),
        "enum" => wide_enum(n),
        "same" => same_enum(n),
        "members" => wide_structure(n),
        "operations" => many_operations(n),
        "mixins" => nested_mixins(n),
        "document" => nested_document(n),
        "not" => nested_calls(n),
        "tree" => nested_rules(n),
        "rules" => wide_rules(n),
        "paths" => long_path(n),
        "patterns" => many_patterns(n),
        "minimum" => far_minimum(),
        "errors" => many_errors(n),
        "resources" => nested_resources(n),
        other => panic!("{other}"),
    };
    if which.starts_with("diff") {
        unreachable!()
    }
    let start = std::time::Instant::now();
    if let Some(kind) = std::env::var("DIFF").ok() {
        let (old, new) = match kind.as_str() {
            "enum" => (wide_enum(n), wide_enum(2 * n)),
            "structures" => (nested_structures(n), nested_structures(2 * n)),
            "lists" => (nested_lists(n), nested_maps(n)),
            "members" => (wide_structure(n), wide_structure(2 * n)),
            "same" => (same_enum(n), same_enum(2 * n)),
            "operations" => (many_operations(n), many_operations(2 * n)),
            _ => panic!(),
        };
        println!(
            "{which} {n}: {} {:?}",
            difference(&old, &new),
            start.elapsed()
        );
        return;
    }
    let outcome = outcome(&model);
    println!(
        "{which} {n}: {:?} {}",
        start.elapsed(),
        outcome.chars().take(300).collect::<String>()
    );
}
