//! `attache add`: a client crate for one more service.
//!
//! The model, an empty overlay, the entry in `models/attache.toml` and the generated crate are made in memory and
//! written together, all or none. Every folder in `crates/` is a member of the workspace, so nothing else must be
//! edited. Tests in the model (those of its endpoint rules) are part of the generated crate.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::builder::PossibleValue;
use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::escape::line;
use crate::import::{Imported, read_smithy};
use crate::workspace::config::{self, Config, CratesConfig, ServiceConfig};
use crate::workspace::generate::crate_folder;
use crate::workspace::identity::Identity;
pub use crate::workspace::import::record::Choices;
use crate::workspace::import::{EMPTY_OVERLAY, read_optional, record, validate_name};
use crate::workspace::incoming::Incoming;
use crate::workspace::quantity::counted;
use crate::workspace::reconcile::{Access, Mode, reconcile};
use crate::workspace::{
    arguments, downloads, endpoint_tests, explained, members, prose, protocol, shipped, words,
};

/// The declaration of this command for clap.
pub(crate) fn declaration() -> Command {
    Command::new("add")
        .about("Add a new service: its model and its client crate")
        .long_about(
            "Adds a new service: reads its newest published model, or the one at PATH, into\n\
             models/SERVICE, and generates its client crate, attache-SERVICE, below crates/. The\n\
             overlay beside the model is the one that ships with attache, where there is one;\n\
             otherwise it has no statements. Explanations ship with attache, too, as docs.json. A service\n\
             that models/attache.toml already has, without a model, is added from the `source` that it\n\
             has there. If the service offers several protocols, the cheapest is recorded there.\n\
             Operations that cannot be generated are left out and named. Nothing is written when any\n\
             step fails.",
        )
        .args([arguments::service(), arguments::from()])
        .arg(
            Arg::new("crate")
                .long("crate")
                .value_name("NAME")
                .help("The name of the crate, instead of attache-SERVICE"),
        )
        .arg(
            Arg::new("operations")
                .long("operations")
                .value_name("A,B,…")
                .value_delimiter(',')
                .action(ArgAction::Set)
                .help(
                    "A slice: these operations and the types they use; models/attache.toml stores the list",
                ),
        )
        .args([protocol::argument(), documentation_argument()])
        .arg(arguments::to().conflicts_with("from"))
        .arg(
            Arg::new("no-overlay")
                .long("no-overlay")
                .action(ArgAction::SetTrue)
                .help("Begin with an empty overlay, even if attache ships one"),
        )
        .args([
            arguments::dry_run("Write nothing; only show what would be done"),
            arguments::offline(),
            arguments::drop_endpoint_tests(),
            arguments::other_service("Add a model under a name that is not one of its service"),
        ])
}

fn documentation_argument() -> Arg {
    Arg::new("documentation")
        .long("documentation")
        .value_name("KIND")
        .value_parser([
            PossibleValue::new("source")
                .help("What the published model says, which prose.json keeps"),
            PossibleValue::new("facts").help("Names, types and constraints, and words of your own"),
        ])
        .help("What the documentation of the crate is made of [default: source]")
}

/// How a service is added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What `models/attache.toml` keeps.
    pub choices: Choices,
    /// Whether an overlay that ships with attache is left out.
    pub no_overlay: bool,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// Whether the service may have a name that its model does not contain.
    pub other_service: bool,
    /// Whether endpoint tests that contradict the endpoint rules are left out.
    pub drop_endpoint_tests: bool,
}

/// Runs the command; returns the text to print.
///
/// # Errors
/// See [`add_model`].
pub(crate) fn command(workspace: &Path, matches: &ArgMatches) -> Result<String> {
    let service = arguments::service_of(matches);
    let operations = matches.get_many::<String>("operations");
    let options = Options {
        choices: Choices {
            crate_name: matches.get_one("crate").cloned(),
            has_prose: matches
                .get_one::<String>("documentation")
                .map(|documentation| documentation == "source"),
            operations: operations.map(|names| names.map(|name| name.trim().to_owned()).collect()),
            protocol: matches.get_one("protocol").cloned(),
        },
        no_overlay: matches.get_flag("no-overlay"),
        dry_run: matches.get_flag("dry-run"),
        other_service: matches.get_flag("other-service"),
        drop_endpoint_tests: matches.get_flag(endpoint_tests::OPTION),
    };
    Access::settle(workspace, Mode::of(options.dry_run))?;
    // Before anything is read or downloaded.
    let known = Before::read(workspace, service)?.config;
    let incoming = match matches.get_one::<PathBuf>("from") {
        Some(from) => Incoming::of_path(service, from)?,
        None => {
            let options = downloads::Options {
                offline: matches.get_flag("offline"),
                to: matches.get_one::<String>("to").cloned(),
            };
            downloads::new(workspace, &known, service, &options)?
        }
    };
    add_model(workspace, &incoming, &options)
}

