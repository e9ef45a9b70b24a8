//! The official suite of malformed requests, where the reference data is beside the workspace.

use std::path::Path;

#[test]
fn the_official_suite_gets_the_messages_of_the_server() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in a workspace");
    let file = workspace.join("../shared/data/validation-tests/RestJsonValidation.json");
    if !file.exists() {
        eprintln!("skipped: the reference data is not beside the workspace");
        return;
    }
    let report = xtask::conformance::validation::run(workspace, &file).expect("the suite runs");
    assert!(!report.failed, "{}", report.text);
    let last = report.text.lines().last().unwrap_or_default();
    assert_eq!(last, "81 passed, 0 failed, 1 skipped", "{}", report.text);
}
