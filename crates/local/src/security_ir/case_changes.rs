//! What happens to a case after it was opened: changes, the status machine, closing.

use super::{Result, SecurityIr, conflict, field_invalid, not_allowed};
use crate::api::security_ir::enums::{
    CaseStatus, ClosureCode, PendingAction, ResolverType, SelfManagedCaseStatus,
};
use crate::api::security_ir::operation as op;
use crate::wire::Refusal;

/// How many a case may have at most, as the model says of GetCase.
const ACCOUNTS: usize = 200;
const REGIONS: usize = 50;
const SERVICES: usize = 600;
const ADDRESSES: usize = 200;
const WATCHERS: usize = 30;

fn closed(id: &str) -> Refusal {
    conflict("The case is closed.", id, "case")
}

/// Whether a customer may move a case from one status to the other.
fn may_become(from: &CaseStatus, to: &SelfManagedCaseStatus) -> bool {
    use SelfManagedCaseStatus as To;

    matches!(
        (from, to),
        (CaseStatus::Submitted, To::DetectionAndAnalysis)
            | (
                CaseStatus::DetectionAndAnalysis,
                To::ContainmentEradicationAndRecovery | To::PostIncidentActivities
            )
            | (
                CaseStatus::ContainmentEradicationAndRecovery,
                To::DetectionAndAnalysis | To::PostIncidentActivities
            )
            | (
                CaseStatus::PostIncidentActivities,
                To::ContainmentEradicationAndRecovery | To::DetectionAndAnalysis
            )
    )
}

/// Adds and deletes elements, each of which occurs once.
fn change<T: Clone + PartialEq>(
    values: &mut Option<Vec<T>>,
    add: Option<Vec<T>>,
    delete: Option<Vec<T>>,
    limit: (usize, &str),
) -> Result<()> {
    let mut changed = values.clone().unwrap_or_default();
    let delete = delete.unwrap_or_default();
    changed.retain(|value| !delete.contains(value));
    for value in add.unwrap_or_default() {
        if !changed.contains(&value) {
            changed.push(value);
        }
    }
    let (limit, name) = limit;
    if changed.len() > limit {
        let message = format!("A case can have {limit} of these at most.");
        return Err(field_invalid(name, &message));
    }
    *values = Some(changed);
    Ok(())
}

/// Sets a value where there is a new one.
fn set<T>(value: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *value = new;
    }
}

impl SecurityIr {
    pub(super) fn change_case(
        &mut self,
        request: op::UpdateCaseRequest,
    ) -> Result<op::UpdateCaseResponse> {
        let case_id = request.case_id.unwrap_or_default();
        let case = self.case(&case_id)?;
        if case.is_closed() {
            return Err(closed(&case_id));
        }
        let mut details = case.details.clone();
        set(&mut details.title, request.title);
        set(&mut details.description, request.description);
        set(&mut details.engagement_type, request.engagement_type);
        set(
            &mut details.reported_incident_start_date,
            request.reported_incident_start_date,
        );
        set(
            &mut details.actual_incident_start_date,
            request.actual_incident_start_date,
        );
        set(&mut details.case_metadata, request.case_metadata);
        change(
            &mut details.watchers,
            request.watchers_to_add,
            request.watchers_to_delete,
            (WATCHERS, "watchersToAdd"),
        )?;
        change(
            &mut details.threat_actor_ip_addresses,
            request.threat_actor_ip_addresses_to_add,
            request.threat_actor_ip_addresses_to_delete,
            (ADDRESSES, "threatActorIpAddressesToAdd"),
        )?;
        change(
            &mut details.impacted_services,
            request.impacted_services_to_add,
            request.impacted_services_to_delete,
            (SERVICES, "impactedServicesToAdd"),
        )?;
        change(
            &mut details.impacted_aws_regions,
            request.impacted_aws_regions_to_add,
            request.impacted_aws_regions_to_delete,
            (REGIONS, "impactedAwsRegionsToAdd"),
        )?;
        change(
            &mut details.impacted_accounts,
            request.impacted_accounts_to_add,
            request.impacted_accounts_to_delete,
            (ACCOUNTS, "impactedAccountsToAdd"),
        )?;
        self.case_mut(&case_id)?.details = details;
        self.case_mut(&case_id)?;
        self.edit(&case_id, "Case Updated", "The case was updated.");
        Ok(op::UpdateCaseResponse {})
    }

