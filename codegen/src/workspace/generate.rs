//! `attache generate`: writes the client crates, or shows how they differ from what would be written.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::emit::{Additions, File, Manifest};
use crate::endpoint::Contradiction;
use crate::import::prose::Prose;
use crate::model::Service;
use crate::plan::{self, End, GivenNames, Plan, field_name};
use crate::{Input, emit, escape};
use anyhow::{Context, Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::workspace::config::{self, Config, CratesConfig, ServiceConfig};
use crate::workspace::quantity::counted;
use crate::workspace::reconcile::{self, Access, Mode, Outcome, Tree};
use crate::workspace::words::{self, WordsState};
use crate::workspace::{arguments, endpoint_tests, examples, names, prose, protocol, read};

/// The result of generating.
#[derive(Debug)]
pub struct Report {
    /// The text for the user.
    pub text: String,
    /// Whether `--check` found a difference.
    pub differs: bool,
    /// The files that were missing, stale or different.
    pub different: Vec<PathBuf>,
}

/// Returns further files that a workspace generates, besides the client crates.
pub type OwnTrees<'a> = &'a dyn Fn(&CratesConfig) -> Result<Vec<Tree>>;

/// The [`OwnTrees`] of a workspace that has client crates only.
///
/// # Errors
/// None.
pub fn no_own_trees(_crates: &CratesConfig) -> Result<Vec<Tree>> {
    Ok(Vec::new())
}

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("generate")
        .about("Write the client crates, or show how they differ")
        .long_about(
            "Writes the client crates of the services in models/attache.toml (or of those named) to\n\
             crates/. Files that are no longer generated are deleted; hand-written files are never\n\
             touched.",
        )
        .arg(arguments::services(
            "The services to generate; all without it",
        ))
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .help("Change nothing; show what would change, and exit with 1 if anything would"),
        )
}

/// Runs the command with its arguments.
///
/// # Errors
/// See [`generate`].
pub fn command(workspace: &Path, matches: &ArgMatches, own_trees: OwnTrees<'_>) -> Result<Report> {
    let mode = if matches.get_flag("check") {
        Mode::Check
    } else {
        Mode::Write
    };
    generate_with(workspace, &arguments::named(matches), mode, own_trees)
}

/// Generates the named services, or all. Nothing is written unless every service could be generated.
///
/// # Errors
/// A service that the configuration lacks, files that cannot be read or written, and whatever the generator finds
/// wrong with a model.
pub fn generate(workspace: &Path, names: &[String], mode: Mode) -> Result<Report> {
    generate_with(workspace, names, mode, &no_own_trees)
}

/// [`generate`] for a workspace that generates something of its own beside the client crates. That is written, or
/// compared, together with them, but not where services are named.
///
/// # Errors
/// As [`generate`], and what `own_trees` reports.
pub fn generate_with(
    workspace: &Path,
    names: &[String],
    mode: Mode,
    own_trees: OwnTrees<'_>,
) -> Result<Report> {
    let access = Access::open(workspace, mode)?;
    generate_locked(workspace, names, &access, own_trees)
}

/// [`generate_with`] for a command that has locked the workspace already.
///
/// # Errors
/// As [`generate_with`].
pub(crate) fn generate_locked(
    workspace: &Path,
    names: &[String],
    access: &Access,
    own_trees: OwnTrees<'_>,
) -> Result<Report> {
    let (start, mode) = (Instant::now(), access.mode());
    let config = config::read(&workspace.join("models"))?;
    let selected = config.select(names)?;
    let mut trees = Vec::new();
    let mut text = String::new();
    let mut is_unrecorded = false;
    let mut is_incomplete = false;
    for service in selected {
        for difference in unrecorded(workspace, service)? {
            let _ = writeln!(text, "warning: {difference}");
            is_unrecorded = true;
        }
        let generated = generate_service(workspace, &config, service)?;
        trees.extend(generated.trees);
        text.push_str(&generated.text);
        for sentence in generated.words.missing_sentences(&service.name) {
            let _ = writeln!(text, "{sentence}");
            is_incomplete = true;
        }
    }
    refuse_shared_folders(&trees)?;
    if names.is_empty() {
        trees.extend(own_trees(&config.crates)?);
    }
    let generated = start.elapsed();
    let outcome = reconcile::reconcile(access, &trees, &[])?;
    describe(
        &mut text,
        &outcome,
        mode,
        generated,
        start.elapsed() - generated,
    );
    Ok(Report {
        text,
        differs: mode == Mode::Check && (outcome.changes() > 0 || is_unrecorded || is_incomplete),
        different: outcome.different,
    })
}

