//! Small files in an attachment set, which is filled by one call.

use attache_support::Timestamp;
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::runtime::CallOptions;
use attache_support::types::Attachment;
use attache_transfer::plumbing::progress::Stage;
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
        let mut attachments = Vec::new();
        for (source, _) in files {
            let data = source.whole().await?;
            attachments.push(Attachment::new().file_name(source.name.clone()).data(data));
        }
        let request = AddAttachmentsToSetRequest {
            attachments: Some(attachments),
            ..Default::default()
        };
        // A retry creates a second set instead of a second file in the first one; no case refers to either yet.
        let options = CallOptions::default().retry_ambiguous(true);
        let response = self
            .client
            .send_with(request, options)
            .await
            .map_err(Error::of_call)?;
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
