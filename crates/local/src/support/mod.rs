//! AWS Support: its state, and its documented behaviour.

mod attachments;
mod cases;
mod catalogue;
mod times;
mod trusted_advisor;
mod uploads;

pub(crate) use uploads::is_bad_name;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use attache_runtime::Timestamp;
use attache_runtime::validation::{Constraint, Level, Provenance, Violations};
use serde::{Deserialize, Serialize};

use crate::api::support::error::{AttachmentSetSizeLimitExceeded, InvalidParameterValueException};
use crate::api::support::operation as op;
use crate::api::support::{Handler, SERVICE};
use crate::clock::milliseconds_between;
use crate::environment::Environment;
use crate::store::{AnyTable, Blob, Table, Tables};
use crate::wire::{self, Protocol, Refusal};

type Result<T> = std::result::Result<T, Refusal>;

/// The service, whose clones share what is stored until one of them changes it.
#[derive(Clone, Debug)]
pub(crate) struct Support {
    environment: Arc<Environment>,
    counters: Table<u64>,
    cases: Table<Case>,
    communications: Table<Communication>,
    sets: Table<AttachmentSet>,
    attachments: Table<Attachment>,
    uploads: Table<Upload>,
    refreshes: Table<Timestamp>,
    /// When attachments were read. The limit applies to an hour, and this list is lost at a restart.
    described: Vec<Timestamp>,
}

/// A case, as it was opened, and its status.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Case {
    number: u64,
    id: String,
    subject: String,
    service_code: String,
    category_code: String,
    severity_code: String,
    language: String,
    status: String,
    cc_email_addresses: Vec<String>,
    time_created: Timestamp,
}

/// A communication of a case. Its key is the case and a number.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Communication {
    case_id: String,
    body: String,
    time_created: Timestamp,
    attachments: Vec<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct AttachmentSet {
    created: Timestamp,
    expires: Timestamp,
    attachments: Vec<String>,
}

/// A file that can be read.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Attachment {
    id: String,
    file_name: String,
    blobs: Vec<Blob>,
}

impl Attachment {
    fn size(&self) -> u64 {
        self.blobs.iter().map(|blob| blob.size).sum()
    }
}

/// A file that is uploaded in parts.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Upload {
    id: String,
    file_name: String,
    size: u64,
    part_size: u64,
    /// The parts that have arrived, from 1.
    parts: BTreeMap<u32, Blob>,
    /// Those that were reported complete.
    completed: BTreeSet<u32>,
    /// When all of them were.
    completed_at: Option<Timestamp>,
}

impl Support {
    pub(crate) fn new(environment: Arc<Environment>) -> Self {
        Self {
            environment,
            counters: Table::new("support-counters"),
            cases: Table::new("support-cases"),
            communications: Table::new("support-communications"),
            sets: Table::new("support-sets"),
            attachments: Table::new("support-attachments"),
            uploads: Table::new("support-uploads"),
            refreshes: Table::new("support-refreshes"),
            described: Vec::new(),
        }
    }

    /// Forgets when attachments were read.
    pub(crate) fn forget_reads(&mut self) {
        self.described.clear();
    }

    /// Takes over when attachments were read, which is in no table.
    pub(crate) fn take_over_reads(&mut self, other: &Self) {
        self.described.clone_from(&other.described);
    }

    pub(crate) fn case_count(&self) -> usize {
        self.cases.len()
    }

    /// Sets the host of the links that the next request gets.
    pub(crate) fn set_host(&mut self, host: &str) {
        if self.environment.host != host {
            host.clone_into(&mut Arc::make_mut(&mut self.environment).host);
        }
    }

    fn now(&self) -> Timestamp {
        self.environment.now()
    }

    /// The next number of a kind, from 1.
    fn next(&mut self, kind: &str) -> u64 {
        let number = self.counters.get(kind).copied().unwrap_or_default() + 1;
        self.counters.insert(kind, number);
        number
    }

    /// The names of all blobs that something refers to.
    pub(crate) fn blob_ids(&self) -> impl Iterator<Item = String> {
        let attachments = self.attachments.values().flat_map(|file| &file.blobs);
        let parts = self
            .uploads
            .values()
            .flat_map(|upload| upload.parts.values());
        attachments.chain(parts).map(|blob| blob.id.clone())
    }
}

impl Tables for Support {
    fn each(&mut self) -> Vec<(&'static str, &mut dyn AnyTable)> {
        vec![
            self.counters.named(),
            self.cases.named(),
            self.communications.named(),
            self.sets.named(),
            self.attachments.named(),
            self.uploads.named(),
            self.refreshes.named(),
        ]
    }
}

impl wire::Handler for Support {
    const PROTOCOL: Protocol = SERVICE.protocol;

    /// moto checks nothing, and tests written for it send requests that the service would refuse.
    fn level(&self) -> Level {
        match self.is_lenient() {
            true => Level::Structural,
            false => Level::Documented,
        }
    }

