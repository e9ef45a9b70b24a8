//! The generated requests by the name of their operation, made from JSON.

use attache_runtime::operation::Request;
use attache_runtime::validation::Level;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A violation as both sides tell it: the path and the kind.
pub(crate) type Verdict = Vec<(String, String)>;

/// The levels, all of them.
pub(crate) const LEVELS: [Level; 4] = [
    Level::Off,
    Level::Structural,
    Level::Documented,
    Level::Strict,
];

/// A verdict at each level, with the number of violations that validation counts.
pub(crate) type Judgement = [(Verdict, u64); 4];

/// What the generated validation says; `Err` where the type cannot hold the request.
pub(crate) fn judge(service: &str, operation: &str, request: &Value) -> Result<Judgement, String> {
    match service {
        "support" => support(operation, request),
        _ => security_ir(operation, request),
    }
}

fn run<R: Request + DeserializeOwned>(request: &Value) -> Result<Judgement, String> {
    let request = R::deserialize(request).map_err(|error| error.to_string())?;
    Ok(LEVELS.map(|level| verdict(&request, level)))
}

fn verdict(request: &impl Request, level: Level) -> (Verdict, u64) {
    match request.validate(level) {
        Ok(()) => (Vec::new(), 0),
        Err(violations) => {
            let count = violations.count();
            let verdict = violations
                .iter()
                .map(|violation| {
                    (
                        violation.path().to_owned(),
                        format!("{:?}", violation.constraint()),
                    )
                })
                .collect();
            (verdict, count)
        }
    }
}

macro_rules! requests {
    ($function:ident, $module:path, $($operation:literal => $request:ident,)*) => {
        fn $function(operation: &str, request: &Value) -> Result<Judgement, String> {
            use $module as operations;

            match operation {
                $($operation => run::<operations::$request>(request),)*
                other => panic!("the table of requests lacks {other}"),
            }
        }
    };
}

requests! {
    support,
    attache_support::operation,
    "AddAttachmentsToSet" => AddAttachmentsToSetRequest,
    "AddCommunicationToCase" => AddCommunicationToCaseRequest,
    "CompleteAttachmentUpload" => CompleteAttachmentUploadRequest,
    "CreateCase" => CreateCaseRequest,
    "DescribeAttachment" => DescribeAttachmentRequest,
    "DescribeAttachmentUploadStatus" => DescribeAttachmentUploadStatusRequest,
    "DescribeCases" => DescribeCasesRequest,
    "DescribeCommunications" => DescribeCommunicationsRequest,
    "DescribeCreateCaseOptions" => DescribeCreateCaseOptionsRequest,
    "DescribeServices" => DescribeServicesRequest,
    "DescribeSeverityLevels" => DescribeSeverityLevelsRequest,
    "DescribeSupportedLanguages" => DescribeSupportedLanguagesRequest,
    "DescribeTrustedAdvisorCheckRefreshStatuses" => DescribeTrustedAdvisorCheckRefreshStatusesRequest,
    "DescribeTrustedAdvisorCheckResult" => DescribeTrustedAdvisorCheckResultRequest,
    "DescribeTrustedAdvisorCheckSummaries" => DescribeTrustedAdvisorCheckSummariesRequest,
    "DescribeTrustedAdvisorChecks" => DescribeTrustedAdvisorChecksRequest,
    "GetAttachmentDownloadLink" => GetAttachmentDownloadLinkRequest,
    "GetAttachmentUploadLinks" => GetAttachmentUploadLinksRequest,
    "RefreshTrustedAdvisorCheck" => RefreshTrustedAdvisorCheckRequest,
    "ResolveCase" => ResolveCaseRequest,
}

requests! {
    security_ir,
    attache_security_ir::operation,
    "BatchGetMemberAccountDetails" => BatchGetMemberAccountDetailsRequest,
    "CancelMembership" => CancelMembershipRequest,
    "CloseCase" => CloseCaseRequest,
    "CreateCase" => CreateCaseRequest,
    "CreateCaseComment" => CreateCaseCommentRequest,
    "CreateMembership" => CreateMembershipRequest,
    "GetCase" => GetCaseRequest,
    "GetCaseAttachmentDownloadUrl" => GetCaseAttachmentDownloadUrlRequest,
    "GetCaseAttachmentUploadUrl" => GetCaseAttachmentUploadUrlRequest,
    "GetFindingMetrics" => GetFindingMetricsRequest,
    "GetMembership" => GetMembershipRequest,
    "ListCaseEdits" => ListCaseEditsRequest,
    "ListCases" => ListCasesRequest,
    "ListComments" => ListCommentsRequest,
    "ListInvestigations" => ListInvestigationsRequest,
    "ListMemberships" => ListMembershipsRequest,
    "ListTagsForResource" => ListTagsForResourceRequest,
    "SendFeedback" => SendFeedbackRequest,
    "TagResource" => TagResourceRequest,
    "UntagResource" => UntagResourceRequest,
    "UpdateCase" => UpdateCaseRequest,
    "UpdateCaseComment" => UpdateCaseCommentRequest,
    "UpdateCaseStatus" => UpdateCaseStatusRequest,
    "UpdateMembership" => UpdateMembershipRequest,
    "UpdateResolverType" => UpdateResolverTypeRequest,
}