/// Adds a service; returns the text to print.
///
/// # Errors
/// A service that exists already, and the errors of each step.
pub fn add(workspace: &Path, service: &str, from: &Path) -> Result<String> {
    validate_name(service)?;
    add_model(
        workspace,
        &Incoming::of_path(service, from)?,
        &Options::default(),
    )
}

/// The settings before a service is added.
struct Before {
    text: Option<String>,
    config: Config,
}

impl Before {
    fn read(workspace: &Path, service: &str) -> Result<Self> {
        validate_name(service)?;
        let path = settings(workspace);
        let text = read_optional(&path)?;
        let config = config::parse(&path, text.as_deref().unwrap_or_default())?;
        let model = path.with_file_name(service).join("model.json");
        // A service that was written into the settings by hand has no model yet.
        if config.service(service).is_some() && model.exists() {
            bail!(
                "models/attache.toml has the service `{service}` already; `{} update {service}` brings it to another model",
                config.crates.command
            );
        }
        Ok(Self { text, config })
    }
}

fn settings(workspace: &Path) -> PathBuf {
    workspace.join("models").join("attache.toml")
}

/// Adds a service with the model that was found for it; returns the text to print.
///
/// # Errors
/// As [`add`]; an invalid crate name, a model of a service with another name, and operations that the service does not
/// have.
pub fn add_model(workspace: &Path, incoming: &Incoming, options: &Options) -> Result<String> {
    let service = incoming.service.as_str();
    let mode = Mode::of(options.dry_run);
    let access = Access::open(workspace, mode)?;
    let before = Before::read(workspace, service)?;
    let imported = incoming.import(&before.config.traits)?;
    if !options.other_service {
        validate_identity(incoming, &imported)?;
    }
    let recorded = record::record(before.text.as_deref(), service, &incoming.found, &imported)?;
    let choices = choices(&before.config, service, &imported, options)?;
    let recorded = record::with_choices(&recorded, service, &choices)?;
    let config = config::parse(&settings(workspace), &recorded)?;
    let configured = config.service(service);
    let configured = configured.context("the service was just recorded")?;
    let folder = crate_folder(workspace, &config.crates, configured);
    refuse_existing(&folder)?;
    let own = workspace.join("models").join(service);
    let overlay_path = own.join("overlay.json");
    let there = read_optional(&overlay_path)?;
    let (overlay, note) = overlay(there, &config, configured, &imported, options)?;
    let (generated, words, words_note) =
        explained::generated(workspace, &config, configured, &imported, &overlay)?;
    let prose = prose::written(configured, &imported.prose)?;
    let recorded = record::with_prose(&recorded, service, prose.as_deref())?;
    let left_out = generated.left_out_tests.iter();
    let left_out: String = left_out
        .map(|one| format!("{}\n", line(&endpoint_tests::left_out(service, one))))
        .collect();
    if !options.drop_endpoint_tests {
        endpoint_tests::refuse(incoming.name(), &generated.left_out_tests)?;
    }
    let from = line(&incoming.found.describe(&imported.version)).into_owned();
    let mut others = vec![
        (own.join("model.json"), imported.model_json.clone()),
        (overlay_path, overlay.clone()),
        (settings(workspace), recorded),
    ];
    others.extend(words.map(|text| (own.join(words::FILE), text)));
    others.extend(prose.map(|text| (own.join(prose::FILE), text)));
    let outcome = reconcile(&access, &generated.trees, &others)?;
    let with_prose = match configured.has_prose {
        true => format!(", models/{service}/{}", prose::FILE),
        false => String::new(),
    };
    let next = match mode {
        Mode::Check => String::new(),
        Mode::Write => next_step(workspace, &config, configured, &folder),
    };
    Ok(format!(
        "{from}\n{note}{words_note}{left_out}{}{} in {}, and models/{service}/model.json, models/{service}/overlay.json{with_prose}, \
         models/attache.toml\n{next}",
        generated.text,
        outcome.describe(mode),
        folder.display(),
    ))
}

/// What to do with the new crate.
fn next_step(
    workspace: &Path,
    config: &Config,
    configured: &ServiceConfig,
    folder: &Path,
) -> String {
    let CratesConfig {
        runtime, command, ..
    } = &config.crates;
    format!(
        "`cargo test --package {}` builds the crate and runs the tests of its model\n{}{}",
        configured.crate_name,
        runtime.note(command).unwrap_or_default(),
        membership(workspace, folder).unwrap_or_default()
    )
}