/// Refuses two services in one folder: each would delete the files of the other one as stale.
fn refuse_shared_folders(trees: &[Tree]) -> Result<()> {
    for (index, tree) in trees.iter().enumerate() {
        if trees[..index].iter().any(|other| other.root == tree.root) {
            bail!(
                "models/attache.toml has two services whose crates both belong into {}",
                tree.root.display()
            );
        }
    }
    Ok(())
}

/// How the model of a service, and its prose, differ from their records.
fn unrecorded(workspace: &Path, service: &ServiceConfig) -> Result<Vec<String>> {
    let name = &service.name;
    let model = read::model(workspace, name)?;
    let of_model = service.published.difference(name, &model);
    let of_prose = prose::difference(&workspace.join("models"), service)?;
    Ok(of_model.into_iter().chain(of_prose).collect())
}

/// Generates from the files of a service.
fn generate_service(
    workspace: &Path,
    config: &Config,
    service: &ServiceConfig,
) -> Result<Generated> {
    let name = &service.name;
    let model = read::model(workspace, name)?;
    let overlay_file = format!("models/{name}/overlay.json");
    let has_overlay = workspace.join(&overlay_file).exists();
    let overlay = has_overlay.then(|| text(workspace, &overlay_file));
    let overlay = overlay.transpose()?;
    let words = words::text(&workspace.join("models"), name)?;
    let prose = prose::of_service(workspace, service)?;
    let source = Source {
        model: &model,
        overlay: overlay.as_deref(),
        words: words.as_deref(),
        prose: prose.as_ref(),
        given: &names::recorded(&workspace.join("models"), name)?,
    };
    let generated = generate_from(workspace, config, service, source)?;
    words::refuse(name, &generated.words)?;
    Ok(generated)
}

/// What the crate of a service is generated from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// The text of the model.
    pub(crate) model: &'a str,
    /// The text of the overlay.
    pub(crate) overlay: Option<&'a str>,
    /// The text of the words.
    pub(crate) words: Option<&'a str>,
    /// The documentation of the published model, where the crate has it.
    pub(crate) prose: Option<&'a Prose>,
    /// The names that were given before.
    pub(crate) given: &'a GivenNames,
}

/// What was generated for a service.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The files.
    pub(crate) trees: Vec<Tree>,
    /// What to print: a line, and warnings.
    pub(crate) text: String,
    /// Endpoint tests of the model that contradict its rules. The crate does not have them.
    pub(crate) left_out_tests: Vec<Contradiction>,
    /// What is wrong with the words.
    pub(crate) words: WordsState,
}

/// Generates the crate of a service, and the names that it settles. Nothing is written.
///
/// # Errors
/// Whatever the generator finds wrong with the source; endpoint tests of the overlay that contradict the rules.
pub(crate) fn generate_from(
    workspace: &Path,
    config: &Config,
    service: &ServiceConfig,
    source: Source<'_>,
) -> Result<Generated> {
    let (model, overlay, given) = (source.model, source.overlay, source.given);
    let (name, crates) = (&service.name, &config.crates);
    let start = Instant::now();
    let model_file = format!("models/{name}/model.json");
    let overlay_file = format!("models/{name}/overlay.json");
    let words_file = format!("models/{name}/{}", words::FILE);
    let prose_file = format!("models/{name}/{}", prose::FILE);
    let root = crate_folder(workspace, crates, service);
    let manifest = manifest(crates, service, read::sha256(model.as_bytes()), &root)?;
    let header = crates.header(&model_file);
    let chosen = protocol::only(model, service.protocol)
        .with_context(|| format!("models/attache.toml: [service.{name}]"))?;
    let input = Input {
        model_file: &model_file,
        model: &chosen,
        overlay: overlay.map(|text| (overlay_file.as_str(), text)),
        words: source.words.map(|text| (words_file.as_str(), text)),
        prose: source.prose.map(|prose| (prose_file.as_str(), prose)),
        operations: service.operations.as_deref(),
        manifest: &manifest,
        header: &header,
    };
    let in_model = |error: crate::error::Error| error.in_file(&model_file);
    let mut analysed = crate::analyse_with(&input, &config.traits)?;
    let left_out_tests = endpoint_tests::validate(&mut analysed, &input, &crates.command)?;
    let client = plan::plan_with(&analysed, End::Client, given).map_err(in_model)?;
    let analyse_time = start.elapsed();
    let files = emit::client_crate(&client, &manifest, &header).map_err(in_model)?;
    let emit_time = start.elapsed() - analyse_time;
    let sizes = sizes(&analysed, &files);
    let mut text = format!(
        "{name}: {sizes}; analysed {}, emitted {}\n",
        milliseconds(analyse_time),
        milliseconds(emit_time),
    );
    text += &warning_lines(analysed.left_out.iter().chain(&client.warnings));
    let mut trees = vec![whole_tree(root, files)];
    trees.extend(names::tree(
        &workspace.join("models"),
        name,
        &client.recorded,
    ));
    if let Some(folder) = &service.server {
        trees.push(server_tree(workspace, folder, &client, &header)?);
    }
    Ok(Generated {
        trees,
        text,
        left_out_tests,
        words: WordsState::of(&analysed, service.words_required),
    })
}

