//! `cargo xtask import` in temporary folders: which files it reads and writes, and that a failure writes nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use attache_codegen::workspace::run;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use xtask::import::import;

/// A botocore installation with the service `toys`, and an empty folder of models.
struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self {
            root: tempfile::tempdir().expect("a temporary folder can be made"),
        };
        place.write(
            "botocore/__init__.py",
            "import os\n\n__version__ = '1.2.3'\n",
        );
        place.write(
            "botocore/data/toys/2020-01-02/service-2.json",
            &service("2020-01-02"),
        );
        fs::create_dir(place.models()).expect("the folder can be made");
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn models(&self) -> PathBuf {
        self.path("models")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        let folder = path.parent().expect("the path has a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(path, text).expect("the file can be written");
    }

    fn import(&self, from: &str) -> Result<String, String> {
        import(&self.models(), "toys", &self.path(from)).map_err(|error| format!("{error:#}"))
    }

    /// Every file under the models, with its text.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(&self.models(), &self.models(), &mut files);
        files
    }

    fn model(&self) -> String {
        self.files()
            .remove("toys/model.json")
            .expect("the model was written")
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            collect(root, &path, files);
            continue;
        }
        let name = path
            .strip_prefix(root)
            .expect("the file is inside")
            .display()
            .to_string();
        let text = fs::read_to_string(&path).expect("the file is text");
        files.insert(name, text);
    }
}

fn service(version: &str) -> String {
    serde_json::json!({
        "version": "2.0",
        "metadata": {
            "apiVersion": version, "endpointPrefix": "toys", "protocols": ["rest-json"],
            "serviceFullName": "Toys", "serviceId": "Toys", "signatureVersion": "v4"
        },
        "operations": {
            "Do": {"name": "Do", "http": {"method": "POST", "requestUri": "/do"}, "input": {"shape": "In"}}
        },
        "shapes": {"In": {"type": "structure", "members": {}}}
    })
    .to_string()
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(text.as_bytes())
        .expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

#[test]
fn a_botocore_folder_is_imported_and_recorded() {
    let place = Place::new();
    let report = place
        .import("botocore/data/toys")
        .expect("the service is sound");
    assert!(
        report.starts_with("found botocore's data: botocore 1.2.3 toys/2020-01-02\n"),
        "{report}"
    );
    assert!(
        report.contains("Toys, version 2020-01-02, restJson1: 1 operation, 3 shapes"),
        "{report}"
    );
    let files = place.files();
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        [
            "attache.toml",
            "toys/model.json",
            "toys/overlay.json",
            "toys/prose.json"
        ]
    );
    assert_eq!(
        files["toys/overlay.json"],
        "{\n  \"shapes\": {},\n  \"smithy\": \"2.0\"\n}\n"
    );
    let config = &files["attache.toml"];
    for line in [
        "[service.toys]",
        "crate = \"attache-toys\"",
        "source = \"botocore\"\nrelease = \"1.2.3\"\nfile = \"toys/2020-01-02\"\nfile-sha256 = \"",
        "version = \"2020-01-02\"",
        "sha256 = \"",
    ] {
        assert!(config.contains(line), "{config}");
    }
    assert!(
        !config.contains(&*place.root.path().to_string_lossy()),
        "{config}"
    );
}

#[test]
fn an_import_that_is_repeated_changes_nothing() {
    let place = Place::new();
    place
        .import("botocore/data/toys")
        .expect("the service is sound");
    let files = place.files();
    place
        .import("botocore/data/toys")
        .expect("the service is sound");
    assert_eq!(place.files(), files);
}

#[test]
fn the_newest_version_wins_and_an_older_one_can_be_named() {
    let place = Place::new();
    place.write(
        "botocore/data/toys/2021-01-01/service-2.json",
        &service("2021-01-01"),
    );
    let report = place
        .import("botocore/data/toys")
        .expect("the service is sound");
    assert!(report.contains("toys/2021-01-01"), "{report}");
    let report = place
        .import("botocore/data/toys/2020-01-02")
        .expect("the service is sound");
    assert!(report.contains("toys/2020-01-02"), "{report}");
}

#[test]
fn compressed_and_plain_files_give_the_same() {
    let place = Place::new();
    place
        .import("botocore/data/toys")
        .expect("the service is sound");
    let plain = place.files();
    let file = place.path("botocore/data/toys/2020-01-02/service-2.json");
    fs::remove_file(&file).expect("the file is there");
    fs::write(
        file.with_extension("json.gz"),
        compressed(&service("2020-01-02")),
    )
    .expect("the file can be written");
    place
        .import("botocore/data/toys")
        .expect("the service is sound");
    assert_eq!(place.files(), plain);

    let model = place.model();
    place.write("toys.smithy.json", &model);
    fs::write(place.path("toys.json.gz"), compressed(&model)).expect("the file can be written");
    for (from, source) in [
        (
            "toys.smithy.json",
            "found a Smithy JSON AST: Smithy toys.smithy.json 2020-01-02\n",
        ),
        (
            "toys.json.gz",
            "found a Smithy JSON AST: Smithy toys.json 2020-01-02\n",
        ),
    ] {
        let report = place.import(from).expect("the model is sound");
        assert!(report.starts_with(source), "{report}");
        assert_eq!(
            place.model(),
            model,
            "importing the normal form changes nothing"
        );
    }
}

