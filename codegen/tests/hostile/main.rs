//! Hostile models: whatever text they contain, the generated code has the intended meaning and compiles.
//!
//! Every string of two models, values and keys, is replaced by a text that would break out of TOML, Markdown, HTML, a
//! comment, a string literal or a terminal, as far as the importer still accepts the model. `docs.json` has a text about
//! everything. What comes out is looked at, and with `--ignored` compiled, documented and packaged.

mod walk;
mod words;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;

use attache_codegen::emit::{File, Manifest, client_crate};
use attache_codegen::escape::is_hidden;
use attache_codegen::import::{Imported, Sources, from_c2j, from_smithy};
use attache_codegen::plan::{End, plan};
use attache_codegen::{Input, analyse};
use serde_json::Value;

use walk::{Place, at, keys, rename, values};

/// All that breaks out of something.
const HOSTILE: &str = "Toys.\"\nbuild = \"evil.rs\"\n# ```\n</script><T> [x] `y` *z* --> */ {a} {} \\ \"# \u{202e}\u{0}\
                       \r\u{2028}\u{1b}[2J https://example.com &lt; | @ 👍 ²";

/// What is tried where more is refused.
const MILD: [&str; 5] = ["\u{202e}", "\"\n", "`", "{}", "<T> [x]"];

/// A model as its files.
struct Source {
    name: &'static str,
    files: Vec<Value>,
    /// The words about it.
    words: Option<Value>,
    import: fn(&[String]) -> Result<Imported, String>,
}

fn smithy() -> Source {
    Source {
        name: "toys",
        files: vec![read("rest.json")],
        words: None,
        import: |texts| from_smithy(&texts[0]).map_err(|error| error.to_string()),
    }
}

fn c2j() -> Source {
    Source {
        name: "games",
        files: vec![
            read("aws.json"),
            read("paginators.json"),
            read("waiters.json"),
        ],
        words: None,
        import: |texts| {
            let sources = Sources {
                service_2: &texts[0],
                service_2_extras: None,
                paginators: Some(&texts[1]),
                paginators_extras: None,
                waiters: Some(&texts[2]),
                endpoint_rule_set: None,
            };
            from_c2j(&sources).map_err(|error| error.to_string())
        },
    }
}

fn read(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let text = fs::read_to_string(folder.join(name)).expect(name);
    serde_json::from_str(&text).expect(name)
}

impl Source {
    fn texts(&self) -> Vec<String> {
        self.files.iter().map(Value::to_string).collect()
    }

    /// The files of the crate, or why there are none.
    fn generate(&self) -> Result<Vec<File>, String> {
        let imported = (self.import)(&self.texts())?;
        let manifest = Manifest {
            crate_name: format!("attache-{}", self.name),
            runtime: concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"").to_owned(),
            in_workspace: false,
            package: "publish = false\n".to_owned(),
            has_extension: false,
            has_arbitrary: true,
            has_test_util: true,
            additions: Default::default(),
        };
        let words = self.words.as_ref().map(Value::to_string);
        let input = Input {
            model_file: "model.json",
            model: &imported.model_json,
            overlay: None,
            words: words.as_deref().map(|words| ("docs.json", words)),
            prose: Some(("prose.json", &imported.prose)),
            operations: None,
            manifest: &manifest,
            header: HOSTILE,
        };
        let service = analyse(&input).map_err(|error| error.to_string())?;
        let plan = plan(&service, End::Client).map_err(|error| error.to_string())?;
        client_crate(&plan, &manifest, input.header).map_err(|error| error.to_string())
    }

    /// Makes a change, unless the model is refused then. A panic is a fault of ours.
    fn try_change(&mut self, change: impl Fn(&mut [Value])) -> bool {
        let before = self.files.clone();
        change(&mut self.files);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.generate()));
        match outcome {
            Ok(Ok(_)) => return self.files != before,
            Ok(Err(message)) => assert!(!message.contains(is_hidden), "{message:?}"),
            Err(_) => panic!("the generator panicked on {}", self.texts()[0]),
        }
        self.files = before;
        false
    }

    /// Fills every string, as far as the model is accepted. Returns how many values and keys it was.
    fn fill(&mut self) -> (usize, usize) {
        let mut number = 0;
        let mut filled = (0, 0);
        for file in 0..self.files.len() {
            for place in values(&self.files[file]) {
                number += 1;
                let mut texts = vec![format!("{HOSTILE} {number}")];
                let original = at(&mut self.files[file], &place).and_then(|it| it.as_str());
                let original = original.unwrap_or_default().to_owned();
                // This one is hostile already.
                if original.contains("alert(1)") {
                    continue;
                }
                texts.extend(MILD.map(|mild| format!("{original}{mild}")));
                let taken = texts
                    .iter()
                    .any(|text| self.try_change(|files| put(&mut files[file], &place, text)));
                filled.0 += usize::from(taken);
            }
            for place in keys(&self.files[file]) {
                number += 1;
                let taken = [format!("{HOSTILE} {number}"), MILD[0].to_owned()]
                    .iter()
                    .any(|text| {
                        self.try_change(|files| {
                            rename(&mut files[file], &place, |key| format!("{key}{text}"));
                        })
                    });
                filled.1 += usize::from(taken);
            }
        }
        filled
    }
}

fn put(document: &mut Value, place: &Place, text: &str) {
    if let Some(value) = at(document, place) {
        *value = text.into();
    }
}

