//! A download of either service, with its state.

use std::sync::Arc;

use attache_transfer::Error;
use attache_transfer::plumbing::incoming::{Incoming, Link, Note};
use attache_transfer::plumbing::partial::PartialFile;
use attache_transfer::plumbing::progress::{Meter, Stage};
use attache_transfer::plumbing::requests::Transfer;
use attache_transfer::plumbing::target::Downloaded;

use crate::kept::Kept;

/// An attachment whose content can be fetched.
pub(crate) trait Attachment: Link + Send + Sync {
    /// The state of a download of it.
    type Saved: Clone + Send;

    fn saved(&self, file: PartialFile) -> Self::Saved;
}

/// A download that has begun.
pub(crate) struct Fetching<A: Attachment> {
    attachment: A,
    transfer: Transfer,
    /// A URL that was not used yet.
    url: Option<String>,
    incoming: Incoming,
    meter: Arc<Meter>,
    /// `None` if the download cannot be continued by another process.
    saved: Option<Kept<A::Saved>>,
}

impl<A: Attachment> Fetching<A> {
    /// With `keep`, the state is kept for another process.
    pub(crate) fn new(
        attachment: A,
        transfer: Transfer,
        (url, incoming): (Option<String>, Incoming),
        keep: bool,
    ) -> Self {
        let meter = incoming.meter(&transfer);
        meter.tell(Stage::Waiting);
        incoming.show(&meter);
        let saved = keep.then(|| Kept::new(attachment.saved(incoming.partial())));
        Self {
            attachment,
            transfer,
            url,
            incoming,
            meter,
            saved,
        }
    }

    pub(crate) fn on_saved(&mut self, keep: impl Fn(&A::Saved) + Send + Sync + 'static) {
        if let Some(saved) = &mut self.saved {
            saved.on_note(keep);
        }
    }

    /// The state that was reported last.
    pub(crate) fn saved(&self) -> A::Saved {
        match &self.saved {
            Some(saved) => saved.state().clone(),
            None => self.attachment.saved(self.incoming.partial()),
        }
    }

    pub(crate) async fn run(&mut self) -> Result<Downloaded, Error> {
        let Self {
            attachment, saved, ..
        } = self;
        let note = saved.as_ref().map(|saved| {
            let attachment = &*attachment;
            move |file| saved.note(|state| *state = attachment.saved(file))
        });
        let note = note.as_ref().map(|note| note as &Note<'_>);
        let from = (self.url.take(), &*attachment);
        let outcome = self
            .incoming
            .complete(&self.transfer, from, &self.meter, note);
        self.meter.or_failed(outcome.await)
    }

    pub(crate) fn discard(self) -> Result<(), Error> {
        self.incoming.discard()
    }
}
