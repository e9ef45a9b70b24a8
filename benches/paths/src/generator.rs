//! The paths of the generator, with the model of AWS Support, its overlay and its words.

use std::hint::black_box;

use attache_codegen::ast;
use attache_codegen::diff::{Version, compare};
use attache_codegen::emit::{self, Manifest};
use attache_codegen::plan::{self as planning, End};
use attache_codegen::{Input, model, print as printing};
use proc_macro2::TokenStream;
use serde_json::{Value, json};

use crate::{Failure, ensure};

const MODEL: &str = include_str!("../../../models/support/model.json");
const OVERLAY: &str = include_str!("../../../models/support/overlay.json");
const WORDS: &str = include_str!("../../../models/support/docs.json");
/// The largest file of the client.
const PRINTED: &str = include_str!("../../../crates/support/src/client.rs");
const HEADER: &str = "Generated for a count of instructions.";

fn manifest() -> Manifest {
    Manifest {
        crate_name: "attache-support".to_owned(),
        runtime: "workspace = true".to_owned(),
        in_workspace: true,
        package: String::new(),
        has_extension: false,
        has_arbitrary: true,
        has_test_util: true,
        additions: emit::Additions::default(),
    }
}

fn service(manifest: &Manifest) -> Result<model::Service, Failure> {
    Ok(attache_codegen::analyse(&Input {
        model_file: "model.json",
        model: black_box(MODEL),
        overlay: Some(("overlay.json", OVERLAY)),
        words: Some(("docs.json", WORDS)),
        prose: None,
        operations: None,
        manifest,
        header: HEADER,
    })?)
}

/// From texts to the model.
pub(crate) fn analyse(times: u32) -> Result<(), Failure> {
    let manifest = manifest();
    for _ in 0..times {
        black_box(service(&manifest)?);
    }
    Ok(())
}

/// From the model to the plan of the client.
pub(crate) fn plan(times: u32) -> Result<(), Failure> {
    let service = service(&manifest())?;
    for _ in 0..times {
        black_box(planning::plan(black_box(&service), End::Client)?);
    }
    Ok(())
}

/// From the plan to the texts of the client, which includes their layout.
pub(crate) fn emit(times: u32) -> Result<(), Failure> {
    let manifest = manifest();
    let service = service(&manifest)?;
    let plan = planning::plan(&service, End::Client)?;
    let mut files = None;
    for _ in 0..times {
        let written = emit::client_crate(black_box(&plan), &manifest, HEADER)?;
        files = Some(black_box(written).len());
    }
    let complete = files.is_none_or(|files| files > plan.operations.len());
    ensure(complete, "a file for each operation is missing")
}

/// From tokens to text: the layout of one file.
pub(crate) fn print(times: u32) -> Result<(), Failure> {
    let tokens: TokenStream = PRINTED.parse()?;
    for _ in 0..times {
        let text = black_box(printing::file(HEADER, black_box(&tokens).clone())?);
        ensure(text.len() * 10 > PRINTED.len() * 9, "the text is too short")?;
    }
    Ok(())
}

/// The comparison with a version that has a few changes of each kind.
pub(crate) fn diff(times: u32) -> Result<(), Failure> {
    let old = ast::read("model.json", MODEL)?;
    let new = changed(old.clone())?;
    let version = |name, model| Version {
        name,
        model,
        overlay: Some(("overlay.json", OVERLAY)),
        operations: None,
        names: None,
    };
    let (old, new) = (version("old", &old), version("new", &new));
    let mut changes = None;
    for _ in 0..times {
        changes = Some(black_box(compare(black_box(&old), &new)?).changes.len());
    }
    let complete = changes.is_none_or(|changes| changes >= 4);
    ensure(complete, "changes were not found")
}

fn changed(mut model: Value) -> Result<Value, Failure> {
    const NAMESPACE: &str = "com.amazonaws.support";
    let shapes = &mut model["shapes"];
    let mut members = |shape: &str| {
        let members = shapes[format!("{NAMESPACE}#{shape}")]["members"].as_object_mut();
        members
            .cloned()
            .ok_or_else(|| format!("{shape} has no members"))
    };
    let mut details = members("CaseDetails")?;
    details.remove("language");
    details.insert(
        "priority".to_owned(),
        json!({"target": "smithy.api#Integer"}),
    );
    let mut request = members("DescribeCasesRequest")?;
    request.insert("owner".to_owned(), json!({"target": "smithy.api#String"}));
    shapes[format!("{NAMESPACE}#CaseDetails")]["members"] = details.into();
    shapes[format!("{NAMESPACE}#DescribeCasesRequest")]["members"] = request.into();
    shapes[format!("{NAMESPACE}#MaxResults")]["traits"]["smithy.api#range"] =
        json!({"min": 5, "max": 50});
    Ok(model)
}