/// Refuses a folder that is there.
fn refuse_existing(folder: &Path) -> Result<()> {
    ensure!(
        !folder.exists(),
        "{} exists already: move it away, or choose another name with --crate",
        folder.display()
    );
    Ok(())
}

/// The choices of the user, and the protocol with the least cost where the service offers several and none is chosen.
fn choices(
    config: &Config,
    service: &str,
    imported: &Imported,
    options: &Options,
) -> Result<Choices> {
    let mut choices = options.choices.clone();
    let known = config.service(service);
    if choices.protocol.is_none() && known.is_none_or(|known| known.protocol.is_none()) {
        let cheapest = protocol::cheapest(&imported.model_json)?;
        choices.protocol = cheapest.map(|protocol| protocol.name().to_owned());
    }
    Ok(choices)
}

/// Refuses a name that is not one of the service.
fn validate_identity(incoming: &Incoming, imported: &Imported) -> Result<()> {
    match Identity::of(&read_smithy(&imported.model_json)?) {
        Some(identity) => identity.validate_name(&incoming.service, &incoming.found.file),
        None => Ok(()),
    }
}

/// The overlay of the new service, and a note about it: the existing one, one that ships with attache, or an empty one.
fn overlay(
    there: Option<String>,
    config: &Config,
    configured: &ServiceConfig,
    imported: &Imported,
    options: &Options,
) -> Result<(String, String)> {
    let service = &configured.name;
    let without_contradictions = |overlay: &str| {
        let operations = configured.operations.as_deref();
        endpoint_tests::settled(&imported.model_json, overlay, operations, &config.traits)
    };
    if let Some(overlay) = there {
        let (overlay, dropped) = match options.drop_endpoint_tests {
            true => without_contradictions(&overlay)?,
            false => (overlay, Vec::new()),
        };
        let lines = dropped
            .iter()
            .map(|one| format!("{}\n", line(&endpoint_tests::removed(service, one))));
        return Ok((overlay, lines.collect()));
    }
    let shipped = match options.no_overlay {
        true => None,
        false => shipped::overlay(&imported.service, &imported.model_json)?,
    };
    let Some(shipped) = shipped else {
        return Ok((EMPTY_OVERLAY.to_owned(), String::new()));
    };
    let overlay = shipped.text;
    if let Err(error) = endpoint_tests::analysed(
        &imported.model_json,
        &overlay,
        configured.operations.as_deref(),
        &config.traits,
    ) && shipped.left_out > 0
    {
        let note = format!(
            "note: the overlay that ships with attache does not apply to this model, and is left out: {}\n",
            line(&format!("{error:#}"))
        );
        return Ok((EMPTY_OVERLAY.to_owned(), note));
    }
    // Its endpoint tests belong to the rules of a certain release.
    let (overlay, dropped) = without_contradictions(&overlay)?;
    let mut note = format!(
        "models/{service}/overlay.json is the one that ships with attache: facts of the documentation that the model lacks; \
         --no-overlay leaves it out\n"
    );
    note.push_str(&left_out(shipped.left_out));
    if !dropped.is_empty() {
        note.push_str(&format!(
            "note: {} of its endpoint tests belong to other endpoint rules than those of this model, and are left out\n",
            dropped.len()
        ));
    }
    Ok((overlay, note))
}

/// A note about the statements of a shipped overlay that do not apply.
fn left_out(count: usize) -> String {
    let (statements, verb) = match count {
        0 => return String::new(),
        1 => ("it is", "is"),
        _ => ("they are", "are"),
    };
    format!(
        "note: {} of it {verb} left out, because this model lacks what {statements} about, or states it itself\n",
        counted(count, "statement"),
    )
}

/// A note for a workspace in which the crate is not a member.
fn membership(workspace: &Path, folder: &Path) -> Option<String> {
    let members = members::manifests(workspace).ok()?;
    let root = members::manifest(&workspace.join("Cargo.toml")).ok()?;
    if root.contains_key("workspace") && members.contains(&folder.join("Cargo.toml")) {
        return None;
    }
    let place = folder.strip_prefix(workspace).ok()?;
    let place = place.display().to_string().replace('\\', "/");
    let (above, _) = place.rsplit_once('/')?;
    Some(format!(
        "note: Cargo.toml does not list the crate; `members = [\"{above}/*\"]` in its [workspace] makes every crate there a \
         member\n"
    ))
}
