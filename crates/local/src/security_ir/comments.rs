//! Comments on cases.

use super::{Result, SecurityIr, conflict, listed, not_found, quota_exceeded};
use crate::api::security_ir::operation as op;
use crate::api::security_ir::types::ListCommentsItem;

/// Comments have numbers of six digits.
const COMMENTS: u64 = 999_999;

impl SecurityIr {
    pub(super) fn comment(
        &mut self,
        request: op::CreateCaseCommentRequest,
    ) -> Result<op::CreateCaseCommentResponse> {
        const OPERATION: &str = "CreateCaseComment";
        let token = request.client_token.clone();
        if let Some(comment_id) = self.made_before(OPERATION, token.as_deref(), &request)? {
            return Ok(op::CreateCaseCommentResponse { comment_id });
        }
        let case_id = request.case_id.clone().unwrap_or_default();
        if self.case(&case_id)?.is_closed() {
            return Err(conflict("The case is closed.", &case_id, "case"));
        }
        let number = self.next(&format!("comment {case_id}"));
        if number > COMMENTS {
            let message = "The case has as many comments as it can have.";
            return Err(quota_exceeded(message, &case_id, "comment", "L-COMMENTS"));
        }
        let comment_id = format!("{number:06}");
        let now = self.now();
        let principal = self.environment.principal();
        let item = ListCommentsItem {
            body: request.body.clone(),
            comment_id: comment_id.clone(),
            created_date: Some(now),
            creator: Some(principal.clone()),
            last_updated_by: Some(principal),
            last_updated_date: Some(now),
        };
        self.comments
            .insert(format!("{case_id}/{comment_id}"), item);
        self.case_mut(&case_id)?;
        let message = format!("The comment {comment_id} was added.");
        self.edit(&case_id, "Case Comment Added", &message);
        self.remember(OPERATION, token.as_deref(), &request, &comment_id);
        Ok(op::CreateCaseCommentResponse { comment_id })
    }

    pub(super) fn change_comment(
        &mut self,
        request: op::UpdateCaseCommentRequest,
    ) -> Result<op::UpdateCaseCommentResponse> {
        let case_id = request.case_id.unwrap_or_default();
        let comment_id = request.comment_id.unwrap_or_default();
        if self.case(&case_id)?.is_closed() {
            return Err(conflict("The case is closed.", &case_id, "case"));
        }
        let now = self.now();
        let principal = self.environment.principal();
        let comment = self.comments.get_mut(&format!("{case_id}/{comment_id}"));
        let comment = comment.ok_or_else(|| not_found("comment", &comment_id))?;
        comment.body = request.body;
        comment.last_updated_by = Some(principal);
        comment.last_updated_date = Some(now);
        let body = comment.body.clone();
        self.case_mut(&case_id)?;
        let message = format!("The comment {comment_id} was updated.");
        self.edit(&case_id, "Case Comment Updated", &message);
        Ok(op::UpdateCaseCommentResponse { body, comment_id })
    }

    pub(super) fn comments_of(
        &mut self,
        request: op::ListCommentsRequest,
    ) -> Result<op::ListCommentsResponse> {
        let case_id = request.case_id.unwrap_or_default();
        self.case(&case_id)?;
        let prefix = format!("{case_id}/");
        let comments: Vec<(String, ListCommentsItem)> = self
            .comments
            .below(&prefix)
            .map(|(key, comment)| (key.to_owned(), comment.clone()))
            .collect();
        let total = i32::try_from(comments.len()).ok();
        let list = format!("comments {case_id}");
        let token = request.next_token.as_deref();
        let page = listed(&list, comments.into_iter(), token, request.max_results)?;
        Ok(op::ListCommentsResponse {
            items: Some(page.items),
            next_token: page.next_token,
            total,
        })
    }
}