    fn invalid(&self, operation: &'static str, violations: &Violations) -> Refusal {
        // The limits of a set are not in the model, because the service has a separate error for them.
        let is_set_limit = operation == "AddAttachmentsToSet"
            && violations.iter().all(|violation| {
                violation.constraint() == Constraint::Length
                    && matches!(violation.provenance(), Provenance::Overlay(_))
            });
        if is_set_limit {
            return set_size_limit();
        }
        if violations
            .iter()
            .all(|violation| matches!(violation.provenance(), Provenance::Overlay(_)))
        {
            return invalid_parameter(violations.message());
        }
        Refusal::common(
            Self::PROTOCOL,
            400,
            "ValidationException",
            &violations.message(),
        )
    }
}

fn set_size_limit() -> Refusal {
    AttachmentSetSizeLimitExceeded {
        message: Some(
            "An attachment set holds 1 to 3 attachments of at most 5 MB each.".to_owned(),
        ),
    }
    .into()
}

fn invalid_parameter(message: impl Into<String>) -> Refusal {
    InvalidParameterValueException {
        message: Some(message.into()),
    }
    .into()
}

/// How many of these moments are within the last hour.
fn within_an_hour<'a>(moments: impl Iterator<Item = &'a Timestamp>, now: Timestamp) -> usize {
    let hour = Duration::from_secs(60 * 60).as_millis();
    moments
        .filter(|moment| u128::try_from(milliseconds_between(now, **moment)).unwrap_or(0) < hour)
        .count()
}

impl Handler for Support {
    fn add_attachments_to_set(
        &mut self,
        request: op::AddAttachmentsToSetRequest,
    ) -> Result<op::AddAttachmentsToSetResponse> {
        self.add_to_set(request)
    }

    fn add_communication_to_case(
        &mut self,
        request: op::AddCommunicationToCaseRequest,
    ) -> Result<op::AddCommunicationToCaseResponse> {
        self.communicate(request)
    }

    fn complete_attachment_upload(
        &mut self,
        request: op::CompleteAttachmentUploadRequest,
    ) -> Result<op::CompleteAttachmentUploadResponse> {
        self.complete_upload(request)
    }

    fn create_case(&mut self, request: op::CreateCaseRequest) -> Result<op::CreateCaseResponse> {
        self.open_case(request)
    }

    fn describe_attachment(
        &mut self,
        request: op::DescribeAttachmentRequest,
    ) -> Result<op::DescribeAttachmentResponse> {
        self.read_attachment(request)
    }

    fn describe_attachment_upload_status(
        &mut self,
        request: op::DescribeAttachmentUploadStatusRequest,
    ) -> Result<op::DescribeAttachmentUploadStatusResponse> {
        self.upload_status(request)
    }

    fn describe_cases(
        &mut self,
        request: op::DescribeCasesRequest,
    ) -> Result<op::DescribeCasesResponse> {
        self.list_cases(request)
    }

    fn describe_communications(
        &mut self,
        request: op::DescribeCommunicationsRequest,
    ) -> Result<op::DescribeCommunicationsResponse> {
        self.list_communications(request)
    }

    fn describe_create_case_options(
        &mut self,
        request: op::DescribeCreateCaseOptionsRequest,
    ) -> Result<op::DescribeCreateCaseOptionsResponse> {
        self.case_options(request)
    }

    fn describe_services(
        &mut self,
        request: op::DescribeServicesRequest,
    ) -> Result<op::DescribeServicesResponse> {
        Ok(self.services(&request))
    }

    fn describe_severity_levels(
        &mut self,
        _: op::DescribeSeverityLevelsRequest,
    ) -> Result<op::DescribeSeverityLevelsResponse> {
        Ok(self.severity_levels())
    }

    fn describe_supported_languages(
        &mut self,
        request: op::DescribeSupportedLanguagesRequest,
    ) -> Result<op::DescribeSupportedLanguagesResponse> {
        self.supported_languages(&request)
    }

    fn describe_trusted_advisor_check_refresh_statuses(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckRefreshStatusesRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckRefreshStatusesResponse> {
        self.refresh_statuses(request)
    }

    fn describe_trusted_advisor_check_result(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckResultRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckResultResponse> {
        self.check_result(request)
    }

    fn describe_trusted_advisor_check_summaries(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckSummariesRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckSummariesResponse> {
        self.check_summaries(request)
    }

    fn describe_trusted_advisor_checks(
        &mut self,
        _: op::DescribeTrustedAdvisorChecksRequest,
    ) -> Result<op::DescribeTrustedAdvisorChecksResponse> {
        Ok(self.checks())
    }

    fn get_attachment_download_link(
        &mut self,
        request: op::GetAttachmentDownloadLinkRequest,
    ) -> Result<op::GetAttachmentDownloadLinkResponse> {
        self.download_link(request)
    }

    fn get_attachment_upload_links(
        &mut self,
        request: op::GetAttachmentUploadLinksRequest,
    ) -> Result<op::GetAttachmentUploadLinksResponse> {
        self.upload_links(request)
    }

    fn refresh_trusted_advisor_check(
        &mut self,
        request: op::RefreshTrustedAdvisorCheckRequest,
    ) -> Result<op::RefreshTrustedAdvisorCheckResponse> {
        self.refresh_check(request)
    }

    fn resolve_case(&mut self, request: op::ResolveCaseRequest) -> Result<op::ResolveCaseResponse> {
        self.resolve(request)
    }
}
