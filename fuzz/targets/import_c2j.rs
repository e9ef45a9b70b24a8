//! The import of a C2J model: the result of any text is a model that can be read, or an error with a place.

#![no_main]

use attache_codegen::ast::Model;
use attache_codegen::import::{self, Sources};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let sources = Sources {
        service_2: text,
        ..Sources::default()
    };
    if let Ok(imported) = import::from_c2j(&sources) {
        let again =
            import::from_smithy(&imported.model_json).expect("the normal form can be imported");
        assert_eq!(
            again.model_json, imported.model_json,
            "the normal form is its own normal form"
        );
        Model::parse("model.json", &imported.model_json).expect("the normal form can be read");
    }
});
