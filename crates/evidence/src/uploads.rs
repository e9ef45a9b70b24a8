//! Several files in one call: what is sent, and the outcome for each file.
//!
//! A file that fails does not end the others, and the outcome has the state with which it can be continued.

use std::fmt;
use std::sync::Arc;

use attache_transfer::Error;
use attache_transfer::plumbing::fingerprint::Fingerprint;
use attache_transfer::plumbing::source::{OpenSource, Source};

use crate::manifest::{Manifest, SentFile, Skipped};

/// The outcome of a call that uploads several files. `S` is the saved state of an upload of the service.
///
/// The call itself succeeds when nothing was refused before the first byte; look at each file, or use
/// [`into_manifest`](Self::into_manifest), which fails if one of them failed.
#[derive(Debug)]
#[non_exhaustive]
#[must_use = "some of the files may have failed"]
pub struct Uploads<S> {
    /// The files, in the order of the sources. Files of a folder are in the order of their paths.
    pub files: Vec<Outcome<S>>,
    /// What a folder has besides files with content. It is empty if no folder was uploaded.
    pub skipped: Vec<Skipped>,
    /// The paths of files that a folder has now and did not have when its upload began. They were not sent.
    pub new_files: Vec<String>,
}

impl<S> Uploads<S> {
    pub(crate) fn of(files: Vec<Outcome<S>>) -> Self {
        Self {
            files,
            skipped: Vec::new(),
            new_files: Vec::new(),
        }
    }

    /// The results of files that belong to no folder.
    pub(crate) fn of_results(
        names: Vec<String>,
        results: Vec<Result<SentFile, Failure<S>>>,
    ) -> Self {
        let files = names.into_iter().zip(results);
        let files = files.map(|(name, result)| Outcome {
            name,
            path: None,
            result,
        });
        Self::of(files.collect())
    }

    /// Whether all files arrived.
    pub fn is_complete(&self) -> bool {
        self.files.iter().all(|file| file.result.is_ok())
    }

    /// The files that failed.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &Failure<S>)> {
        let files = self.files.iter();
        files.filter_map(|file| Some((file.name.as_str(), file.result.as_ref().err()?)))
    }

    /// The record of the files that arrived, and of what was skipped.
    pub fn manifest(&self) -> Manifest {
        let sent = self.files.iter();
        let sent = sent.filter_map(|file| file.result.as_ref().ok().cloned());
        Manifest {
            skipped: self.skipped.clone(),
            ..Manifest::of(sent.collect())
        }
    }

    /// The record of all files.
    ///
    /// # Errors
    /// The error of the first file that failed.
    pub fn into_manifest(self) -> Result<Manifest, Error> {
        let manifest = self.manifest();
        let failed = self.files.into_iter().find_map(|file| file.result.err());
        failed.map_or(Ok(manifest), |failure| Err(failure.error))
    }
}

/// The outcome of one file.
#[non_exhaustive]
pub struct Outcome<S> {
    /// The name of the file in the case.
    pub name: String,
    /// Its path in the folder that was uploaded, with `/` between its parts.
    pub path: Option<String>,
    /// The record of what was sent, or why it failed.
    pub result: Result<SentFile, Failure<S>>,
}

/// Names of files may reveal details of an incident, so `Debug` hides them.
impl<S: fmt::Debug> fmt::Debug for Outcome<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Outcome")
            .field("result", &self.result)
            .finish_non_exhaustive()
    }
}

/// Why a file failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure<S> {
    /// The error.
    pub error: Error,
    /// The state with which `resume` continues the upload. Without one, nothing of the file has arrived, and it is
    /// uploaded again.
    pub saved: Option<S>,
}

impl<S> From<Error> for Failure<S> {
    fn from(error: Error) -> Self {
        Self { error, saved: None }
    }
}

/// A file to be sent.
pub(crate) struct Item<S> {
    /// Its index among the files of the call.
    pub(crate) index: usize,
    /// How many files the call has.
    pub(crate) files: usize,
    pub(crate) name: String,
    pub(crate) length: u64,
    pub(crate) content: ItemContent,
    /// The state of an upload that an earlier call began.
    pub(crate) saved: Option<S>,
}

pub(crate) enum ItemContent {
    /// It stays open until it is sent.
    Open(OpenSource),
    /// It is opened again when it is sent, and must be the same.
    #[cfg_attr(
        not(feature = "folder"),
        expect(dead_code, reason = "the files of folders are closed")
    )]
    Closed(Source, Fingerprint),
}

impl ItemContent {
    /// The open file, which must be the same as before.
    pub(crate) async fn opened<F: Future<Output = Result<OpenSource, Error>>>(
        self,
        open: impl FnOnce(Source) -> F,
    ) -> Result<OpenSource, Error> {
        match self {
            Self::Open(source) => Ok(source),
            Self::Closed(source, fingerprint) => {
                let source = open(source).await?;
                source.require_same(&fingerprint)?;
                Ok(source)
            }
        }
    }
}

/// The files of a call, which stay open until they are sent, and their names.
pub(crate) fn items_of<S>(opened: Vec<OpenSource>) -> (Vec<String>, Vec<Item<S>>) {
    let files = opened.len();
    let names = opened.iter().map(|source| source.name.clone()).collect();
    let items = opened.into_iter().enumerate().map(|(index, source)| Item {
        index,
        files,
        name: source.name.clone(),
        length: source.length(),
        content: ItemContent::Open(source),
        saved: None,
    });
    (names, items.collect())
}

/// What is noted of a file while it is sent.
#[cfg_attr(
    not(feature = "folder"),
    expect(dead_code, reason = "the steps of folders are noted")
)]
pub(crate) enum Step<'a, S> {
    /// The upload began or moved on.
    Saved(&'a S),
    /// The file has arrived.
    Sent(&'a SentFile),
}

type Note<S> = dyn Fn(usize, Step<'_, S>) -> Result<(), Error> + Send + Sync;

/// Where the steps are noted, so that another process can continue.
pub(crate) struct Ledger<S>(Option<Arc<Note<S>>>);

impl<S> Clone for Ledger<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S> Ledger<S> {
    /// Notes nothing.
    pub(crate) fn none() -> Self {
        Self(None)
    }

    #[cfg(feature = "folder")]
    pub(crate) fn new(
        note: impl Fn(usize, Step<'_, S>) -> Result<(), Error> + Send + Sync + 'static,
    ) -> Self {
        Self(Some(Arc::new(note)))
    }

    pub(crate) fn note(&self, index: usize, step: Step<'_, S>) -> Result<(), Error> {
        self.0.as_ref().map_or(Ok(()), |note| note(index, step))
    }
}
