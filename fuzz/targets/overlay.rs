//! Overlays: any text is applied to a model or refused with its file and place, and the result of one application
//! refuses a second one.

#![no_main]

use std::sync::LazyLock;

use attache_codegen::ast::{self, Model, overlay};
use attache_codegen::emit::Manifest;
use attache_codegen::error::Error;
use attache_codegen::plan::{End, plan};
use attache_codegen::{Input, analyse, generate};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const MODEL: &str = include_str!("../../tests/golden/aws-json/model.json");

static READ: LazyLock<Value> =
    LazyLock::new(|| ast::read("model.json", MODEL).expect("the model can be read"));

fuzz_target!(|text: &str| {
    let Ok(statements) = ast::read_overlay("overlay.json", text) else {
        return;
    };
    let Ok(parsed) = Model::from_value(statements.clone()) else {
        return;
    };
    let says_something = !parsed.shapes.is_empty();
    let mut model = READ.clone();
    if overlay::apply(&mut model, &statements).is_ok() && says_something {
        assert!(
            overlay::apply(&mut model, &statements).is_err(),
            "an overlay that the model already contains is refused"
        );
    }
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
        overlay: Some(("overlay.json", text)),
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest,
        header: "model.json",
    };
    let in_model = |error: Error| error.in_file("model.json");
    let planned =
        analyse(&input).and_then(|model| plan(&model, End::Client).map(drop).map_err(in_model));
    match planned {
        Err(error) => assert!(["model.json", "overlay.json"].contains(&error.file.as_str())),
        // Generation takes long, and errors in an overlay appear in the analysis.
        Ok(_) if says_something => {
            let files = generate(&input).expect("what can be analysed can be written");
            assert!(files.iter().any(|file| file.path == "src/lib.rs"));
        }
        Ok(_) => {}
    }
});
