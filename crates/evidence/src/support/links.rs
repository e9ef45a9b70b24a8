//! The links of an upload. One call returns ten at most, and each link expires.

use std::collections::BTreeMap;

use attache_support::Timestamp;
use attache_support::operation::{
    GetAttachmentUploadLinksRequest, GetAttachmentUploadLinksResponse,
};
use attache_support::runtime::CallOptions;
use attache_support::types::UploadRange;
use attache_transfer::{Error, ErrorKind};
use tokio::sync::Mutex;

use super::Job;
use super::saved::of_upload;

/// How many links one call returns (`UploadRange`).
const BATCH: i32 = 10;
/// A link that expires within this time is not used, in seconds.
const MARGIN: i64 = 30;

/// The links that were received, by part.
#[derive(Default)]
pub(super) struct Links(Mutex<BTreeMap<i32, Link>>);

struct Link {
    url: String,
    expires: Option<Timestamp>,
}

impl Links {
    pub(super) fn of(response: GetAttachmentUploadLinksResponse) -> Self {
        Self(Mutex::new(sorted(response)))
    }

    /// The link of a part. Missing or expired links are requested, as many as one call returns; `renew` requests only
    /// this one.
    pub(super) async fn of_part(
        &self,
        job: &Job,
        upload_id: &str,
        part: i32,
        total: i32,
        renew: bool,
    ) -> Result<String, Error> {
        let mut links = self.0.lock().await;
        let now = job.client.config().time_source().now();
        if let Some(link) = links.get(&part).filter(|link| !renew && link.lasts(now)) {
            return Ok(link.url.clone());
        }
        let end = if renew {
            part + 1
        } else {
            part.saturating_add(BATCH).min(total.saturating_add(1))
        };
        let request = GetAttachmentUploadLinksRequest {
            file_name: Some(job.source.name.clone()),
            upload_id: Some(upload_id.to_owned()),
            upload_range: Some(UploadRange::new(part).end_index(end)),
            ..Default::default()
        };
        // With an upload id the call only returns links.
        let options = CallOptions::default().retry_ambiguous(true);
        let response = job
            .client
            .send_with(request, options)
            .await
            .map_err(of_upload)?;
        links.extend(sorted(response));
        match links.get(&part) {
            Some(link) => Ok(link.url.clone()),
            None => Err(Error::new(
                ErrorKind::Service,
                format!("the service returned no link for part {part}"),
            )),
        }
    }
}

fn sorted(response: GetAttachmentUploadLinksResponse) -> BTreeMap<i32, Link> {
    let links = response.upload_urls.into_iter();
    links
        .map(|link| {
            let expires = link.expiry_date.parse().ok();
            (
                link.part_index,
                Link {
                    url: link.url,
                    expires,
                },
            )
        })
        .collect()
}

impl Link {
    fn lasts(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| {
            expires.epoch_seconds() > now.epoch_seconds().saturating_add(MARGIN)
        })
    }
}
