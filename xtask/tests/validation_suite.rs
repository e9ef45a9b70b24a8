//! The official suite of malformed requests, which is part of the reference data.

use std::path::Path;

#[test]
fn the_official_suite_gets_the_messages_of_the_server() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in a workspace");
    let Some(file) = reference_data::path("validation-tests/RestJsonValidation.json") else {
        return;
    };
    let report = xtask::conformance::validation::run(workspace, &file).expect("the suite runs");
    assert!(!report.failed, "{}", report.text);
    let last = report.text.lines().last().unwrap_or_default();
    assert_eq!(last, "81 passed, 0 failed, 1 skipped", "{}", report.text);
}
