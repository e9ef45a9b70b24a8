//! The import and analysis of a Smithy model: the result of any text is a client or an error, and no panic.

#![no_main]

use attache_codegen::emit::Manifest;
use attache_codegen::error::Error;
use attache_codegen::plan::{End, plan};
use attache_codegen::{Input, analyse, import};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(imported) = import::from_smithy(text) else {
        return;
    };
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
        model: &imported.model_json,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "model.json",
    };
    let in_model = |error: Error| error.in_file("model.json");
    let planned =
        analyse(&input).and_then(|model| plan(&model, End::Client).map(drop).map_err(in_model));
    if let Err(error) = planned {
        assert_eq!(error.file, "model.json", "an error names its file");
    }
});
