//! Memberships, the accounts that belong to them, and metrics of findings.

use super::{Membership, Result, SecurityIr, conflict, listed, not_allowed, not_found};
use crate::api::security_ir::enums::{
    CustomerType, MembershipAccountRelationshipStatus, MembershipAccountRelationshipType,
    MembershipStatus,
};
use crate::api::security_ir::operation as op;
use crate::api::security_ir::types::{
    GetMembershipAccountDetailError, GetMembershipAccountDetailItem, ListMembershipItem,
    MembershipAccountsConfigurations,
};
use crate::pages::newest_first;
use crate::wire::Refusal;

const DAY: i64 = 24 * 60 * 60;

fn cancelled(id: &str) -> Refusal {
    conflict("The membership is cancelled.", id, "membership")
}

impl SecurityIr {
    pub(super) fn join(
        &mut self,
        request: op::CreateMembershipRequest,
    ) -> Result<op::CreateMembershipResponse> {
        const OPERATION: &str = "CreateMembership";
        let token = request.client_token.clone();
        if let Some(membership_id) = self.made_before(OPERATION, token.as_deref(), &request)? {
            return Ok(op::CreateMembershipResponse { membership_id });
        }
        let active = self.memberships.values().find(|one| one.is_active());
        if let Some(active) = active {
            let id = &active.details.membership_id;
            let message = "The account has an active membership.";
            return Err(conflict(message, id, "membership"));
        }
        let id = self.begin_membership(request.clone());
        self.remember(OPERATION, token.as_deref(), &request, &id);
        Ok(op::CreateMembershipResponse { membership_id: id })
    }

    /// Begins a membership, and returns its ID.
    fn begin_membership(&mut self, request: op::CreateMembershipRequest) -> String {
        let number = self.next("membership");
        let id = format!(
            "m-{}",
            self.environment.identifier("membership", number, 16)
        );
        let settings = &self.environment.settings;
        let arn = self.arn(&format!("membership/{id}"));
        let accounts = 1 + settings.member_accounts.len();
        let details = op::GetMembershipResponse {
            account_id: Some(self.environment.account_id.clone()),
            customer_type: Some(match accounts {
                1 => CustomerType::Standalone,
                _ => CustomerType::Organization,
            }),
            incident_response_team: request.incident_response_team,
            membership_accounts_configurations: Some(MembershipAccountsConfigurations {
                cover_entire_organization: Some(request.cover_entire_organization.unwrap_or(false)),
                organizational_units: Some(Vec::new()),
            }),
            membership_activation_timestamp: Some(self.now()),
            membership_arn: Some(arn.clone()),
            membership_deactivation_timestamp: None,
            membership_id: id.clone(),
            membership_name: request.membership_name,
            membership_status: Some(MembershipStatus::Active),
            number_of_accounts_covered: i64::try_from(accounts).ok(),
            opt_in_features: request.opt_in_features,
            region: Some(self.environment.region.as_str().into()),
        };
        self.tags.insert(arn, request.tags.unwrap_or_default());
        self.memberships
            .insert(id.clone(), Membership { number, details });
        id
    }

    /// The initial data of an account in a region, if there has never been a membership.
    pub(crate) fn begin(&mut self) {
        if self.environment.settings.has_membership && self.memberships.values().next().is_none() {
            self.begin_membership(op::CreateMembershipRequest {
                membership_name: Some("Local".to_owned()),
                incident_response_team: Some(Vec::new()),
                cover_entire_organization: Some(true),
                ..op::CreateMembershipRequest::default()
            });
        }
    }

    fn membership(&self, id: &str) -> Result<&Membership> {
        let found = self.memberships.get(id);
        found.ok_or_else(|| not_found("membership", id))
    }

    fn membership_mut(&mut self, id: &str) -> Result<&mut Membership> {
        let found = self.memberships.get_mut(id);
        found.ok_or_else(|| not_found("membership", id))
    }

    pub(super) fn show_membership(
        &mut self,
        request: op::GetMembershipRequest,
    ) -> Result<op::GetMembershipResponse> {
        let id = request.membership_id.unwrap_or_default();
        Ok(self.membership(&id)?.details.clone())
    }

    pub(super) fn memberships_listed(
        &mut self,
        request: op::ListMembershipsRequest,
    ) -> Result<op::ListMembershipsResponse> {
        let mut memberships: Vec<&Membership> = self.memberships.values().collect();
        memberships.sort_by_key(|membership| std::cmp::Reverse(membership.number));
        let places = memberships
            .into_iter()
            .map(|membership| (newest_first(membership.number), membership.item()));
        let token = request.next_token.as_deref();
        let page = listed("memberships", places, token, request.max_results)?;
        Ok(op::ListMembershipsResponse {
            items: Some(page.items),
            next_token: page.next_token,
        })
    }

