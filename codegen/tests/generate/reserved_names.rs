//! No setter is called like a method that is generated anyway: the methods are read off the golden crates, so that one
//! that is new and not reserved is noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::model::{generate_toys, toys};

/// The functions of each type that has `impl` blocks of its own in a file, as often as they are there.
fn functions(text: &str) -> BTreeMap<String, Vec<String>> {
    let file = syn::parse_file(text).expect("generated code is Rust");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in file.items {
        let syn::Item::Impl(block) = item else {
            continue;
        };
        let (None, syn::Type::Path(path)) = (&block.trait_, &*block.self_ty) else {
            continue;
        };
        let owner = path.path.segments.last().expect("a path has a segment");
        let names = found.entry(owner.ident.to_string()).or_default();
        names.extend(block.items.iter().filter_map(|item| match item {
            syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
            _ => None,
        }));
    }
    found
}

/// Every function of the types of the golden crates, setters included.
fn golden_functions() -> BTreeSet<String> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden");
    let mut found = BTreeSet::new();
    for name in ["aws-json", "rest-json", "names"] {
        let folder = golden.join(name).join("src");
        let operations = fs::read_dir(folder.join("operation")).expect("the crate has operations");
        let operations = operations.map(|entry| entry.expect("the entry can be read").path());
        let others = ["types.rs", "error.rs"].map(|file| folder.join(file));
        for path in operations.chain(others) {
            let text = fs::read_to_string(path).expect("it is a text");
            found.extend(functions(&text).into_values().flatten());
        }
    }
    found
}

#[test]
fn no_setter_is_called_like_a_generated_method() {
    let names = golden_functions();
    assert!(names.contains("send") && names.contains("into_request"));
    let mut model = toys();
    let shapes = &mut model["shapes"];
    let target = |name: &str| json!({ "target": format!("example.toys#{name}") });
    shapes["example.toys#Part"] = json!({ "type": "structure", "members": {} });
    shapes["example.toys#Broken"] = json!({
        "type": "structure",
        "members": {},
        "traits": { "smithy.api#error": "client" },
    });
    shapes["example.toys#MakeToy"]["errors"] = json!([target("Broken")]);
    for name in names.iter().filter(|name| !name.starts_with("r#")) {
        for shape in ["MakeToyInput", "MakeToyOutput", "Part", "Broken"] {
            shapes[format!("example.toys#{shape}")]["members"][name] =
                json!({ "target": "smithy.api#String" });
        }
    }
    for shape in ["MakeToyInput", "MakeToyOutput"] {
        shapes[format!("example.toys#{shape}")]["members"]["the_part"] = target("Part");
    }
    let files = generate_toys(&model.to_string(), None).expect("the model can be generated");
    let mut twice = Vec::new();
    let mut owners = BTreeSet::new();
    for path in ["src/operation/make_toy.rs", "src/types.rs", "src/error.rs"] {
        let file = files.iter().find(|file| file.path == path);
        for (owner, names) in functions(&file.expect("the file is written").text) {
            let mut seen = BTreeSet::new();
            let repeated = names.into_iter().filter(|name| !seen.insert(name.clone()));
            twice.extend(repeated.map(|name| format!("{owner}::{name}")));
            owners.insert(owner);
        }
    }
    for owner in ["MakeToyResponse", "Part", "Broken"] {
        assert!(owners.contains(owner), "{owner} is none of {owners:?}");
    }
    assert!(
        twice.is_empty(),
        "reserve these in plan/names.rs: {twice:?}"
    );
}
