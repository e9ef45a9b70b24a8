//! The investigations of AWS for supported cases, and the feedback on them.

use super::{Result, SecurityIr, listed, not_found};
use crate::api::security_ir::enums::{ActionType, ExecutionStatus};
use crate::api::security_ir::operation as op;
use crate::api::security_ir::types::{InvestigationAction, InvestigationFeedback};
use crate::pages::newest_first;

impl SecurityIr {
    /// Begins the investigations of a case: one collects evidence, one writes a summary.
    pub(super) fn investigate(&mut self, case_id: &str) {
        let steps = [
            (
                ActionType::Evidence,
                "Collect evidence",
                "Events of the reported accounts.",
            ),
            (
                ActionType::Summarization,
                "Summarize findings",
                "**Nothing unusual** was found.",
            ),
        ];
        for (action_type, title, content) in steps {
            self.add_investigation(case_id, action_type, title, content);
        }
    }

    /// Adds one step, and returns its ID.
    pub(crate) fn add_investigation(
        &mut self,
        case_id: &str,
        action_type: ActionType,
        title: &str,
        content: &str,
    ) -> String {
        let number = self.next("investigation");
        let id = format!(
            "inv-{}",
            self.environment.identifier("investigation", number, 16)
        );
        let action = InvestigationAction {
            action_type,
            content: content.to_owned(),
            feedback: None,
            investigation_id: id.clone(),
            last_updated: self.now(),
            status: ExecutionStatus::Completed,
            title: title.to_owned(),
        };
        let key = format!("{case_id}/{}", newest_first(number));
        self.investigations.insert(key, action);
        id
    }

    pub(super) fn investigations_of(
        &mut self,
        request: op::ListInvestigationsRequest,
    ) -> Result<op::ListInvestigationsResponse> {
        let case_id = request.case_id.unwrap_or_default();
        self.case(&case_id)?;
        let prefix = format!("{case_id}/");
        let actions = self
            .investigations
            .below(&prefix)
            .map(|(key, action)| (key.to_owned(), action.clone()));
        let list = format!("investigations {case_id}");
        let token = request.next_token.as_deref();
        let page = listed(&list, actions, token, request.max_results)?;
        Ok(op::ListInvestigationsResponse {
            investigation_actions: page.items,
            next_token: page.next_token,
        })
    }

    pub(super) fn feedback(
        &mut self,
        request: op::SendFeedbackRequest,
    ) -> Result<op::SendFeedbackResponse> {
        let case_id = request.case_id.unwrap_or_default();
        let result_id = request.result_id.unwrap_or_default();
        self.case(&case_id)?;
        let prefix = format!("{case_id}/");
        let key = self
            .investigations
            .below(&prefix)
            .find(|(_, action)| action.investigation_id == result_id)
            .map(|(key, _)| key.to_owned());
        let now = self.now();
        let action = key.and_then(|key| self.investigations.get_mut(&key));
        let action = action.ok_or_else(|| not_found("investigation", &result_id))?;
        action.feedback = Some(InvestigationFeedback {
            comment: request.comment,
            submitted_at: Some(now),
            usefulness: request.usefulness,
        });
        Ok(op::SendFeedbackResponse {})
    }
}
