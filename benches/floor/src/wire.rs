//! The requests and responses of the four calls.
#![expect(
    dead_code,
    reason = "an application reads these fields; this program only counts elements"
)]

use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DescribeCases {
    pub(crate) include_resolved_cases: bool,
    pub(crate) max_results: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DescribeCasesAnswer {
    #[serde(default)]
    pub(crate) cases: Vec<Case>,
    pub(crate) next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Case {
    pub(crate) case_id: Option<String>,
    pub(crate) display_id: Option<String>,
    pub(crate) subject: Option<String>,
    pub(crate) status: Option<String>,
    pub(crate) service_code: Option<String>,
    pub(crate) category_code: Option<String>,
    pub(crate) severity_code: Option<String>,
    pub(crate) submitted_by: Option<String>,
    pub(crate) time_created: Option<String>,
    pub(crate) recent_communications: Option<RecentCommunications>,
    pub(crate) cc_email_addresses: Option<Vec<String>>,
    pub(crate) language: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecentCommunications {
    #[serde(default)]
    pub(crate) communications: Vec<Communication>,
    pub(crate) next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Communication {
    pub(crate) case_id: Option<String>,
    pub(crate) body: Option<String>,
    pub(crate) submitted_by: Option<String>,
    pub(crate) time_created: Option<String>,
    pub(crate) attachment_set: Option<Vec<AttachmentDetails>>,
    pub(crate) attachments: Option<Vec<AttachmentDetails>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AttachmentDetails {
    pub(crate) attachment_id: Option<String>,
    pub(crate) file_name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListCases {
    pub(crate) max_results: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListCasesAnswer {
    #[serde(default)]
    pub(crate) items: Vec<Item>,
    pub(crate) next_token: Option<String>,
    pub(crate) total: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Item {
    pub(crate) case_id: String,
    pub(crate) case_arn: Option<String>,
    pub(crate) title: Option<String>,
    pub(crate) case_status: Option<String>,
    pub(crate) engagement_type: Option<String>,
    pub(crate) pending_action: Option<String>,
    pub(crate) resolver_type: Option<String>,
    pub(crate) created_date: Option<f64>,
    pub(crate) last_updated_date: Option<f64>,
    pub(crate) closed_date: Option<f64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadUrl<'a> {
    pub(crate) file_name: &'a str,
    pub(crate) content_length: i64,
    pub(crate) client_token: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UploadUrlAnswer {
    pub(crate) attachment_presigned_url: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddAttachments<'a> {
    pub(crate) attachments: Vec<Attachment<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attachment<'a> {
    pub(crate) data: String,
    pub(crate) file_name: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddAttachmentsAnswer {
    pub(crate) attachment_set_id: Option<String>,
    pub(crate) expiry_time: Option<String>,
}