/// How much was generated.
fn sizes(analysed: &Service, files: &[File]) -> String {
    let lines: usize = files.iter().map(|file| file.text.lines().count()).sum();
    format!(
        "{}, {}; {}, {}",
        counted(analysed.operations.len(), "operation"),
        counted(analysed.types.len(), "type"),
        counted(files.len(), "file"),
        counted(lines, "line"),
    )
}

/// Each warning on a line of its own.
fn warning_lines<'a>(warnings: impl Iterator<Item = &'a String>) -> String {
    warnings
        .map(|warning| format!("warning: {}\n", escape::line(warning)))
        .collect()
}

/// The parts of a crate's manifest that do not follow from its model.
fn manifest(
    crates: &CratesConfig,
    service: &ServiceConfig,
    digest: String,
    root: &Path,
) -> Result<Manifest> {
    Ok(Manifest {
        crate_name: service.crate_name.clone(),
        runtime: crates.runtime.dependency(crates.depth()),
        in_workspace: crates.inherit,
        package: crates.package.clone(),
        has_extension: root.join("src/ext.rs").exists(),
        has_arbitrary: service.arbitrary,
        has_test_util: service.test_util,
        additions: Additions {
            version: service.crate_version.clone(),
            dev_dependencies: service.dev_dependencies.clone(),
            reference: service
                .reference
                .clone()
                .or_else(|| service.published.reference()),
            examples: examples::of(&root.join("examples"))?,
            model_sha256: Some(digest),
        },
    })
}

fn whole_tree(root: PathBuf, files: Vec<File>) -> Tree {
    Tree {
        root,
        files: files
            .into_iter()
            .map(|file| (file.path, file.text))
            .collect(),
        whole: true,
        marked: true,
    }
}

/// The modules with the server half of a service. The path from `src` to the folder is their path in the crate.
fn server_tree(workspace: &Path, folder: &str, client: &Plan<'_>, header: &str) -> Result<Tree> {
    let Some((_, modules)) = folder.split_once("/src/") else {
        bail!(
            "models/attache.toml: `server` must be a folder below `src` of a crate, not `{folder}`"
        );
    };
    let modules: Vec<&str> = modules.split('/').filter(|name| !name.is_empty()).collect();
    if let Some(name) = modules.iter().find(|name| field_name(name) != **name) {
        bail!("models/attache.toml: `server`: `{name}` is not a valid name for a module");
    }
    let root = modules.iter().map(|module| (*module).to_owned());
    let end = End::Server {
        root: root.collect(),
    };
    let plan = client.of_end(end)?;
    let files = emit::server_modules(&plan, header)?;
    Ok(whole_tree(workspace.join(folder), files))
}

/// The folder of a service's crate.
pub fn crate_folder(workspace: &Path, crates: &CratesConfig, service: &ServiceConfig) -> PathBuf {
    let name = &service.crate_name;
    let folder = name.strip_prefix("attache-").unwrap_or(name);
    workspace.join(&crates.folder).join(folder)
}

fn text(workspace: &Path, file: &str) -> Result<String> {
    read::text(&workspace.join(file)).with_context(|| format!("could not read {file}"))
}

fn describe(
    text: &mut String,
    outcome: &Outcome,
    mode: Mode,
    generated: Duration,
    reconciled: Duration,
) {
    text.push_str(&outcome.differences.concat());
    let _ = writeln!(
        text,
        "{}; generating took {}, reconciling {}",
        outcome.describe(mode),
        milliseconds(generated),
        milliseconds(reconciled),
    );
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1_000.0)
}
