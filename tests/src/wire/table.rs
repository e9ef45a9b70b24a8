//! The operations and errors of the two services, by name.
//!
//! A client knows its operations as types, a question as names; this table leads from one to the other. It is written
//! by hand, so a test holds it against the models: an operation that is missing here would be missing in every
//! comparison.

use super::entries::{Service, services};

pub(super) fn service(name: &str) -> Option<&'static Service> {
    SERVICES.iter().find(|service| service.name == name)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::Value;

    use super::{SERVICES, Service};

    /// The names of the shapes of a model that a predicate picks.
    fn shapes(service: &str, pick: impl Fn(&Value) -> bool) -> BTreeSet<String> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../models")
            .join(service)
            .join("model.json");
        let text = std::fs::read_to_string(&path).expect("the model can be read");
        let model: Value = serde_json::from_str(&text).expect("the model is JSON");
        let shapes = model["shapes"].as_object().expect("a model has shapes");
        shapes
            .iter()
            .filter(|(_, shape)| pick(shape))
            .filter_map(|(id, _)| Some(id.split_once('#')?.1.to_owned()))
            .collect()
    }

    fn names<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
        names.map(str::to_owned).collect()
    }

    #[test]
    fn every_service_that_has_a_model_is_in_the_table() {
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
        let folders = std::fs::read_dir(models)
            .expect("there are models")
            .map(|entry| entry.expect("an entry of the folder can be read").path())
            .filter(|path| path.join("model.json").exists())
            .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
            .collect::<BTreeSet<String>>();
        assert_eq!(names(SERVICES.iter().map(|service| service.name)), folders);
    }

    #[test]
    fn every_operation_and_error_of_the_models_is_in_the_table() {
        for Service {
            name,
            operations,
            errors,
        } in SERVICES
        {
            assert_eq!(
                names(operations.iter().map(|entry| entry.operation.name)),
                shapes(name, |shape| shape["type"] == "operation"),
                "operations of {name}"
            );
            assert_eq!(
                names(errors.iter().copied()),
                shapes(name, |shape| !shape["traits"]["smithy.api#error"].is_null()),
                "errors of {name}"
            );
        }
    }
}
