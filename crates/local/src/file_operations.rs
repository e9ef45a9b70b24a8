//! The names of what happens at presigned URLs, which count as operations in faults and in the list of requests.

pub(crate) const PUT_UPLOAD_PART: &str = "PutUploadPart";
pub(crate) const GET_ATTACHMENT: &str = "GetAttachment";
pub(crate) const PUT_CASE_ATTACHMENT: &str = "PutCaseAttachment";
pub(crate) const GET_CASE_ATTACHMENT: &str = "GetCaseAttachment";

pub(crate) const ALL: [&str; 4] = [
    PUT_UPLOAD_PART,
    GET_ATTACHMENT,
    PUT_CASE_ATTACHMENT,
    GET_CASE_ATTACHMENT,
];