    pub(super) fn cancel(
        &mut self,
        request: op::CancelMembershipRequest,
    ) -> Result<op::CancelMembershipResponse> {
        let membership_id = request.membership_id.unwrap_or_default();
        let now = self.now();
        // Cancelling is idempotent: the time of the first one counts.
        if self.membership(&membership_id)?.is_active() {
            let details = &mut self.membership_mut(&membership_id)?.details;
            details.membership_status = Some(MembershipStatus::Cancelled);
            details.membership_deactivation_timestamp = Some(now);
        }
        Ok(op::CancelMembershipResponse { membership_id })
    }

    pub(super) fn change_membership(
        &mut self,
        request: op::UpdateMembershipRequest,
    ) -> Result<op::UpdateMembershipResponse> {
        let id = request.membership_id.unwrap_or_default();
        let is_active = self.membership(&id)?.is_active();
        let revokes = request.undo_membership_cancellation == Some(true);
        if revokes && !is_active && self.memberships.values().any(Membership::is_active) {
            return Err(conflict(
                "The account has another active membership.",
                &id,
                "membership",
            ));
        }
        if revokes && is_active {
            return Err(not_allowed("The membership is not cancelled."));
        }
        if !revokes && !is_active {
            return Err(cancelled(&id));
        }
        let details = &mut self.membership_mut(&id)?.details;
        if revokes {
            details.membership_status = Some(MembershipStatus::Active);
            details.membership_deactivation_timestamp = None;
        }
        if request.membership_name.is_some() {
            details.membership_name = request.membership_name;
        }
        if request.incident_response_team.is_some() {
            details.incident_response_team = request.incident_response_team;
        }
        if request.opt_in_features.is_some() {
            details.opt_in_features = request.opt_in_features;
        }
        if let Some(update) = request.membership_accounts_configurations_update {
            let configurations = details
                .membership_accounts_configurations
                .get_or_insert_default();
            if update.cover_entire_organization.is_some() {
                configurations.cover_entire_organization = update.cover_entire_organization;
            }
            let units = configurations.organizational_units.get_or_insert_default();
            let removed = update.organizational_units_to_remove.unwrap_or_default();
            units.retain(|unit| !removed.contains(unit));
            for unit in update.organizational_units_to_add.unwrap_or_default() {
                if !units.contains(&unit) {
                    units.push(unit);
                }
            }
        }
        Ok(op::UpdateMembershipResponse {})
    }

    pub(super) fn member_details(
        &mut self,
        request: op::BatchGetMemberAccountDetailsRequest,
    ) -> Result<op::BatchGetMemberAccountDetailsResponse> {
        self.membership(&request.membership_id.unwrap_or_default())?;
        let settings = &self.environment.settings;
        let own = &self.environment.account_id;
        let accounts = request.account_ids.unwrap_or_default();
        let (known, unknown): (Vec<String>, Vec<String>) = accounts
            .into_iter()
            .partition(|id| id == own || settings.member_accounts.contains(id));
        let items = known.into_iter().map(|id| GetMembershipAccountDetailItem {
            account_id: Some(id),
            relationship_status: Some(MembershipAccountRelationshipStatus::Associated),
            relationship_type: Some(MembershipAccountRelationshipType::Organization),
        });
        let errors = unknown
            .into_iter()
            .map(|id| GetMembershipAccountDetailError {
                message: format!("The account {id} does not belong to the membership."),
                account_id: id,
                error: "AccountNotFound".to_owned(),
            });
        Ok(op::BatchGetMemberAccountDetailsResponse {
            errors: Some(errors.collect()),
            items: Some(items.collect()),
        })
    }

    /// Numbers that depend on the length of the window only, and fit each other.
    pub(super) fn metrics(
        &mut self,
        request: op::GetFindingMetricsRequest,
    ) -> Result<op::GetFindingMetricsResponse> {
        self.membership(&request.membership_id.unwrap_or_default())?;
        let start = request.start_date.unwrap_or_default().epoch_seconds();
        let end = request.end_date.unwrap_or_default().epoch_seconds();
        let days = (end - start) / DAY + 1;
        Ok(op::GetFindingMetricsResponse {
            findings_escalated: days,
            findings_escalated_false_positive: 0,
            findings_escalated_in_progress: days.min(1),
            findings_ingested_guard_duty: 40 * days,
            findings_ingested_security_hub: 60 * days,
            findings_investigated: 5 * days,
            findings_investigated_false_positive: 3 * days,
            findings_investigated_in_progress: days,
            findings_triaged: 100 * days,
            findings_triaged_false_positive: 95 * days,
            findings_true_positive: days,
        })
    }
}

impl Membership {
    pub(super) fn is_active(&self) -> bool {
        self.details.membership_status == Some(MembershipStatus::Active)
    }

    fn item(&self) -> ListMembershipItem {
        let details = &self.details;
        ListMembershipItem {
            account_id: details.account_id.clone(),
            membership_arn: details.membership_arn.clone(),
            membership_id: details.membership_id.clone(),
            membership_status: details.membership_status.clone(),
            region: details.region.clone(),
        }
    }
}
