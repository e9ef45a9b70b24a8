//! Several files side by side into one case.

use std::collections::BTreeSet;
use std::sync::Arc;

use attache_transfer::plumbing::progress::{Label, Meter};
use attache_transfer::plumbing::requests::Transfer;
use attache_transfer::plumbing::source::Source;
use attache_transfer::{Error, ErrorKind};
use futures_util::future::join_all;

use super::{Attachments, SavedUpload, Upload};
use crate::manifest::SentFile;
use crate::uploads::{Failure, Item, Ledger, Step, Uploads, items_of};

type Sent = Result<SentFile, Failure<SavedUpload>>;

impl Attachments {
    /// Uploads several files to a case side by side, and waits until they are scanned.
    /// [`Settings::parallel_parts`](crate::Settings::parallel_parts) bounds how many are sent at the same time. A file
    /// that fails does not end the others. If the future is dropped, all uploads end.
    ///
    /// # Errors
    /// What is refused before the first byte: a source that cannot be read, is empty or too large, a name that the
    /// service does not accept, two sources of one name, more files than the case can have, wrong settings, and a case
    /// that cannot be read. Other failures are in the [`Outcome`](crate::Outcome) of the file.
    pub async fn upload_all(
        &self,
        case_id: impl Into<String>,
        sources: impl IntoIterator<Item = impl Into<Source>>,
    ) -> Result<Uploads<SavedUpload>, Error> {
        let case_id = case_id.into();
        self.settings.headers()?;
        let mut opened = Vec::new();
        for source in sources {
            opened.push(self.open(source.into()).await?);
        }
        let (names, items) = items_of(opened);
        validate_different(&items)?;
        let before = self.before(&case_id, items.len()).await?;
        let results = self
            .send_all(&case_id, &before, items, &Ledger::none())
            .await;
        Ok(Uploads::of_results(names, results))
    }

    /// Sends files, of which all have different names. The results are in their order. `before` has the attachments that
    /// the case had before them.
    pub(super) async fn send_all(
        &self,
        case_id: &str,
        before: &[String],
        items: Vec<Item<SavedUpload>>,
        ledger: &Ledger<SavedUpload>,
    ) -> Vec<Sent> {
        let sending = items.into_iter().map(|item| {
            let label = Label::of(&item.name, item.index, item.files);
            let meter = self.meter(item.length, label);
            async move {
                let sent = self.send_one(case_id, before, (item, Arc::clone(&meter)), ledger);
                sent.await.inspect_err(|failure| meter.fail(&failure.error))
            }
        });
        join_all(sending).await
    }

    async fn send_one(
        &self,
        case_id: &str,
        before: &[String],
        (item, meter): (Item<SavedUpload>, Arc<Meter>),
        ledger: &Ledger<SavedUpload>,
    ) -> Sent {
        let permit = self.bound.file().await;
        let (index, saved) = (item.index, item.saved);
        let opened = async {
            saved.as_ref().map_or(Ok(()), SavedUpload::validate)?;
            let transfer = Transfer::new(self.client.config(), self.settings.clone())?;
            let source = item.content.opened(|source| self.open(source)).await?;
            Ok((transfer, source))
        };
        let (transfer, source) = match opened.await {
            Ok(opened) => opened,
            Err(error) => return Err(Failure { error, saved }),
        };
        let upload = match saved {
            Some(saved) => Upload::new(self, transfer, (source, meter), saved).perhaps_sent(),
            None => {
                let token = self.client.config().token_source().token();
                let saved = SavedUpload::new(case_id.to_owned(), &source, before.to_vec(), token);
                // The token is noted before the first request with it, so that another process repeats this request.
                ledger.note(index, Step::Saved(&saved))?;
                Upload::new(self, transfer, (source, meter), saved)
            }
        };
        let later = ledger.clone();
        let upload = upload.on_saved(move |saved| {
            // If the last step cannot be noted either, the file fails.
            let _ = later.note(index, Step::Saved(saved));
        });
        let sent = async {
            upload.store().await?;
            drop(permit);
            let (_, sent) = upload.verified().await?;
            ledger.note(index, Step::Sent(&sent))?;
            Ok(sent)
        };
        sent.await.map_err(|error| Failure {
            error,
            saved: Some(upload.saved()),
        })
    }
}

/// Refuses two files with one name.
fn validate_different(items: &[Item<SavedUpload>]) -> Result<(), Error> {
    let mut names = BTreeSet::new();
    match items.iter().find(|item| !names.insert(&item.name)) {
        None => Ok(()),
        Some(item) => Err(Error::new(
            ErrorKind::Source,
            format!(
                "two files have the name `{}`, and the service does not say which attachment belongs to which upload; \
                 give one of them another name with `Source::named`",
                item.name
            ),
        )),
    }
}
