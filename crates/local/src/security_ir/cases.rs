//! Cases: opening, showing and listing them.

use super::{Case, Result, SecurityIr, listed, not_found, quota_exceeded};
use crate::api::security_ir::enums::{CaseStatus, MembershipStatus, PendingAction, ResolverType};
use crate::api::security_ir::error::SecurityIncidentResponseNotActiveException;
use crate::api::security_ir::operation as op;
use crate::api::security_ir::types::{CaseEditItem, ListCasesItem};
use crate::pages::newest_first;

/// Before the number of the first case.
const FIRST_CASE: u64 = 1_000_000_000;
/// The numbers of cases that an account has in a region before those of another one could begin.
const CASES: u64 = 1_000_000;
/// How many accounts and regions can have numbers of their own. The numbers have ten digits.
const RANGES: u64 = 8_999;

impl SecurityIr {
    pub(super) fn open_case(
        &mut self,
        request: op::CreateCaseRequest,
    ) -> Result<op::CreateCaseResponse> {
        const OPERATION: &str = "CreateCase";
        let token = request.client_token.clone();
        if let Some(case_id) = self.made_before(OPERATION, token.as_deref(), &request)? {
            return Ok(op::CreateCaseResponse { case_id });
        }
        self.require_membership()?;
        let limit = self.environment.settings.limits.security_ir_open_cases;
        let open = self.cases.values().filter(|case| !case.is_closed()).count();
        if limit.is_some_and(|limit| open >= limit) {
            let account = &self.environment.account_id;
            let message = "You have reached the limit of open cases.";
            return Err(quota_exceeded(message, account, "case", "L-OPENCASES"));
        }
        let known = request.clone();
        let number = self.next("case");
        let case_id = format!("{}", self.first_case() + number);
        let now = self.now();
        let is_aws = request.resolver_type == Some(ResolverType::Aws);
        let arn = self.arn(&format!("case/{case_id}"));
        if let Some(tags) = request.tags {
            self.tags.insert(arn.clone(), tags);
        }
        let details = op::GetCaseResponse {
            case_arn: Some(arn),
            case_metadata: Some(Vec::new()),
            case_status: Some(CaseStatus::Submitted),
            created_date: Some(now),
            description: request.description,
            engagement_type: request.engagement_type,
            impacted_accounts: request.impacted_accounts,
            impacted_aws_regions: Some(request.impacted_aws_regions.unwrap_or_default()),
            impacted_services: Some(request.impacted_services.unwrap_or_default()),
            last_updated_date: Some(now),
            pending_action: Some(PendingAction::None),
            reported_incident_start_date: request.reported_incident_start_date,
            resolver_type: request.resolver_type,
            threat_actor_ip_addresses: Some(request.threat_actor_ip_addresses.unwrap_or_default()),
            title: request.title,
            watchers: request.watchers,
            ..op::GetCaseResponse::default()
        };
        let case = Case {
            number,
            id: case_id.clone(),
            details,
        };
        self.cases.insert(case_id.clone(), case);
        self.edit(&case_id, "Case Created", "The case was created.");
        if is_aws {
            self.investigate(&case_id);
        }
        self.remember(OPERATION, token.as_deref(), &known, &case_id);
        Ok(op::CreateCaseResponse { case_id })
    }

    /// Nothing can be opened without an active membership.
    /// Before the number of the first case of the account in the region.
    fn first_case(&self) -> u64 {
        let seed = self.environment.seed();
        if seed.is_empty() {
            return FIRST_CASE;
        }
        let letters = seed.bytes().map(u64::from);
        let hash = letters.fold(7, |hash: u64, letter| {
            hash.wrapping_mul(131).wrapping_add(letter)
        });
        FIRST_CASE + (1 + hash % RANGES) * CASES
    }

    /// Whether there is such a case.
    pub(crate) fn has_case(&self, id: &str) -> bool {
        self.cases.get(id).is_some()
    }

