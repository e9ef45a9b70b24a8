//! Attachments of a case into a folder.
//!
//! `.evidence-get` in the folder has the state, `state.json`: which attachment has which name, what has arrived of each,
//! and the SHA-256 of what is complete. A file arrives there, and gets its place after its hash is noted. The same command
//! fetches only what is missing, and a complete file that changed since is reported and stays as it is.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use attache_evidence::{Downloaded, ErrorKind, Fingerprint, security_ir, support};
use attache_runtime::plumbing::safe_line::safe_line;
use attache_transfer::plumbing::file_name::plain_name;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::answer::{Answer, note};
use crate::arguments::Get;
use crate::bars;
use crate::failure::{Failure, Kind, Result};
use crate::job::write_whole;

const STATE: &str = ".evidence-get";

/// The state of the downloads of a folder, by service, case and attachment.
#[derive(Default, Serialize, Deserialize)]
struct State(BTreeMap<String, Entry>);

#[derive(Clone, Serialize, Deserialize)]
struct Entry {
    /// The name in the folder.
    name: String,
    /// The state of `attache-evidence`.
    saved: Option<Value>,
    /// What is complete.
    done: Option<Fingerprint>,
}

struct Folder {
    path: PathBuf,
    state: Mutex<State>,
}

impl Folder {
    fn open(path: &Path) -> Result<Arc<Self>> {
        let failed = |error: std::io::Error| Failure::of_file(path.display(), error);
        std::fs::create_dir_all(path).map_err(failed)?;
        let path = path.canonicalize().map_err(failed)?;
        std::fs::create_dir_all(path.join(STATE)).map_err(failed)?;
        let file = path.join(STATE).join("state.json");
        let state = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                Failure::new(Kind::State, format!("`{}`: {error}", file.display()))
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(Failure::of_file(file.display(), error)),
        };
        Ok(Arc::new(Self {
            path,
            state: Mutex::new(state),
        }))
    }

    fn entry(&self, key: &str) -> Option<Entry> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.get(key).cloned()
    }

    /// The name for a new entry: the name in the case, or one with a number before it if that is taken.
    fn name(&self, name: &str) -> Result<String> {
        let name = plain_name(name)?;
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let is_taken = |name: &str| state.0.values().any(|entry| entry.name == name);
        let mut chosen = name.to_owned();
        let mut number = 2;
        while is_taken(&chosen) {
            chosen = format!("{number}-{name}");
            number += 1;
        }
        Ok(chosen)
    }

    fn note(&self, key: &str, entry: Entry) -> Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0.insert(key.to_owned(), entry);
        let text = serde_json::to_vec_pretty(&*state)
            .map_err(|error| Failure::new(Kind::Other, error.to_string()))?;
        write_whole(&self.path.join(STATE).join("state.json"), &text)
    }
}

/// What is called with the state of a download.
type Keep = Arc<dyn Fn(Value) + Send + Sync>;

/// A complete file.
struct Fetched {
    path: PathBuf,
    is: Fingerprint,
}

/// A download of one of the services.
trait Download {
    /// Its state.
    type Saved: Serialize + DeserializeOwned;

    /// Continues, or begins with the target.
    async fn run(
        &self,
        saved: Option<Self::Saved>,
        target: PathBuf,
        keep: Keep,
    ) -> std::result::Result<Downloaded, attache_evidence::Error>;
}

struct FromSupport(support::Attachments, String);

impl Download for FromSupport {
    type Saved = support::SavedDownload;

    async fn run(
        &self,
        saved: Option<Self::Saved>,
        target: PathBuf,
        keep: Keep,
    ) -> std::result::Result<Downloaded, attache_evidence::Error> {
        let begun = match saved {
            Some(saved) => self.0.resume_download(saved).await?,
            None => self.0.begin_download(&self.1, target).await?,
        };
        let mut begun = begun.on_saved(move |saved| keep(json!(saved)));
        begun.run().await
    }
}

struct FromSecurityIr(security_ir::Attachments, String, String);

impl Download for FromSecurityIr {
    type Saved = security_ir::SavedDownload;

    async fn run(
        &self,
        saved: Option<Self::Saved>,
        target: PathBuf,
        keep: Keep,
    ) -> std::result::Result<Downloaded, attache_evidence::Error> {
        let begun = match saved {
            Some(saved) => self.0.resume_download(saved).await?,
            None => self.0.begin_download(&self.1, &self.2, target)?,
        };
        let mut begun = begun.on_saved(move |saved| keep(json!(saved)));
        begun.run().await
    }
}

pub(crate) async fn support(client: &attache_support::Client, arguments: Get) -> Result<Answer> {
    let attachments = crate::support::attachments(client, &arguments.case).await?;
    let wanted = wanted(attachments, &arguments)?;
    let folder = Folder::open(&arguments.to)?;
    let workflow = support::Attachments::new(client).settings(bars::settings());
    let mut files = Vec::new();
    for (id, name) in wanted {
        let key = format!("{} {} {id}", crate::support::SERVICE, arguments.case);
        let download = FromSupport(workflow.clone(), id.clone());
        files.push((id, fetch(&folder, &key, &name, download).await?));
    }
    Ok(answer(&arguments.case, files))
}

pub(crate) async fn security_ir(
    client: &attache_security_ir::Client,
    arguments: Get,
) -> Result<Answer> {
    let attachments = crate::ir::attachments(client, &arguments.case).await?;
    let wanted = wanted(attachments, &arguments)?;
    let folder = Folder::open(&arguments.to)?;
    let workflow = security_ir::Attachments::new(client).settings(bars::settings());
    let mut files = Vec::new();
    for (id, name) in wanted {
        let key = format!("{} {} {id}", crate::ir::SERVICE, arguments.case);
        let download = FromSecurityIr(workflow.clone(), arguments.case.clone(), id.clone());
        files.push((id, fetch(&folder, &key, &name, download).await?));
    }
    Ok(answer(&arguments.case, files))
}

