//! Generated crates that are committed, compiled and compared.
//!
//! The folders of `tests/golden` are members of the workspace: what is generated from their models is built, linted
//! and documented like any other crate. `UPDATE_GOLDEN=1 cargo test -p attache-codegen` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use attache_codegen::{Input, generate};

use crate::model::manifest;

#[test]
fn rest_json() {
    compare("rest-json");
}

#[test]
fn aws_json() {
    compare("aws-json");
}

/// Members and shapes whose names are keywords, or names that generated code uses for something else.
#[test]
fn names() {
    compare("names");
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/golden")
        .join(name)
}

fn compare(name: &str) {
    let folder = folder(name);
    let origin = format!("tests/golden/{name}/model.json");
    let model = fs::read_to_string(folder.join("model.json")).expect("the model can be read");
    let files = generate(&Input {
        model_file: &origin,
        model: &model,
        overlay: None,
        operations: None,
        manifest: &manifest(&format!("golden-{name}")),
        origin: &origin,
    })
    .expect("the model is fine");
    let generated: BTreeMap<String, String> = files
        .into_iter()
        .map(|file| (file.path, file.text))
        .collect();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        write(&folder, &generated);
    }
    let mut committed = BTreeMap::new();
    read(&folder, "", &mut committed);
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&committed), names(&generated), "the files of {name}");
    for (path, text) in &generated {
        let difference = text
            .lines()
            .zip(committed[path].lines())
            .position(|(new, old)| new != old);
        assert!(
            committed[path] == *text,
            "{name}/{path} differs from line {} on; UPDATE_GOLDEN=1 writes it anew",
            difference.unwrap_or_else(|| text.lines().count().min(committed[path].lines().count()))
                + 1
        );
    }
}

/// Every file but the model.
fn read(root: &Path, below: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(root.join(below)).expect("the folder can be listed") {
        let entry = entry.expect("the folder can be listed");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() {
            name
        } else {
            format!("{below}/{name}")
        };
        if entry.path().is_dir() {
            read(root, &path, files);
        } else if path != "model.json" {
            let text = fs::read_to_string(entry.path()).expect("the file can be read");
            files.insert(path, text);
        }
    }
}

fn write(root: &Path, generated: &BTreeMap<String, String>) {
    let mut committed = BTreeMap::new();
    read(root, "", &mut committed);
    for stale in committed
        .keys()
        .filter(|path| !generated.contains_key(*path))
    {
        fs::remove_file(root.join(stale)).expect("the file can be deleted");
    }
    for (path, text) in generated {
        let place = root.join(path);
        fs::create_dir_all(place.parent().expect("it has a folder")).expect("it can be made");
        fs::write(place, text).expect("the file can be written");
    }
}
