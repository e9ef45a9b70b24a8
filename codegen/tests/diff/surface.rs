//! The list of API items is that of the generated code.

use std::collections::BTreeSet;

use attache_codegen::emit::{self, Manifest};
use attache_codegen::model::Service;
use attache_codegen::plan::{Definition, End, ItemKind, plan};
use attache_codegen::{Input, analyse};

/// Public items are found by the beginnings of lines: types without indentation, their parts with indentation.
fn public_items(files: &[emit::File]) -> BTreeSet<String> {
    let mut items = BTreeSet::new();
    for file in files {
        let module = match file.path.as_str() {
            "src/types.rs" => "types",
            "src/enums.rs" => "enums",
            "src/error.rs" => "error",
            path if path.starts_with("src/operation/") && !path.ends_with("mod.rs") => "operation",
            _ => continue,
        };
        let mut open = String::new();
        let mut is_enum = false;
        for line in file.text.lines() {
            let word = |text: &str| -> String {
                text.chars()
                    .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                    .collect()
            };
            if let Some(rest) = line
                .strip_prefix("pub struct ")
                .or_else(|| line.strip_prefix("pub enum "))
            {
                open = format!("{module}::{}", word(rest));
                is_enum = line.starts_with("pub enum");
                items.insert(open.clone());
            } else if let Some(rest) = line.strip_prefix("impl ") {
                open = format!(
                    "{module}::{}",
                    word(rest.rsplit(" for ").next().unwrap_or(rest))
                );
                is_enum = false;
            } else if let Some(rest) = line.strip_prefix("    pub fn ") {
                items.insert(format!("{open}::{}", word(rest)));
            } else if let Some(rest) = line.strip_prefix("    pub ") {
                if !rest.starts_with("const ") && !rest.starts_with('(') {
                    items.insert(format!("{open}.{}", word(rest)));
                }
            } else if is_enum
                && line.starts_with("    ")
                && line.chars().nth(4).is_some_and(char::is_uppercase)
            {
                items.insert(format!("{open}::{}", word(&line[4..])));
            }
        }
    }
    items
}

fn manifest() -> Manifest {
    Manifest {
        crate_name: "golden".to_owned(),
        runtime: String::new(),
        in_workspace: false,
        package: String::new(),
        has_extension: false,
        has_arbitrary: false,
        has_test_util: false,
        additions: Default::default(),
    }
}

fn analysed(model: &str) -> Service {
    let input = Input {
        model_file: "model.json",
        model,
        overlay: None,
        words: None,
        prose: None,
        operations: None,
        manifest: &manifest(),
        header: "a test",
    };
    analyse(&input).expect("the golden model is sound")
}

#[test]
fn every_structure_has_a_default_and_all_but_requests_have_a_setter_for_each_field() {
    for name in ["aws-json", "rest-json", "names"] {
        let model = super::golden(name).to_string();
        let service = analysed(&model);
        let plan = plan(&service, End::Client).expect("the golden model is sound");
        let surface = plan.surface();
        let requests = plan
            .operations
            .iter()
            .map(|operation| operation.model.request);
        let requests: Vec<_> = requests.collect();
        let mut setters = 0;
        for definition in &plan.types {
            let path = format!("{}::{}", definition.module.path(), definition.name);
            if !matches!(definition.definition, Definition::Structure(_)) {
                continue;
            }
            assert!(
                surface.contains_key(&format!("{path}: Default")),
                "{name}: {path}"
            );
            for field in definition.fields() {
                let setter = format!("{path}::{}", field.setter.name);
                let is_request = requests.contains(&definition.id);
                assert_eq!(
                    surface.contains_key(&setter),
                    !is_request,
                    "{name}: {setter}"
                );
                setters += usize::from(!is_request);
            }
        }
        assert!(setters > 10, "{name}: {setters}");
    }
}

#[test]
fn every_type_field_variant_and_setter_is_listed() {
    for name in ["aws-json", "rest-json", "names"] {
        let model = super::golden(name).to_string();
        let manifest = manifest();
        let service = analysed(&model);
        let plan = plan(&service, End::Client).expect("the golden model is sound");
        let written = public_items(
            &emit::client_crate(&plan, &manifest, "a test").expect("it can be written"),
        );
        let listed: BTreeSet<String> = plan
            .surface()
            .into_iter()
            .filter(|(path, item)| item.kind != ItemKind::Trait && !path.starts_with("Client::"))
            .map(|(path, _)| path)
            .collect();
        let missing: Vec<_> = listed.difference(&written).collect();
        assert!(
            missing.is_empty(),
            "{name}: listed, but not in the code: {missing:?}"
        );
        // Items that every builder and every enum has never differ between two versions.
        let constant = [
            "options",
            "validation",
            "into_request",
            "validate",
            "as_str",
            "value",
            "Unknown",
        ];
        let unlisted: Vec<_> = written
            .difference(&listed)
            .filter(|path| {
                !constant
                    .iter()
                    .any(|name| path.ends_with(&format!("::{name}")))
            })
            .filter(|path| path.as_str() != "error::ServiceError")
            // Only requests have this field; their names may end with a number.
            .filter(|path| !path.starts_with("operation::") || !path.ends_with("._non_exhaustive"))
            .collect();
        assert!(
            unlisted.is_empty(),
            "{name}: in the code, but not listed: {unlisted:?}"
        );
    }
}