/// The attachments that the person names by id or name, or all.
fn wanted(attachments: Vec<(String, String)>, arguments: &Get) -> Result<Vec<(String, String)>> {
    let names = &arguments.attachments;
    for wanted in names {
        if !attachments
            .iter()
            .any(|(id, name)| id == wanted || name == wanted)
        {
            let case = &arguments.case;
            let message = format!("the case `{case}` has no attachment `{wanted}`");
            return Err(Failure::new(Kind::Service, message));
        }
    }
    let attachments = attachments.into_iter();
    let attachments = attachments
        .filter(|(id, name)| names.is_empty() || names.contains(id) || names.contains(name));
    Ok(attachments.collect())
}

async fn fetch<D: Download>(
    folder: &Arc<Folder>,
    key: &str,
    name: &str,
    download: D,
) -> Result<Fetched> {
    let mut entry = match folder.entry(key) {
        Some(entry) => entry,
        None => Entry {
            name: folder.name(name)?,
            saved: None,
            done: None,
        },
    };
    let target = folder.path.join(&entry.name);
    let arriving = folder.path.join(STATE).join(&entry.name);
    if let Some(is) = entry.done.take()
        && let Some(fetched) = fetched_before(&arriving, &target, is)?
    {
        return Ok(fetched);
    }
    refuse_existing(&target)?;
    folder.note(key, entry.clone())?;
    let keep = keeper(folder, key, &entry);
    let saved = entry.saved.take();
    let saved: Option<D::Saved> = saved.and_then(|saved| serde_json::from_value(saved).ok());
    let is_continued = saved.is_some();
    remove(&arriving)?;
    let outcome = download
        .run(saved, arriving.clone(), Arc::clone(&keep))
        .await;
    let downloaded = match outcome {
        // The temporary file of an earlier run is gone or was changed.
        Err(error)
            if is_continued
                && matches!(
                    error.kind(),
                    ErrorKind::Target | ErrorKind::Changed | ErrorKind::State
                ) =>
        {
            download.run(None, arriving.clone(), keep).await?
        }
        outcome => outcome?,
    };
    let is = Fingerprint {
        length: downloaded.length,
        sha256: downloaded.sha256,
    };
    entry.done = Some(is.clone());
    folder.note(key, entry)?;
    place(&arriving, target, is)
}

/// Keeps the state of a download that is not complete.
fn keeper(folder: &Arc<Folder>, key: &str, entry: &Entry) -> Keep {
    let (folder, key, entry) = (Arc::clone(folder), key.to_owned(), entry.clone());
    Arc::new(move |saved| {
        let entry = Entry {
            saved: Some(saved),
            ..entry.clone()
        };
        // Without this state, the next run fetches more than it must.
        if let Err(failure) = folder.note(&key, entry) {
            note(&failure.to_string());
        }
    })
}

/// A file of an earlier run, if it is still there and the same.
fn fetched_before(arriving: &Path, target: &Path, is: Fingerprint) -> Result<Option<Fetched>> {
    if fingerprint(arriving)?.as_ref() == Some(&is) {
        return place(arriving, target.to_owned(), is).map(Some);
    }
    match fingerprint(target)? {
        Some(now) if now == is => Ok(Some(Fetched {
            path: target.to_owned(),
            is,
        })),
        Some(_) => {
            let message = format!(
                "`{}` changed since it was downloaded; move it away to download it again",
                target.display()
            );
            Err(Failure::new(Kind::File, message))
        }
        None => Ok(None),
    }
}

/// What a file has, if it exists.
fn fingerprint(path: &Path) -> Result<Option<Fingerprint>> {
    let failed = |error: std::io::Error| Failure::of_file(path.display(), error);
    match File::open(path) {
        Ok(file) => Fingerprint::of(file).map(Some).map_err(failed),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

fn refuse_existing(target: &Path) -> Result<()> {
    if target.symlink_metadata().is_err() {
        return Ok(());
    }
    let message = format!(
        "`{}` exists already; evidence is not overwritten",
        target.display()
    );
    Err(Failure::new(Kind::File, message))
}

/// Removes a file that had arrived whole, and of which that was not noted.
fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::of_file(path.display(), error))
        }
        _ => Ok(()),
    }
}

/// Gives a complete file its place.
fn place(arriving: &Path, target: PathBuf, is: Fingerprint) -> Result<Fetched> {
    refuse_existing(&target)?;
    std::fs::rename(arriving, &target)
        .map_err(|error| Failure::of_file(target.display(), error))?;
    Ok(Fetched { path: target, is })
}

fn answer(case_id: &str, files: Vec<(String, Fetched)>) -> Answer {
    let lines = files.iter().map(|(_, file)| {
        let path = file.path.to_string_lossy();
        format!(
            "{}  {} bytes  SHA-256 {}",
            safe_line(&path),
            file.is.length,
            file.is.sha256
        )
    });
    let lines: Vec<String> = lines.collect();
    let files = files.iter().map(|(id, file)| {
        json!({
            "id": id,
            "path": file.path,
            "size": file.is.length,
            "sha256": file.is.sha256,
        })
    });
    Answer {
        text: lines.join("\n"),
        value: json!({ "case_id": case_id, "files": files.collect::<Vec<_>>() }),
    }
}
