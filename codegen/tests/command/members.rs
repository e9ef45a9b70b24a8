//! Which packages of a workspace commands know: those that cargo takes as members.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::workspace::{Place, published};

/// A package that has a crate of ours with a version that an update outgrows, and other dependencies.
fn package(place: &Place, folder: &str, dependencies: &str) {
    let name = folder.replace('/', "-");
    let up = "../".repeat(folder.split('/').count());
    place.write(
        &format!("{folder}/Cargo.toml"),
        &format!(
            "[package]\nname = \"{name}\"\n{dependencies}\n[dependencies.attache-parcels]\n\
             path = \"{up}crates/parcels\"\nversion = \"0.1.0\"\n"
        ),
    );
    place.write(&format!("{folder}/src/lib.rs"), "");
}

/// Each kind of dependency makes members, and each is followed. `excluded` and what it alone depends on are none.
fn workspace() -> Place {
    let place = Place::empty();
    place.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"app\", \"crates/*\", \"named\"]\nexclude = [\"excluded\", \"named\", \"crates/old\"]\n\
         [workspace.dependencies]\nshared = { path = \"libs/shared\", package = \"libs-shared\" }\n\
         unused = { path = \"libs/unused\", package = \"libs-unused\" }\n",
    );
    place.add_parcels();
    package(
        &place,
        "app",
        "[dependencies]\nlibs-normal = { path = \"../libs/normal\" }\nexcluded = { path = \"../excluded\" }\n\
         [dev-dependencies]\nlibs-dev = { path = \"../libs/./x/../dev\" }\n\
         [build-dependencies]\nlibs-build = { path = \"../libs/build\", optional = true }\n\
         [target.'cfg(windows)'.dependencies]\nlibs-target = { path = \"../libs/target-specific\", package = \"libs-target-specific\" }\n\
         [target.'cfg(unix)'.dev-dependencies]\nshared.workspace = true\n",
    );
    package(
        &place,
        "libs/normal",
        "[dependencies]\nlibs-deep = { path = \"../deep\" }\napp = { path = \"../../app\" }\n",
    );
    package(
        &place,
        "excluded",
        "[dependencies]\nlibs-behind = { path = \"../libs/behind\" }\n",
    );
    for folder in [
        "crates/old",
        "libs/behind",
        "libs/build",
        "libs/deep",
        "libs/dev",
        "libs/shared",
        "libs/target-specific",
        "libs/unused",
        "named",
    ] {
        package(&place, folder, "");
    }
    place
}

/// The manifests of members other than the crate of ours, as cargo finds them.
fn of_cargo(place: &Place) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(place.path(""))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{output:?}");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let names = packages.iter().filter_map(|one| one["name"].as_str());
    names
        .filter(|name| *name != "attache-parcels")
        .map(str::to_owned)
        .collect()
}

/// The packages whose manifests ask for this version.
fn asking(place: &Place, version: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, bytes) in place.snapshot("") {
        let text = String::from_utf8_lossy(&bytes);
        let name = text.split('"').nth(1).unwrap_or_default();
        let asks = text.contains(&format!("crates/parcels\"\nversion = \"{version}\""));
        if path.ends_with("Cargo.toml") && asks {
            found.insert(name.to_owned());
        }
    }
    found
}

#[test]
fn an_update_raises_the_requirements_of_all_members_that_cargo_finds() {
    let place = workspace();
    let members = of_cargo(&place);
    let model = fs::read_to_string(published()).expect("the model is there");
    place.write("gone.json", &model.replace("\"parcelId\"", "\"parcel\""));
    place.succeeds("", "update parcels --from gone.json");
    assert_eq!(asking(&place, "0.2.0"), members);
    let others = ["crates-old", "excluded", "libs-behind", "libs-unused"];
    assert_eq!(
        asking(&place, "0.1.0"),
        others.map(str::to_owned).into(),
        "packages that are no members keep their requirements"
    );
}

#[test]
fn a_crate_that_a_path_dependency_needs_is_not_removed() {
    let place = workspace();
    let refused = place.fails("", "remove parcels");
    assert!(
        refused.contains("libs/deep/Cargo.toml") && !refused.contains("libs/behind"),
        "{refused}"
    );
}

#[test]
fn a_member_that_inherits_the_dependency_is_named() {
    let place = Place::empty();
    place.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"app\", \"crates/*\"]\n\
         [workspace.dependencies]\nparcels = { path = \"crates/parcels\", package = \"attache-parcels\" }\n",
    );
    place.write(
        "app/Cargo.toml",
        "[package]\nname = \"app\"\n[dependencies]\nparcels.workspace = true\n",
    );
    place.add_parcels();
    let refused = place.fails("", "remove parcels");
    assert!(
        refused.contains("Cargo.toml, app/Cargo.toml depend on attache-parcels"),
        "{refused}"
    );
}

#[test]
fn a_new_crate_that_a_member_depends_on_is_a_member() {
    let place = Place::empty();
    place.write("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n");
    package(&place, "app", "");
    let added = place.add_parcels();
    assert!(!added.contains("does not list the crate"), "{added}");
}
