//! Models that are deep or wide without end: the work stays in proportion to the model, or a message says what is too
//! much. A walk that doubled with every level, or took the stack of a thread, would not come to an end here.

mod endpoints;
mod models;

use endpoints::*;
use models::*;

/// The size of what is generated from a valid model.
#[track_caller]
fn size(model: &serde_json::Value) -> usize {
    let outcome = outcome(model);
    let bytes = outcome
        .strip_suffix(" bytes")
        .and_then(|bytes| bytes.parse().ok());
    bytes.unwrap_or_else(|| panic!("{outcome}"))
}

#[track_caller]
fn refused(model: &serde_json::Value, message: &str) {
    let outcome = outcome(model);
    assert!(
        outcome.starts_with("refused: ") && outcome.contains(message),
        "{outcome}"
    );
    assert!(
        outcome.len() < 5_000,
        "a message that nobody reads: {outcome}"
    );
}

#[test]
fn lists_and_maps_nest_as_deep_as_rust_is_readable() {
    for nested in [nested_lists, nested_sparse, nested_maps] {
        // Twice as deep is about as much code again, and indented further.
        assert!(size(&nested(16)) < 3 * size(&nested(8)));
        for depth in [17, 22, 400, 5_000] {
            refused(&nested(depth), "lists and maps nest more than 16 deep");
        }
    }
}

#[test]
fn structures_and_unions_nest_as_deep_as_the_compiler_takes() {
    for nested in [nested_structures, nested_unions] {
        assert!(size(&nested(400)) < 5 * size(&nested(100)));
        for depth in [501, 2_000, 20_000] {
            refused(&nested(depth), "deep, and 500 at most can be generated");
        }
    }
}

#[test]
fn a_deep_crate_raises_the_limit_of_the_compiler() {
    assert!(
        generated(&nested_structures(100), "src/lib.rs").contains("#![recursion_limit = \"1024\"]")
    );
    assert!(!generated(&nested_structures(10), "src/lib.rs").contains("recursion_limit"));
}

/// Each layer holds the next one three times: there are more ways through it than could ever be walked.
#[test]
fn shapes_that_many_ways_lead_to_are_looked_at_once() {
    assert!(size(&layers(200)) < 3 * size(&layers(100)));
}

#[test]
fn wide_models_stay_in_proportion() {
    for wide in [wide_enum, same_enum, wide_structure] {
        assert!(size(&wide(2_000)) < 3 * size(&wide(1_000)));
    }
}

#[test]
fn what_operations_share_is_bounded() {
    refused(
        &many_operations(1_000),
        "more than 100000 fields and errors",
    );
    refused(&many_errors(1_000), "more than 100000 fields and errors");
}

#[test]
fn mixins_nest_and_are_bounded() {
    size(&nested_mixins(200));
    refused(
        &nested_mixins(1_000),
        "mixins add more than 200000 members and traits",
    );
    refused(&mixins_in_a_circle(), "the mixins form a cycle");
}

#[test]
fn resources_nest() {
    size(&nested_resources(2_000));
}

#[test]
fn values_that_become_code_are_bounded() {
    size(&nested_document(8));
    refused(
        &nested_document(9),
        "nests more than 8 lists and objects deep",
    );
    refused(
        &nested_document(100),
        "nests more than 8 lists and objects deep",
    );
    // What reads JSON stops here.
    refused(&nested_document(500), "recursion limit exceeded");
}

#[test]
fn endpoint_rules_are_bounded() {
    for model in [nested_calls(50), nested_rules(50), wide_rules(1_000)] {
        size(&model);
    }
    refused(&nested_calls(200), "recursion limit exceeded");
    refused(&nested_rules(200), "recursion limit exceeded");
    refused(
        &wide_rules(5_000),
        "rules and conditions, and 10000 at most",
    );
    refused(&wide_parameters(200), "parameters, and 100 at most");
    refused(&deep_diagram(200), "rules that nest more than 60 deep");
    refused(&wide_diagram(40), "unfolds into more than 1000 rules");
}

#[test]
fn paths_may_be_long() {
    size(&long_path(300));
}

#[test]
fn patterns_are_bounded_one_by_one_and_together() {
    size(&far_minimum());
    for (pattern, reason) in [
        ("(a{1000}){1000}".to_owned(), "states"),
        ("(".repeat(5_000), "nest more than 100 deep"),
        ("\\p{L}".repeat(10_000), "longer than 20000 bytes"),
        ("(a|b)*a(a|b){30}".to_owned(), "states"),
        ("[a-z].{0,60}x.{0,60}y".to_owned(), "states"),
    ] {
        let refused = attache_codegen::pattern::compile(&pattern).expect_err(reason);
        assert!(refused.contains(reason), "{reason}: {refused}");
    }
    // Each is too large, which takes the most time: from some of them on, none is tried any more.
    let readme = generated(&many_patterns(60), "src/types.rs");
    let tried = readme.matches("its table would have more than").count();
    let passed = readme
        .matches("the patterns of the model have more than")
        .count();
    assert!(
        tried > 20 && passed > 20,
        "{tried} were tried, {passed} were not"
    );
}

#[test]
fn comparisons_stay_in_proportion() {
    for (old, new) in [
        (nested_structures(500), nested_structures(5_000)),
        (nested_unions(500), nested_unions(1_000)),
        (nested_lists(200), nested_maps(200)),
        (layers(30), layers(60)),
        (wide_enum(1_000), wide_enum(2_000)),
        (wide_structure(1_000), wide_structure(2_000)),
    ] {
        let told = difference(&old, &new);
        assert!(told.contains(" changes, "), "{told}");
    }
}