/// Nothing hidden, nothing that the reader takes for something else.
fn check(files: &[File]) {
    for file in files {
        let hidden = |letter: char| is_hidden(letter) && letter != '\n';
        let line = file.text.lines().find(|line| line.contains(hidden));
        assert_eq!(line, None, "{}", file.path);
        let name = |letter: char| letter.is_ascii_alphanumeric() || "_/.".contains(letter);
        assert!(file.path.chars().all(name), "{:?}", file.path);
    }
    let text = |path: &str| {
        let file = files.iter().find(|file| file.path == path);
        &file.expect("the file is there").text
    };
    let manifest: toml_edit::DocumentMut = text("Cargo.toml").parse().expect("it is TOML");
    let tables: Vec<&str> = manifest.iter().map(|(key, _)| key).collect();
    assert_eq!(tables, ["package", "features", "dependencies"]);
    let package = manifest["package"].as_table().expect("it is a table");
    let keys: Vec<&str> = package.iter().map(|(key, _)| key).collect();
    let expected = [
        "name",
        "description",
        "keywords",
        "categories",
        "include",
        "version",
        "edition",
        "rust-version",
        "publish",
        "metadata",
    ];
    assert_eq!(keys, expected);
    let readme = text("README.md");
    assert_eq!(readme.matches("-->").count(), 1, "{readme}");
    assert!(!readme.contains("</script>"), "{readme}");
    // Scripts and their addresses are dropped.
    for file in files {
        assert!(!file.text.contains("alert(1)"), "{}", file.path);
    }
}

/// How many strings must at least have been filled: fewer mean that the importer learned to refuse, or the models lost
/// what they are for.
fn filled(mut source: Source, at_least: (usize, usize)) -> Source {
    let untouched = source.generate();
    check(&untouched.expect("the model is fine as it stands"));
    let filled = source.fill();
    println!("{}: {} values, {} keys", source.name, filled.0, filled.1);
    assert!(
        filled.0 >= at_least.0 && filled.1 >= at_least.1,
        "{}: {filled:?}",
        source.name
    );
    check(&source.generate().expect("each change was accepted"));
    // The words name what the model has now.
    let model = (source.import)(&source.texts()).expect("it was imported before");
    source.words = Some(words::words(&model.model_json));
    check(&source.generate().expect("the words are accepted"));
    source
}

#[test]
fn no_text_of_a_smithy_model_breaks_out() {
    filled(smithy(), (62, 5));
}

#[test]
fn no_text_of_a_c2j_model_breaks_out() {
    filled(c2j(), (21, 2));
}

/// A workspace with both crates, made by the program.
struct Workspace(PathBuf);

impl Workspace {
    fn new(sources: &[Source]) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile");
        let _ = fs::remove_dir_all(&folder);
        let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/runtime");
        let runtime = runtime.canonicalize().expect("the runtime is there");
        let this = Self(folder);
        this.write(
            "Cargo.toml",
            "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n",
        );
        let path = toml_edit::Value::from(runtime.display().to_string());
        this.write(
            "models/attache.toml",
            &format!(
                "[crates]\nruntime = {{ path = {path}, version = \"{}\" }}\n\n[crates.package]\nlicense = \"MIT\"\n",
                env!("CARGO_PKG_VERSION")
            ),
        );
        let lock = fs::read_to_string(runtime.join("../../Cargo.lock")).expect("the lock file");
        this.write("Cargo.lock", &lock);
        for source in sources {
            let from = this.publish(source);
            // The texts that expected errors are filled with are not those of the rules.
            let arguments = [
                "add",
                source.name,
                "--drop-endpoint-tests",
                "--from",
                &from.display().to_string(),
            ];
            let printed = this.run(env!("CARGO_BIN_EXE_attache"), &arguments);
            let hidden = |letter: char| is_hidden(letter) && letter != '\n';
            assert!(!printed.contains(hidden), "{printed:?}");
            let words = source.words.as_ref().expect("it has words").to_string();
            this.write(&format!("models/{}/docs.json", source.name), &words);
        }
        this.with_strategies();
        this
    }

    /// Strategies are generated on request, and hold text of a model as well.
    fn with_strategies(&self) {
        let path = self.0.join("models/attache.toml");
        let settings = fs::read_to_string(path).expect("`add` wrote it");
        let settings = settings.replace("\ncrate = ", "\narbitrary = true\ncrate = ");
        self.write("models/attache.toml", &settings);
        self.run(env!("CARGO_BIN_EXE_attache"), &["generate"]);
    }

    /// Writes a model where `add` finds it.
    fn publish(&self, source: &Source) -> PathBuf {
        let names = ["service-2.json", "paginators-1.json", "waiters-2.json"];
        let folder = self.0.join("published").join(source.name);
        for (name, text) in names.iter().zip(source.texts()) {
            self.write(
                &format!("published/{}/2026-01-01/{name}", source.name),
                &text,
            );
        }
        match source.files.len() {
            1 => folder.join("2026-01-01/service-2.json"),
            _ => folder,
        }
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("it has a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }

    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = Command::new(program)
            .args(arguments)
            .current_dir(&self.0)
            .env("RUSTDOCFLAGS", "--deny warnings")
            .env("RUSTFLAGS", "--deny warnings")
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("hostile-target"),
            )
            .output()
            .expect("it runs");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}:\n{complaint}");
        String::from_utf8(output.stdout).expect("it prints text")
    }
}

#[test]
#[ignore = "compiles two crates: `.ci/run` runs it"]
fn hostile_models_are_compiled_documented_and_packaged() {
    let workspace = Workspace::new(&[filled(smithy(), (62, 5)), filled(c2j(), (21, 2))]);
    let cargo = |arguments: &str| {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        workspace.run(env!("CARGO"), &arguments)
    };
    // The tests that came with the endpoint rules do not hold any more, but they must compile.
    cargo(
        "check --offline --workspace --lib --tests --no-default-features --features serde,proptest",
    );
    cargo("doc --offline --workspace --no-deps --no-default-features --features serde,proptest");
    cargo("package --offline --workspace --no-verify --exclude-lockfile --allow-dirty");
}
