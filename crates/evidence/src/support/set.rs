//! Small files in an attachment set, which is filled by one call. The files are read while it is sent.

use std::sync::Arc;

use attache_support::Timestamp;
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::runtime::{CallOptions, Streamed};
use attache_support::types::Attachment;
use attache_transfer::plumbing::part::{Part, Sent};
use attache_transfer::plumbing::progress::{Stage, Tally};
use attache_transfer::plumbing::source::OpenSource;
use attache_transfer::{Error, ErrorKind};

use super::{Attachments, Measured};
use crate::manifest::{Confirmation, Destination, SentFile, SentPart};

impl Attachments {
    /// Fills a set with up to three files.
    pub(super) async fn fill_set(&self, files: &[Measured]) -> Result<Vec<SentFile>, Error> {
        let _permit = self.bound.part().await;
        let filled = self.filled_set(files).await;
        for (_, meter) in files {
            match &filled {
                Ok(_) => meter.tell(Stage::Done),
                Err(error) => meter.fail(error),
            }
        }
        filled
    }

    async fn filled_set(&self, files: &[Measured]) -> Result<Vec<SentFile>, Error> {
        let (request, readings) = self.set_request(files);
        // A retry creates a second set instead of a second file in the first one; no case refers to either yet.
        let options = CallOptions::default().retry_ambiguous(true);
        let response = self.client.send_with(request, options).await;
        let response = response.map_err(|error| {
            // If a file changed, neither the service nor the network is the cause of the failure.
            let problem = readings.iter().find_map(|reading| reading.take_problem());
            problem.unwrap_or_else(|| Error::of_call(error))
        })?;
        let id = response.attachment_set_id.ok_or_else(|| {
            Error::new(
                ErrorKind::Service,
                "AddAttachmentsToSet succeeded, but returned no attachment set",
            )
        })?;
        let destination = Destination::SupportSet {
            attachment_set_id: id,
            expires: response.expiry_time.as_deref().and_then(expiry),
        };
        let mut sent = Vec::new();
        for (source, meter) in files {
            meter.moved(source.length());
            meter.part();
            sent.push(self.in_set(source, destination.clone()).await);
        }
        Ok(sent)
    }

    /// The request, which reads the files when it is sent, and how reading each of them ended.
    fn set_request(
        &self,
        files: &[Measured],
    ) -> (Streamed<AddAttachmentsToSetRequest>, Vec<Arc<Sent>>) {
        let request = AddAttachmentsToSetRequest {
            attachments: Some(Vec::with_capacity(files.len())),
            ..Default::default()
        };
        // The files are read several times, and sent in one call.
        let tally = Tally::still(self.client.config());
        let (mut request, mut readings) = (Streamed::new(request), Vec::new());
        for (source, _) in files {
            let part = Part {
                source: source.clone(),
                range: 0..source.length(),
                sha256: source.sha256,
            };
            let (stream, reading) = part.stream(&tally);
            let attachment = Attachment::new().file_name(source.name.clone());
            request = request.blob(stream, |request, data| {
                let attachments = request.attachments.get_or_insert_default();
                attachments.push(attachment.data(data));
            });
            readings.push(reading);
        }
        (request, readings)
    }

    /// The record of a file of a set, which the service has received in the call.
    async fn in_set(&self, source: &OpenSource, destination: Destination) -> SentFile {
        let part = SentPart::whole(
            source.length(),
            source.fingerprint.sha256.clone(),
            self.client.config().time_source().now(),
            Confirmation::SignedCall,
        );
        SentFile::of(source, destination, vec![part]).await
    }
}

/// The time at which a set expires: `2020-05-14T17:04:40.790+0000` in the examples of the AWS CLI, which is RFC 3339 but
/// for the colon in the offset. The model has a string without a form, so any other text is accepted as no time.
fn expiry(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let (time, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
        format!("{time}:{minutes}").parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::expiry;

    #[test]
    fn both_forms_of_an_expiry_are_read() {
        for (text, time) in [
            (
                "2020-05-14T17:04:40.790+0000",
                Some("2020-05-14T17:04:40.79Z"),
            ),
            ("2020-05-14T19:04:40+0200", Some("2020-05-14T17:04:40Z")),
            ("2020-05-14T17:04:40Z", Some("2020-05-14T17:04:40Z")),
            ("in an hour", None),
            ("é", None),
            ("", None),
        ] {
            let read = expiry(text).map(|time| time.to_string());
            assert_eq!(read.as_deref(), time, "{text}");
        }
    }
}
