//! The responses of Security Incident Response: for any input, `decode` returns a response or an error and does not
//! panic.
//!
//! The first byte selects the operation, the second the status; the rest is the body.

#![no_main]

use attache_runtime::http::HeaderMap;
use attache_runtime::operation::{Request, ServiceError as _};
use attache_runtime::plumbing::message::HttpResponse;
use attache_security_ir::{ServiceError, operation};
use libfuzzer_sys::fuzz_target;

macro_rules! decoders {
    ($($request:ident),* $(,)?) => {
        const DECODERS: &[fn(HttpResponse)] = &[$(|response| {
            if let Ok(response) = <operation::$request as Request>::decode(response) {
                let _ = format!("{response:?}");
            }
        }),*];
    };
}

decoders!(
    BatchGetMemberAccountDetailsRequest,
    CancelMembershipRequest,
    CloseCaseRequest,
    CreateCaseRequest,
    CreateCaseCommentRequest,
    CreateMembershipRequest,
    GetCaseRequest,
    GetCaseAttachmentDownloadUrlRequest,
    GetCaseAttachmentUploadUrlRequest,
    GetFindingMetricsRequest,
    GetMembershipRequest,
    ListCaseEditsRequest,
    ListCasesRequest,
    ListCommentsRequest,
    ListInvestigationsRequest,
    ListMembershipsRequest,
    ListTagsForResourceRequest,
    SendFeedbackRequest,
    TagResourceRequest,
    UntagResourceRequest,
    UpdateCaseRequest,
    UpdateCaseCommentRequest,
    UpdateCaseStatusRequest,
    UpdateMembershipRequest,
    UpdateResolverTypeRequest,
);

const ERRORS: &[&str] = &[
    "AccessDeniedException",
    "ConflictException",
    "InternalServerException",
    "InvalidTokenException",
    "ResourceNotFoundException",
    "SecurityIncidentResponseNotActiveException",
    "ServiceQuotaExceededException",
    "ThrottlingException",
    "ValidationException",
];

fuzz_target!(|input: &[u8]| {
    let [operation, status, body @ ..] = input else {
        return;
    };
    let response = || HttpResponse::new(200 + u16::from(*status), HeaderMap::new(), body.to_vec());
    DECODERS[usize::from(*operation) % DECODERS.len()](response());
    let error = ERRORS[usize::from(*status) % ERRORS.len()];
    assert!(
        ServiceError::decode(error, &response()).is_some(),
        "the service has the error {error}"
    );
});
