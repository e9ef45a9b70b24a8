//! Whole folders: which files are sent, which names they get, and how an upload continues in another process.
//!
//! `upload_folder` and `resume_folder` of [`support::Attachments`](crate::support::Attachments) and
//! [`security_ir::Attachments`](crate::security_ir::Attachments) follow these rules.
//!
//! # Which files
//!
//! All files with content are sent, in the order of their paths, also hidden ones and those of the folders inside.
//! Symbolic links are not followed. Links, empty files, sockets, pipes and devices are not sent, but listed in
//! [`Uploads::skipped`] and in the manifest.
//!
//! # Their names
//!
//! A case has no folders, so the path of a file in the folder becomes its name in the case:
//!
//! * each `/` becomes `--`;
//! * each character other than `a-z`, `A-Z`, `0-9`, `.`, `_` and `-` becomes `_`;
//! * `_` precedes a name that would begin with a dot, because downloads refuse hidden names.
//!
//! Two paths that would get one name, and names above 255 characters, are refused before the first byte is sent. The
//! manifest has the path and the name of each file.
//!
//! # The state
//!
//! The upload first lists the folder and hashes each file. This plan is the first state. Then the files are opened again
//! and sent. A file that changed since it was hashed is refused, also when another process continues the upload.
//!
//! The state is a JSON file outside of the folder, which must not exist before. It is written whole after each step, with
//! a temporary name first. Beside it a file with `.lock` at the end of its name is created and locked, so that a second
//! process is refused. Both files stay; delete them when the files are where you want them. The state has names of
//! files, ids and hashes, and no URL.
//!
//! # Later
//!
//! The manifest is the record of the folder. [`Manifest::verify_folder`](crate::Manifest::verify_folder) compares it with
//! the folder, or with a copy.

mod listing;
mod state;
mod verify;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use attache_transfer::plumbing::blocking::blocking;
use attache_transfer::plumbing::content::unreadable;
use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::plumbing::source::{OpenSource, Source};
use attache_transfer::{Error, ErrorKind};
use serde::Serialize;
use serde::de::DeserializeOwned;

use self::state::{Entry, State, StateFile, parent};
use self::walk::{names, walk};
use crate::manifest::SentFile;
use crate::uploads::{Failure, Item, ItemContent, Ledger, Outcome, Uploads};

pub use self::listing::{ListedFile, Listing};
pub use self::verify::Difference;

/// What a service contributes: how files are sent to one case, or to cases that will be created.
pub(crate) trait Service {
    /// Its name in the state.
    const NAME: &'static str;

    /// The saved state of the upload of one file.
    type Saved: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// What is asked of the service before the first byte is sent.
    type Ready;

    /// The case to which the files go, if there is one already.
    fn case_id(&self) -> Option<&str>;

    /// Opens a file, and refuses one that the service would not accept.
    async fn open(&self, source: Source) -> Result<OpenSource, Error>;

    /// Whether a saved state is that of a file with this name and content, for this case.
    fn is_of(&self, saved: &Self::Saved, name: &str, fingerprint: &Fingerprint) -> bool;

    /// Whether a file that arrived can no longer be referred to.
    fn is_lost(&self, sent: &SentFile) -> bool;

    /// Validates limits; `new` files will be sent whose upload has not begun.
    async fn prepare(&self, new: usize) -> Result<Self::Ready, Error>;

    /// Sends files; the results are in the order of the items.
    async fn send_all(
        &self,
        ready: Self::Ready,
        items: Vec<Item<Self::Saved>>,
        ledger: &Ledger<Self::Saved>,
    ) -> Vec<Result<SentFile, Failure<Self::Saved>>>;
}

/// Plans the upload of a folder, writes the first state, and sends the files.
pub(crate) async fn begin<S: Service>(
    service: &S,
    folder: &Path,
    state_file: &Path,
) -> Result<Uploads<S::Saved>, Error> {
    let (folder, state_file) = (folder.to_owned(), state_file.to_owned());
    let (folder, listed) = blocking({
        let state_file = state_file.clone();
        move || {
            let folder = root(&folder, &state_file)?;
            let listed = walk(&folder)?;
            Ok((folder, listed))
        }
    })
    .await?;
    let names = names(&listed.files)?;
    let mut files = Vec::new();
    for (path, name) in listed.files.into_iter().zip(names) {
        let source = Source::path(folder.join(&path)).named(name.as_str());
        files.push(Entry {
            source: None,
            fingerprint: service.open(source).await?.fingerprint,
            path,
            name,
            upload: None,
            sent: None,
        });
    }
    let ready = service.prepare(files.len()).await?;
    let case_id = service.case_id().map(str::to_owned);
    let state = State::new(S::NAME, case_id, folder, files, listed.skipped);
    let file = blocking(move || StateFile::create(&state_file, state)).await?;
    send(service, ready, file).await
}

