//! The function for each operation.

use super::{Result, SecurityIr};
use crate::api::security_ir::{Handler, operation as op};

impl Handler for SecurityIr {
    fn batch_get_member_account_details(
        &mut self,
        request: op::BatchGetMemberAccountDetailsRequest,
    ) -> Result<op::BatchGetMemberAccountDetailsResponse> {
        self.member_details(request)
    }

    fn cancel_membership(
        &mut self,
        request: op::CancelMembershipRequest,
    ) -> Result<op::CancelMembershipResponse> {
        self.cancel(request)
    }

    fn close_case(&mut self, request: op::CloseCaseRequest) -> Result<op::CloseCaseResponse> {
        self.close(request)
    }

    fn create_case(&mut self, request: op::CreateCaseRequest) -> Result<op::CreateCaseResponse> {
        self.open_case(request)
    }

    fn create_case_comment(
        &mut self,
        request: op::CreateCaseCommentRequest,
    ) -> Result<op::CreateCaseCommentResponse> {
        self.comment(request)
    }

    fn create_membership(
        &mut self,
        request: op::CreateMembershipRequest,
    ) -> Result<op::CreateMembershipResponse> {
        self.join(request)
    }

    fn get_case(&mut self, request: op::GetCaseRequest) -> Result<op::GetCaseResponse> {
        self.show_case(request)
    }

    fn get_case_attachment_download_url(
        &mut self,
        request: op::GetCaseAttachmentDownloadUrlRequest,
    ) -> Result<op::GetCaseAttachmentDownloadUrlResponse> {
        self.download_url(request)
    }

    fn get_case_attachment_upload_url(
        &mut self,
        request: op::GetCaseAttachmentUploadUrlRequest,
    ) -> Result<op::GetCaseAttachmentUploadUrlResponse> {
        self.upload_url(request)
    }

    fn get_finding_metrics(
        &mut self,
        request: op::GetFindingMetricsRequest,
    ) -> Result<op::GetFindingMetricsResponse> {
        self.metrics(request)
    }

    fn get_membership(
        &mut self,
        request: op::GetMembershipRequest,
    ) -> Result<op::GetMembershipResponse> {
        self.show_membership(request)
    }

    fn list_case_edits(
        &mut self,
        request: op::ListCaseEditsRequest,
    ) -> Result<op::ListCaseEditsResponse> {
        self.edits_of(request)
    }

    fn list_cases(&mut self, request: op::ListCasesRequest) -> Result<op::ListCasesResponse> {
        self.cases_listed(request)
    }

    fn list_comments(
        &mut self,
        request: op::ListCommentsRequest,
    ) -> Result<op::ListCommentsResponse> {
        self.comments_of(request)
    }

    fn list_investigations(
        &mut self,
        request: op::ListInvestigationsRequest,
    ) -> Result<op::ListInvestigationsResponse> {
        self.investigations_of(request)
    }

    fn list_memberships(
        &mut self,
        request: op::ListMembershipsRequest,
    ) -> Result<op::ListMembershipsResponse> {
        self.memberships_listed(request)
    }

    fn list_tags_for_resource(
        &mut self,
        request: op::ListTagsForResourceRequest,
    ) -> Result<op::ListTagsForResourceResponse> {
        self.tags_of(request)
    }

    fn send_feedback(
        &mut self,
        request: op::SendFeedbackRequest,
    ) -> Result<op::SendFeedbackResponse> {
        self.feedback(request)
    }

    fn tag_resource(&mut self, request: op::TagResourceRequest) -> Result<op::TagResourceResponse> {
        self.tag(request)
    }

    fn untag_resource(
        &mut self,
        request: op::UntagResourceRequest,
    ) -> Result<op::UntagResourceResponse> {
        self.untag(request)
    }

    fn update_case(&mut self, request: op::UpdateCaseRequest) -> Result<op::UpdateCaseResponse> {
        self.change_case(request)
    }

    fn update_case_comment(
        &mut self,
        request: op::UpdateCaseCommentRequest,
    ) -> Result<op::UpdateCaseCommentResponse> {
        self.change_comment(request)
    }

    fn update_case_status(
        &mut self,
        request: op::UpdateCaseStatusRequest,
    ) -> Result<op::UpdateCaseStatusResponse> {
        self.change_status(request)
    }

    fn update_membership(
        &mut self,
        request: op::UpdateMembershipRequest,
    ) -> Result<op::UpdateMembershipResponse> {
        self.change_membership(request)
    }

    fn update_resolver_type(
        &mut self,
        request: op::UpdateResolverTypeRequest,
    ) -> Result<op::UpdateResolverTypeResponse> {
        self.change_resolver(request)
    }
}