    fn require_membership(&self) -> Result<()> {
        let is_active =
            |status: &Option<MembershipStatus>| *status == Some(MembershipStatus::Active);
        if self
            .memberships
            .values()
            .any(|membership| is_active(&membership.details.membership_status))
        {
            return Ok(());
        }
        Err(SecurityIncidentResponseNotActiveException {
            message: "The account has no active membership: create one first.".to_owned(),
        }
        .into())
    }

    pub(super) fn case(&self, id: &str) -> Result<&Case> {
        self.cases.get(id).ok_or_else(|| not_found("case", id))
    }

    /// The case, to be changed: what is changed gets the time of it.
    pub(super) fn case_mut(&mut self, id: &str) -> Result<&mut Case> {
        let now = self.now();
        let case = self
            .cases
            .get_mut(id)
            .ok_or_else(|| not_found("case", id))?;
        case.details.last_updated_date = Some(now);
        Ok(case)
    }

    /// Writes down what was done to a case.
    pub(super) fn edit(&mut self, case_id: &str, action: &str, message: &str) {
        let number = self.next("edit");
        let item = CaseEditItem {
            action: Some(action.to_owned()),
            event_timestamp: Some(self.now()),
            message: Some(message.to_owned()),
            principal: Some(self.environment.principal()),
        };
        let key = format!("{case_id}/{}", newest_first(number));
        self.edits.insert(key, item);
    }

    pub(super) fn show_case(&mut self, request: op::GetCaseRequest) -> Result<op::GetCaseResponse> {
        let case_id = request.case_id.unwrap_or_default();
        let mut details = self.case(&case_id)?.details.clone();
        details.case_attachments = Some(self.attachments_of(&case_id));
        Ok(details)
    }

    pub(super) fn cases_listed(
        &mut self,
        request: op::ListCasesRequest,
    ) -> Result<op::ListCasesResponse> {
        let mut cases: Vec<&Case> = self.cases.values().collect();
        cases.sort_by_key(|case| std::cmp::Reverse(case.number));
        let total = i64::try_from(cases.len()).ok();
        let places = cases
            .into_iter()
            .map(|case| (newest_first(case.number), case.item()));
        let token = request.next_token.as_deref();
        let page = listed("cases", places, token, request.max_results)?;
        Ok(op::ListCasesResponse {
            items: Some(page.items),
            next_token: page.next_token,
            total,
        })
    }

    pub(super) fn edits_of(
        &mut self,
        request: op::ListCaseEditsRequest,
    ) -> Result<op::ListCaseEditsResponse> {
        let case_id = request.case_id.unwrap_or_default();
        self.case(&case_id)?;
        let prefix = format!("{case_id}/");
        let edits: Vec<(String, CaseEditItem)> = self
            .edits
            .below(&prefix)
            .map(|(key, edit)| (key.to_owned(), edit.clone()))
            .collect();
        let total = i32::try_from(edits.len()).ok();
        let list = format!("edits {case_id}");
        let token = request.next_token.as_deref();
        let page = listed(&list, edits.into_iter(), token, request.max_results)?;
        Ok(op::ListCaseEditsResponse {
            items: Some(page.items),
            next_token: page.next_token,
            total,
        })
    }
}

impl Case {
    pub(super) fn is_closed(&self) -> bool {
        self.details.case_status == Some(CaseStatus::Closed)
    }

    fn item(&self) -> ListCasesItem {
        let details = &self.details;
        ListCasesItem {
            case_arn: details.case_arn.clone(),
            case_id: self.id.clone(),
            case_status: details.case_status.clone(),
            closed_date: details.closed_date,
            created_date: details.created_date,
            engagement_type: details.engagement_type.clone(),
            last_updated_date: details.last_updated_date,
            pending_action: details.pending_action.clone(),
            resolver_type: details.resolver_type.clone(),
            title: details.title.clone(),
        }
    }
}