/// Plans the upload of listed files, writes the first state, and sends the files.
pub(crate) async fn begin_listed<S: Service>(
    service: &S,
    listed: &[ListedFile],
    state_file: &Path,
) -> Result<Uploads<S::Saved>, Error> {
    let mut files = Vec::new();
    for file in listed {
        let source = Source::path(&file.source).named(file.name.as_str());
        files.push(Entry {
            source: Some(file.source.clone()),
            fingerprint: service.open(source).await?.fingerprint,
            path: file.path.clone(),
            name: file.name.clone(),
            upload: None,
            sent: None,
        });
    }
    let ready = service.prepare(files.len()).await?;
    let case_id = service.case_id().map(str::to_owned);
    let state = State::new(S::NAME, case_id, PathBuf::new(), files, Vec::new());
    let state_file = state_file.to_owned();
    let file = blocking(move || StateFile::create(&state_file, state)).await?;
    send(service, ready, file).await
}

/// An upload that an earlier call began.
pub(crate) struct Interrupted<S>(StateFile<S>);

impl<S: Clone + Serialize + DeserializeOwned + Send + 'static> Interrupted<S> {
    /// Reads its state.
    pub(crate) async fn load(service: &'static str, state_file: &Path) -> Result<Self, Error> {
        let state_file = state_file.to_owned();
        let file = blocking(move || StateFile::load(&state_file, service)).await?;
        Ok(Self(file))
    }

    /// The case of a service that wants one before the upload.
    #[cfg(feature = "security-ir")]
    pub(crate) fn case_id(&self) -> Result<String, Error> {
        let case_id = self.0.state().case_id.clone();
        case_id.ok_or_else(|| Error::new(ErrorKind::State, "the saved state has no case"))
    }
}

/// Sends what has not arrived.
pub(crate) async fn resume<S: Service>(
    service: &S,
    interrupted: Interrupted<S::Saved>,
) -> Result<Uploads<S::Saved>, Error> {
    let file = interrupted.0;
    let (folder, new) = {
        let mut state = file.state();
        let mut new = 0;
        let is_true = |file: &Entry<S::Saved>| {
            let is_of = |saved| service.is_of(saved, &file.name, &file.fingerprint);
            file.upload.as_ref().is_none_or(is_of)
        };
        crate::binding::validate_sent(state.files.iter().all(is_true))?;
        for file in &mut state.files {
            file.sent.take_if(|sent| service.is_lost(sent));
            new += usize::from(file.sent.is_none() && file.upload.is_none());
        }
        (state.folder.clone(), new)
    };
    // Listed files have no folder that could have new ones.
    let listed = match folder.as_os_str().is_empty() {
        true => Default::default(),
        false => blocking(move || walk(&folder)).await?,
    };
    let ready = service.prepare(new).await?;
    let mut uploads = send(service, ready, file).await?;
    let known = |path: &String| {
        let mut files = uploads.files.iter();
        files.any(|file| file.path.as_ref() == Some(path))
    };
    uploads.new_files = listed
        .files
        .into_iter()
        .filter(|path| !known(path))
        .collect();
    Ok(uploads)
}

async fn send<S: Service>(
    service: &S,
    ready: S::Ready,
    file: StateFile<S::Saved>,
) -> Result<Uploads<S::Saved>, Error> {
    let file = Arc::new(file);
    let (items, sent) = {
        let state = file.state();
        let sent: Vec<_> = state.files.iter().map(|file| file.sent.clone()).collect();
        (items(&state), sent)
    };
    let ledger = Ledger::new({
        let file = Arc::clone(&file);
        move |index, step| file.note(index, step)
    });
    let results = service.send_all(ready, items, &ledger).await;
    let state = file.state();
    // There is a result for each file that had not been sent.
    let mut results = results.into_iter();
    let outcomes = state.files.iter().zip(sent).filter_map(|(entry, sent)| {
        let result = sent.map(Ok).or_else(|| results.next())?;
        Some(Outcome {
            name: entry.name.clone(),
            path: Some(entry.path.clone()),
            result: result.map(|sent| SentFile {
                path: Some(entry.path.clone()),
                ..sent
            }),
        })
    });
    Ok(Uploads {
        skipped: state.skipped.clone(),
        ..Uploads::of(outcomes.collect())
    })
}

/// The files that have not arrived.
fn items<S: Clone>(state: &State<S>) -> Vec<Item<S>> {
    let files = state.files.len();
    let missing = state.files.iter().enumerate();
    missing
        .filter(|(_, entry)| entry.sent.is_none())
        .map(|(index, entry)| {
            let path = entry.source.clone();
            let path = path.unwrap_or_else(|| state.folder.join(&entry.path));
            let source = Source::path(path).named(entry.name.as_str());
            Item {
                index,
                files,
                name: entry.name.clone(),
                length: entry.fingerprint.length,
                content: ItemContent::Closed(source, entry.fingerprint.clone()),
                saved: entry.upload.clone(),
            }
        })
        .collect()
}

/// The absolute path of a folder that does not contain its own state.
fn root(folder: &Path, state_file: &Path) -> Result<PathBuf, Error> {
    let root = folder.canonicalize();
    let root = root.map_err(|error| unreadable(folder, error))?;
    let of_state = parent(state_file).canonicalize().map_err(|error| {
        let message = format!("the folder of `{}` cannot be read", state_file.display());
        Error::new(ErrorKind::State, message).because(error)
    })?;
    if of_state.starts_with(&root) {
        return Err(Error::new(
            ErrorKind::State,
            format!(
                "`{}` is in the folder that is uploaded; choose a place outside of it",
                state_file.display()
            ),
        ));
    }
    Ok(root)
}
