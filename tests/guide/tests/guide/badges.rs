//! The line below the title of a README: facts that need no server to be shown, and that the manifests confirm.

use std::fs;

use libtest_mimic::Failed;

use crate::repository;

/// Pages with the line, beside the front page.
const PACKAGES: [&str; 6] = [
    "codegen",
    "crates/evidence",
    "crates/evidence-cli",
    "crates/local",
    "crates/runtime",
    "crates/transfer",
];

/// The Rust version, the license and the lint are those of the workspace, and each package inherits them.
pub(crate) fn check() -> Result<(), Failed> {
    let manifest = |path: &str| -> Result<toml_edit::DocumentMut, Failed> {
        let text = fs::read_to_string(repository().join(path).join("Cargo.toml"))?;
        Ok(text.parse()?)
    };
    let workspace = manifest("")?;
    let package = &workspace["workspace"]["package"];
    let lint = &workspace["workspace"]["lints"]["rust"]["unsafe_code"];
    let text = |item: &toml_edit::Item| item.as_str().unwrap_or_default().to_owned();
    if text(lint) != "forbid" {
        return Err("the workspace does not forbid unsafe code".into());
    }
    let line = format!(
        "`Rust {}` · `{}` · `no unsafe code`",
        text(&package["rust-version"]),
        text(&package["license"])
    );
    for folder in [""].into_iter().chain(PACKAGES) {
        let page = fs::read_to_string(repository().join(folder).join("README.md"))?;
        if !page.contains(&line) {
            return Err(format!("{folder}/README.md does not have the line {line}").into());
        }
        if folder.is_empty() {
            continue;
        }
        let manifest = manifest(folder)?;
        for inherited in [
            &manifest["package"]["rust-version"],
            &manifest["package"]["license"],
            &manifest["lints"],
        ] {
            let inherits = inherited
                .get("workspace")
                .and_then(toml_edit::Item::as_bool);
            if inherits != Some(true) {
                return Err(format!(
                    "{folder}/Cargo.toml inherits not everything that the line states"
                )
                .into());
            }
        }
    }
    Ok(())
}
