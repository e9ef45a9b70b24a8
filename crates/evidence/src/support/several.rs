//! Several files side by side: large files in parts, small ones in sets of three.

use std::sync::Arc;

use attache_transfer::plumbing::progress::{Label, Meter};
use attache_transfer::plumbing::source::Source;
use attache_transfer::{Error, ErrorKind};
use futures_util::future::join_all;
use tokio::sync::SemaphorePermit;

use super::{Attachments, Evidence, SET_FILE_LIMIT, SET_LENGTH, SavedUpload, Upload};
use crate::manifest::SentFile;
use crate::uploads::{Failure, Item, Ledger, Step, Uploads, items_of};

/// A file to be sent, its place among the others, and its progress.
struct Waiting {
    place: usize,
    item: Item<SavedUpload>,
    meter: Arc<Meter>,
}

type Sent = Result<SentFile, Failure<SavedUpload>>;

impl Attachments {
    /// Uploads several files side by side. [`Settings::parallel_parts`](crate::Settings::parallel_parts) bounds the
    /// parts of all files together; a set counts as one part. A file that fails does not end the others. If the future is
    /// dropped, all uploads end.
    ///
    /// The sets are filled last, because the hour until a set expires begins when it is filled.
    ///
    /// # Errors
    /// What is refused before the first byte: a source that cannot be read, is empty or too large, and wrong settings.
    /// Other failures are in the [`Outcome`](crate::Outcome) of the file.
    pub async fn upload_all(
        &self,
        sources: impl IntoIterator<Item = impl Into<Source>>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        self.settings.headers()?;
        let mut opened = Vec::new();
        for source in sources {
            opened.push(self.open(source.into()).await?);
        }
        let (names, items) = items_of(opened);
        let results = self.send_all(items, &Ledger::none()).await;
        Ok(Uploads::of_results(names, results))
    }

    /// Sends files. The results are in their order.
    pub(super) async fn send_all(
        &self,
        items: Vec<Item<SavedUpload>>,
        ledger: &Ledger<SavedUpload>,
    ) -> Vec<Sent> {
        let waiting = items.into_iter().enumerate().map(|(place, item)| Waiting {
            place,
            meter: self.meter(item.length, Label::of(&item.name, item.index, item.files)),
            item,
        });
        // A file whose upload has begun stays in parts.
        let (small, large): (Vec<Waiting>, Vec<Waiting>) = waiting
            .partition(|file| file.item.length <= SET_FILE_LIMIT && file.item.saved.is_none());
        let large = large.into_iter().map(|file| async move {
            let (place, meter) = (file.place, Arc::clone(&file.meter));
            (
                place,
                self.send_in_parts(file, ledger)
                    .await
                    .inspect_err(|failure| meter.fail(&failure.error)),
            )
        });
        let mut results = join_all(large).await;
        let mut small = small.into_iter();
        let sets = std::iter::from_fn(|| {
            let set: Vec<Waiting> = small.by_ref().take(SET_LENGTH).collect();
            (!set.is_empty()).then_some(set)
        });
        let sets = join_all(sets.map(|set| self.send_in_set(set, ledger))).await;
        results.extend(sets.into_iter().flatten());
        results.sort_by_key(|(place, _)| *place);
        let (_, results): (Vec<usize>, Vec<Sent>) = results.into_iter().unzip();
        results
    }

    async fn send_in_parts(&self, file: Waiting, ledger: &Ledger<SavedUpload>) -> Sent {
        let Waiting { item, meter, .. } = file;
        let (index, saved) = (item.index, item.saved);
        let mut permit = self.bound.file().await;
        let source = match item.content.opened(|source| self.open(source)).await {
            Ok(source) => source,
            Err(error) => return Err(Failure { error, saved }),
        };
        if let Some(saved) = saved {
            let file = (source.clone(), Arc::clone(&meter));
            let upload = match Upload::resumed(self, file, saved.clone()).await {
                Ok(upload) => upload,
                Err(error) => {
                    let saved = Some(saved);
                    return Err(Failure { error, saved });
                }
            };
            match self.complete(upload, index, permit, ledger).await {
                // The service no longer has the upload, so a new one begins.
                Err(failure) if failure.saved.is_none() => {}
                result => return result,
            }
            meter.restart();
            permit = self.bound.file().await;
        }
        let upload = Upload::begun(self, (source, meter)).await?;
        ledger.note(index, Step::Saved(&upload.saved()))?;
        self.complete(upload, index, permit, ledger).await
    }

    /// Sends what is missing, under the permit for a file, and waits until a case can refer to it.
    async fn complete(
        &self,
        upload: Upload,
        index: usize,
        permit: Option<SemaphorePermit<'_>>,
        ledger: &Ledger<SavedUpload>,
    ) -> Sent {
        let ledger_of_parts = ledger.clone();
        let upload = upload.on_saved(move |saved| {
            // If its last step cannot be noted either, the file fails.
            let _ = ledger_of_parts.note(index, Step::Saved(saved));
        });
        let ready = async {
            upload.send_missing().await?;
            drop(permit);
            upload.ready().await
        };
        let saved = || Some(upload.saved());
        if let Err(error) = ready.await {
            let is_lost = error.kind() == ErrorKind::State;
            let saved = if is_lost { None } else { saved() };
            return Err(Failure { error, saved });
        }
        let sent = upload.sent_file().await;
        let noted = ledger.note(index, Step::Sent(&sent));
        noted.map(|()| sent).map_err(|error| Failure {
            error,
            saved: saved(),
        })
    }

    /// Sends up to three files in a set.
    async fn send_in_set(
        &self,
        set: Vec<Waiting>,
        ledger: &Ledger<SavedUpload>,
    ) -> Vec<(usize, Sent)> {
        let _permit = self.bound.file().await;
        let (mut places, mut files, mut results) = (Vec::new(), Vec::new(), Vec::new());
        for Waiting { place, item, meter } in set {
            match item.content.opened(|source| self.open(source)).await {
                Ok(source) => {
                    places.push((place, item.index));
                    files.push((source, meter));
                }
                Err(error) => {
                    meter.fail(&error);
                    results.push((place, Err(error.into())));
                }
            }
        }
        if files.is_empty() {
            return results;
        }
        match self.fill_set(&files).await {
            Ok(sent) => {
                let sent = places.into_iter().zip(sent);
                results.extend(sent.map(|((place, index), file)| {
                    let noted = ledger.note(index, Step::Sent(&file));
                    (place, noted.map(|()| file).map_err(Failure::from))
                }));
            }
            Err(error) => {
                let places = places.into_iter();
                results.extend(places.map(|(place, _)| (place, Err(error.again().into()))));
            }
        }
        results
    }
}

impl Uploads<SavedUpload> {
    /// The files that arrived, for calls of the service. One [`Evidence`] holds a set of up to three small files and up
    /// to ten large ones; with more files, pass the first to CreateCase and each of the others to an
    /// AddCommunicationToCase.
    pub fn evidence(&self) -> Vec<Evidence> {
        Evidence::of_files(self.manifest().files)
    }
}