    pub(super) fn change_status(
        &mut self,
        request: op::UpdateCaseStatusRequest,
    ) -> Result<op::UpdateCaseStatusResponse> {
        let case_id = request.case_id.unwrap_or_default();
        let wanted = request.case_status.unwrap_or_default();
        let case = self.case(&case_id)?;
        if case.is_closed() {
            return Err(closed(&case_id));
        }
        if case.details.resolver_type == Some(ResolverType::Aws) {
            return Err(not_allowed(
                "The status of a case that AWS supports is set by AWS; CloseCase closes it.",
            ));
        }
        let status = case.details.case_status.clone().unwrap_or_default();
        if !may_become(&status, &wanted) {
            return Err(not_allowed(&format!(
                "A case cannot go from `{status}` to `{wanted}`."
            )));
        }
        self.case_mut(&case_id)?.details.case_status = Some(wanted.as_str().into());
        let message = format!("The status went from {status} to {wanted}.");
        self.edit(&case_id, "Case Status Updated", &message);
        Ok(op::UpdateCaseStatusResponse {
            case_status: Some(wanted),
        })
    }

    pub(super) fn change_resolver(
        &mut self,
        request: op::UpdateResolverTypeRequest,
    ) -> Result<op::UpdateResolverTypeResponse> {
        let case_id = request.case_id.unwrap_or_default();
        let case = self.case(&case_id)?;
        if case.is_closed() {
            return Err(closed(&case_id));
        }
        let is_aws = case.details.resolver_type == Some(ResolverType::Aws);
        let to_aws = request.resolver_type == Some(ResolverType::Aws);
        if is_aws && !to_aws {
            return Err(not_allowed(
                "A case that AWS supports stays one: its resolver cannot be changed back.",
            ));
        }
        if to_aws && !is_aws {
            let details = &mut self.case_mut(&case_id)?.details;
            details.resolver_type = Some(ResolverType::Aws);
            details.case_status = Some(CaseStatus::Submitted);
            let message = "The case is supported by AWS from now on.";
            self.edit(&case_id, "Case Updated To Service Managed", message);
            self.investigate(&case_id);
        }
        let details = &self.case(&case_id)?.details;
        Ok(op::UpdateResolverTypeResponse {
            case_status: details.case_status.clone(),
            resolver_type: details.resolver_type.clone(),
            case_id,
        })
    }

    pub(super) fn close(&mut self, request: op::CloseCaseRequest) -> Result<op::CloseCaseResponse> {
        let case_id = request.case_id.unwrap_or_default();
        if self.case(&case_id)?.is_closed() {
            return Err(closed(&case_id));
        }
        let now = self.now();
        let details = &mut self.case_mut(&case_id)?.details;
        details.case_status = Some(CaseStatus::Closed);
        details.closed_date = Some(now);
        details.closure_code = Some(ClosureCode::InvestigationCompleted);
        details.pending_action = Some(PendingAction::None);
        self.edit(&case_id, "Case Closed", "The case was closed.");
        Ok(op::CloseCaseResponse {
            case_status: Some(CaseStatus::Closed),
            closed_date: Some(now),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::may_become;
    use crate::api::security_ir::enums::{CaseStatus, SelfManagedCaseStatus};

    #[test]
    fn the_status_machine_has_the_documented_seven_steps() {
        let steps = CaseStatus::VALUES.iter().flat_map(|from| {
            SelfManagedCaseStatus::VALUES
                .iter()
                .filter(|to| {
                    may_become(&CaseStatus::from(*from), &SelfManagedCaseStatus::from(**to))
                })
                .map(move |to| format!("{from} -> {to}"))
        });
        let mut steps: Vec<String> = steps.collect();
        steps.sort();
        let recovery = "Containment, Eradication and Recovery";
        let mut documented = [
            "Submitted -> Detection and Analysis".to_owned(),
            format!("Detection and Analysis -> {recovery}"),
            "Detection and Analysis -> Post-incident Activities".to_owned(),
            format!("{recovery} -> Detection and Analysis"),
            format!("{recovery} -> Post-incident Activities"),
            format!("Post-incident Activities -> {recovery}"),
            "Post-incident Activities -> Detection and Analysis".to_owned(),
        ];
        documented.sort();
        assert_eq!(steps, documented);
    }
}