#[test]
fn what_people_wrote_into_the_configuration_stays() {
    let place = Place::new();
    place.write(
        "models/attache.toml",
        "# Ours.\n[service.toys]\ncrate = \"toy-client\" # shorter\nsource = \"botocore 1.2.2 toys/2020-01-01\" # the source\noperations = [\"Do\"]\n\n\
         [service.other]\ncrate = \"other\"\n",
    );
    place
        .import("botocore/data/toys")
        .expect("the service is sound");
    let config = place
        .files()
        .remove("attache.toml")
        .expect("the file is there");
    for line in [
        "# Ours.\n[service.toys]\ncrate = \"toy-client\" # shorter\n",
        "source = \"botocore\" # the source\n",
        "operations = [\"Do\"]\n",
        "[service.other]\ncrate = \"other\"\n",
    ] {
        assert!(config.contains(line), "{config}");
    }
}

#[test]
fn a_failure_names_its_reason_and_changes_nothing() {
    let sound = service("2020-01-02");
    let unknown = sound.replace("\"members\":{}", "\"members\":{},\"colour\":1");
    let statement = |id: &str| {
        format!(
            r#"{{"smithy": "2.0", "shapes": {{"com.amazonaws.toys#{id}": {{"type": "apply", "traits": {{"smithy.api#sensitive": {{}}}}}}}}}}"#
        )
    };
    let gone = statement("Gone");
    for (path, text, expected) in [
        (
            "botocore/data/toys/2020-01-02/service-2.json",
            "{",
            "service-2.json: not valid JSON",
        ),
        (
            "botocore/data/toys/2020-01-02/service-2.json",
            &unknown,
            "com.amazonaws.toys#In: unknown key `colour`",
        ),
        (
            "botocore/data/toys/2020-01-02/waiters-2.json",
            "{\"x\": 1}",
            "waiters-2.json: unknown key `x`",
        ),
        (
            "models/toys/overlay.json",
            &gone,
            "the import is refused, nothing was changed: models/toys/overlay.json: com.amazonaws.toys#Gone: this overlay \
             statement applies to nothing",
        ),
        (
            "models/attache.toml",
            "service = 1",
            "`service` is not a table",
        ),
        ("models/attache.toml", "[", "attache.toml"),
    ] {
        let place = Place::new();
        place.write("models/toys/model.json", "the old one");
        place.write("models/toys/overlay.json", &statement("In"));
        place.write("models/attache.toml", "# Ours.\n");
        place.write(path, text);
        let before = place.files();
        let error = place.import("botocore/data/toys").expect_err(expected);
        assert!(error.contains(expected), "{error}");
        assert!(
            !error.contains('\n') || error.contains("TOML"),
            "one message: {error}"
        );
        assert_eq!(place.files(), before, "{expected}");
    }
}

#[test]
fn a_place_that_cannot_be_written_leaves_no_traces() {
    let place = Place::new();
    fs::create_dir_all(place.models().join("toys/model.json")).expect("the folder can be made");
    let error = place
        .import("botocore/data/toys")
        .expect_err("a folder is in the way");
    assert!(error.contains("model.json: it is a folder"), "{error}");
    assert_eq!(place.files(), BTreeMap::new());

    let place = Place::new();
    place.write("models/toys", "a file where a folder is needed");
    let before = place.files();
    place
        .import("botocore/data/toys")
        .expect_err("a file is in the way");
    assert_eq!(place.files(), before);
}

#[test]
fn paths_that_lead_nowhere() {
    let place = Place::new();
    place.write("empty/readme.txt", "nothing");
    for (from, expected) in [
        ("gone", "could not read "),
        (
            "empty",
            "neither the folder nor a folder in it holds a service-2.json",
        ),
        ("empty/readme.txt", "not valid JSON"),
    ] {
        let error = place.import(from).expect_err(expected);
        assert!(error.contains(expected), "{error}");
    }
    assert_eq!(place.files(), BTreeMap::new());
}

#[test]
fn the_command_explains_itself() {
    let run = |line: &str| {
        let arguments = line.split_whitespace();
        run("cargo xtask", Path::new("nowhere"), "import", arguments)
            .expect("it is a command")
            .map(|outcome| outcome.text)
            .map_err(|error| error.to_string())
    };
    let help = run("--help").expect("help is not an error");
    assert!(
        help.contains("Usage: cargo xtask import --from <PATH> <SERVICE>"),
        "{help}"
    );
    for (line, message) in [
        ("", "required arguments were not provided"),
        ("a b --from x", "unexpected argument 'b' found"),
        ("a --from", "a value is required for '--from <PATH>'"),
        ("a --from x --from=y", "cannot be used multiple times"),
        ("toys --form x", "a similar argument exists: '--from'"),
        (
            "../toys --from x",
            "`../toys` is not a valid name for a service: use lower case letters, digits and `-`",
        ),
    ] {
        let refused = run(line).expect_err(line);
        assert!(refused.contains(message), "{line}: {refused}");
    }
}
