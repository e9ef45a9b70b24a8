//! The operations and errors of the two services, by name.
//!
//! A client knows its operations as types, a question as names; this table leads from one to the other. It is written
//! by hand, so a test holds it against the models: an operation that is missing here would be missing in every
//! comparison.

use super::entries::{Service, services};

pub(super) fn service(name: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.name == name)
}

/// The names of the services, and of the operations and the errors of each.
pub fn names() -> impl Iterator<Item = (&'static str, Vec<&'static str>, &'static [&'static str])> {
    SERVICES.iter().map(|service| {
        let operations = service.operations.iter();
        let operations = operations.map(|entry| entry.operation.name).collect();
        (service.name, operations, service.errors)
    })
}

services! {
    "security-ir" security_ir attache_security_ir
    operations {
        BatchGetMemberAccountDetailsRequest
        CancelMembershipRequest
        CloseCaseRequest
        CreateCaseRequest
        CreateCaseCommentRequest
        CreateMembershipRequest
        GetCaseRequest
        GetCaseAttachmentDownloadUrlRequest
        GetCaseAttachmentUploadUrlRequest
        GetFindingMetricsRequest
        GetMembershipRequest
        ListCaseEditsRequest
        ListCasesRequest
        ListCommentsRequest
        ListInvestigationsRequest
        ListMembershipsRequest
        ListTagsForResourceRequest
        SendFeedbackRequest
        TagResourceRequest
        UntagResourceRequest
        UpdateCaseRequest
        UpdateCaseCommentRequest
        UpdateCaseStatusRequest
        UpdateMembershipRequest
        UpdateResolverTypeRequest
    }
    errors {
        AccessDeniedException
        ConflictException
        InternalServerException
        InvalidTokenException
        ResourceNotFoundException
        SecurityIncidentResponseNotActiveException
        ServiceQuotaExceededException
        ThrottlingException
        ValidationException
    }
    "support" support attache_support
    operations {
        AddAttachmentsToSetRequest
        AddCommunicationToCaseRequest
        CompleteAttachmentUploadRequest
        CreateCaseRequest
        DescribeAttachmentRequest
        DescribeAttachmentUploadStatusRequest
        DescribeCasesRequest
        DescribeCommunicationsRequest
        DescribeCreateCaseOptionsRequest
        DescribeServicesRequest
        DescribeSeverityLevelsRequest
        DescribeSupportedLanguagesRequest
        DescribeTrustedAdvisorCheckRefreshStatusesRequest
        DescribeTrustedAdvisorCheckResultRequest
        DescribeTrustedAdvisorCheckSummariesRequest
        DescribeTrustedAdvisorChecksRequest
        GetAttachmentDownloadLinkRequest
        GetAttachmentUploadLinksRequest
        RefreshTrustedAdvisorCheckRequest
        ResolveCaseRequest
    }
    errors {
        AttachmentIdNotFound
        AttachmentLimitExceeded
        AttachmentSetExpired
        AttachmentSetIdNotFound
        AttachmentSetSizeLimitExceeded
        CaseCreationLimitExceeded
        CaseIdNotFound
        DescribeAttachmentLimitExceeded
        DryRunOperationException
        InternalServerError
        ThrottlingException
        UploadIdNotFound
    }
}
