//! `names.json`: any text is read or refused with its place, and a plan with the names that were read records them all.

#![no_main]

use std::sync::LazyLock;

use attache_codegen::emit::Manifest;
use attache_codegen::model::Service;
use attache_codegen::plan::{End, GivenNames, Names, plan_with};
use attache_codegen::{Input, analyse};
use libfuzzer_sys::fuzz_target;

const MODEL: &str = include_str!("../../tests/golden/bare/model.json");

static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    let manifest = Manifest {
        crate_name: "fuzzed".to_owned(),
        runtime: "path = \"../runtime\"".to_owned(),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: true,
        has_test_util: true,
        additions: Default::default(),
    };
    let input = Input {
        model_file: "model.json",
        model: MODEL,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "model.json",
    };
    analyse(&input).expect("the model is fine")
});

fuzz_target!(|text: &str| {
    let Ok(names) = Names::parse(text) else {
        return;
    };
    let again = Names::parse(&names.text()).expect("what is written can be read");
    assert_eq!(again, names);
    let given = GivenNames::recorded("names.json", names.clone());
    let plan = match plan_with(&SERVICE, End::Client, &given) {
        Ok(plan) => plan,
        Err(error) => return assert_eq!(error.file, "names.json", "an error names its file"),
    };
    for (key, name) in &names.types {
        assert_eq!(plan.recorded.types.get(key), Some(name));
    }
    for (key, name) in &names.operations {
        assert_eq!(plan.recorded.operations.get(key), Some(name));
    }
    // The names that were settled lead to the same plan.
    let given = GivenNames::recorded("names.json", plan.recorded.clone());
    let planned = plan_with(&SERVICE, End::Client, &given).expect("it is the same model");
    assert_eq!(planned.surface(), plan.surface());
});
