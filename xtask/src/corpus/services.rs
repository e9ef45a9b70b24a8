//! The services below a folder: folders of botocore with versions in them, and Smithy files at any depth.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::import::source;

/// How deep folders are searched. AWS publishes `SERVICE/service/VERSION/SERVICE-VERSION.json`.
const DEPTH: usize = 4;

/// The model of each service, the largest first, so that at the end no thread alone has a large one.
///
/// # Errors
/// A folder that cannot be read, or that holds no services.
pub(super) fn find(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut services = Vec::new();
    search(folder, DEPTH, &mut services)?;
    ensure!(
        !services.is_empty(),
        "{} holds no services",
        folder.display()
    );
    services.sort_by_cached_key(|path| (std::cmp::Reverse(size(path)), path.clone()));
    Ok(services)
}

/// The name of a service in the table: that of its folder or file.
pub(super) fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.strip_suffix(".json").unwrap_or(name).to_owned()
}

fn search(folder: &Path, depth: usize, services: &mut Vec<PathBuf>) -> Result<()> {
    let unreadable = || format!("could not read {}", folder.display());
    let (mut folders, mut files, mut of_botocore) = (Vec::new(), Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path.file_name().unwrap_or_default();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if !path.is_dir() {
            files.extend(is_json(&path).then_some(path));
        } else if source::version_folder(&path).is_ok() {
            of_botocore.push(path);
        } else {
            folders.push(path);
        }
    }
    // Files beside botocore's folders are about all services: `partitions.json` and its like.
    let is_botocore = !of_botocore.is_empty();
    services.extend(if is_botocore { of_botocore } else { files });
    if depth > 1 && !is_botocore {
        for folder in &folders {
            search(folder, depth - 1, services)?;
        }
    }
    Ok(())
}

fn is_json(path: &Path) -> bool {
    let path = match path.extension() {
        Some(extension) if extension == "gz" => path.file_stem().map(Path::new),
        _ => Some(path),
    };
    path.and_then(Path::extension) == Some(OsStr::new("json"))
}

fn size(service: &Path) -> u64 {
    let length = |path: &Path| fs::metadata(path).ok().map(|metadata| metadata.len());
    let Ok(folder) = source::version_folder(service) else {
        return length(service).unwrap_or(0);
    };
    ["service-2.json", "service-2.json.gz"]
        .iter()
        .filter_map(|name| length(&folder.join(name)))
        .sum()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{find, name};

    #[test]
    fn folders_of_botocore_and_smithy_files_are_found() {
        let root = tempfile::tempdir().expect("a folder can be made");
        let found = |files: &[&str]| {
            for file in files {
                let path = root.path().join(file);
                fs::create_dir_all(path.parent().expect("it has a folder"))
                    .expect("it can be made");
                fs::write(path, "{}").expect("it can be written");
            }
            let top = root
                .path()
                .join(files[0].split('/').next().unwrap_or_default());
            find(&top).map(|paths| paths.iter().map(|path| name(path)).collect::<Vec<_>>())
        };
        let botocore = [
            "data/partitions.json",
            "data/support/2013-04-15/service-2.json",
            "data/iam/2010-05-08/service-2.json.gz",
            "data/iam/2010-05-08/waiters-2.json",
        ];
        assert_eq!(found(&botocore).expect("services"), ["iam", "support"]);
        let smithy = [
            "models/support/service/2013-04-15/support-2013-04-15.json",
            "models/.scripts/overrides.json",
            "models/README.md",
            "models/toys.json.gz",
        ];
        assert_eq!(
            found(&smithy).expect("services"),
            ["support-2013-04-15", "toys"]
        );
        assert!(found(&["empty/README.md"]).is_err());
    }
}
