//! Trusted Advisor: the checks of the catalogue, their results, and refreshing them.
//!
//! Results are invented, always the same for a check, and have the form of recorded ones: as many cells as the check
//! has columns, resources with and without problems, savings in every summary.
//!
//! A refresh goes from `enqueued` to `processing` to `success` as time passes, and a check can be refreshed again five
//! minutes after the last request.

use std::borrow::Cow;

use super::times::whole_seconds;
use super::{Result, Support, invalid_parameter};
use crate::api::support::operation as op;
use crate::api::support::types::{
    TrustedAdvisorCategorySpecificSummary, TrustedAdvisorCheckDescription,
    TrustedAdvisorCheckRefreshStatus, TrustedAdvisorCheckResult, TrustedAdvisorCheckSummary,
    TrustedAdvisorCostOptimizingSummary, TrustedAdvisorResourceDetail,
    TrustedAdvisorResourcesSummary,
};
use crate::environment::{identifier, token};

/// How long a check is enqueued, and how long it is processed, in milliseconds.
const ENQUEUED: i64 = 1_000;
const PROCESSING: i64 = 2_000;
/// How long it takes until a check can be refreshed again, in milliseconds.
const PAUSE: i64 = 5 * 60 * 1_000;

/// The regions of resources.
const REGIONS: [&str; 3] = ["us-east-1", "eu-central-1", "ap-northeast-1"];
/// The monthly cost of an unnecessary resource, and its share of the total cost in percent.
const SAVINGS: (f64, f64) = (42.5, 12.0);
/// How many resources without problems are not listed.
const UNLISTED: usize = 5;

/// Checks that only the service itself refreshes: those of Direct Connect, as the documentation of the checks says.
const AUTOMATIC: [&str; 3] = ["0t121N1Ty3", "8M012Ph3U5", "4g3Nt5M1Th"];

/// A check: one of the catalogue, or any check of a lenient service.
type Check<'a> = Cow<'a, TrustedAdvisorCheckDescription>;

/// Each of the ids, none of which may be null.
fn each(ids: &Option<Vec<Option<String>>>) -> impl Iterator<Item = Result<&str>> {
    ids.iter().flatten().map(|id| {
        id.as_deref()
            .ok_or_else(|| invalid_parameter("Value for parameter `checkIds` must not be null."))
    })
}

/// The status of a resource, from the best to the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Health {
    Ok,
    Warning,
    Error,
}

impl Health {
    fn status(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The value of the column `Status`.
    fn colour(self) -> &'static str {
        match self {
            Self::Ok => "Green",
            Self::Warning => "Yellow",
            Self::Error => "Red",
        }
    }
}

/// The resources of a check: limits that are far away in every region, or up to three resources.
fn health(check: &TrustedAdvisorCheckDescription) -> &'static [Health] {
    use Health::{Error, Ok, Warning};

    if check.category == "service_limits" {
        return &[Ok, Ok, Ok];
    }
    // The first byte of a hash, in hexadecimal.
    match identifier(&check.id, 0, 1).as_str() {
        "0" | "1" | "2" | "3" => &[],
        "4" | "5" | "6" | "7" => &[Ok],
        "8" | "9" | "a" | "b" => &[Warning, Ok],
        _ => &[Error, Warning, Ok],
    }
}

/// The result of a check.
struct Findings {
    status: Health,
    flagged: usize,
    resources: Vec<TrustedAdvisorResourceDetail>,
    is_cost: bool,
}

impl Findings {
    fn of(check: &TrustedAdvisorCheckDescription) -> Self {
        let found = health(check);
        let resources = found.iter().zip(REGIONS).enumerate();
        Self {
            status: found.iter().copied().max().unwrap_or(Health::Ok),
            flagged: found.iter().filter(|health| **health != Health::Ok).count(),
            resources: resources
                .map(|(index, (health, region))| resource(check, index, *health, region))
                .collect(),
            is_cost: check.category == "cost_optimizing",
        }
    }

    fn category_summary(&self) -> TrustedAdvisorCategorySpecificSummary {
        // In recorded responses, checks of every category have it; only those of this category have savings.
        let (monthly, percent) = match self.is_cost && self.flagged > 0 {
            true => SAVINGS,
            false => (0.0, 0.0),
        };
        TrustedAdvisorCategorySpecificSummary {
            cost_optimizing: Some(TrustedAdvisorCostOptimizingSummary {
                estimated_monthly_savings: monthly * self.flagged as f64,
                estimated_percent_monthly_savings: percent,
            }),
        }
    }

    fn resources_summary(&self) -> TrustedAdvisorResourcesSummary {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        TrustedAdvisorResourcesSummary {
            resources_flagged: number(self.flagged),
            resources_ignored: 0,
            resources_processed: number(self.resources.len() + UNLISTED),
            resources_suppressed: 0,
        }
    }
}

fn resource(
    check: &TrustedAdvisorCheckDescription,
    index: usize,
    health: Health,
    region: &str,
) -> TrustedAdvisorResourceDetail {
    let columns = check.metadata.iter().map(Option::as_deref);
    let is_regional = columns
        .clone()
        .any(|column| matches!(column, Some("Region" | "Region/AZ")));
    let cells = columns.map(|column| {
        Some(match column? {
            "Region" => region.to_owned(),
            "Region/AZ" => format!("{region}a"),
            "Status" => health.colour().to_owned(),
            "Estimated Monthly Savings" => format!("${:.2}", SAVINGS.0),
            "Instance ID" => format!("i-{}", identifier(&check.id, index as u64, 17)),
            "Volume ID" => format!("vol-{}", identifier(&check.id, index as u64, 17)),
            "Service" => check.name.split(' ').next().unwrap_or_default().to_owned(),
            "Limit Name" => check.name.clone(),
            "Limit Amount" => "100".to_owned(),
            "Current Usage" => "3".to_owned(),
            // A column that does not apply to a resource is null.
            _ => return None,
        })
    });
    TrustedAdvisorResourceDetail {
        is_suppressed: false,
        metadata: cells.collect(),
        region: is_regional.then(|| region.to_owned()),
        resource_id: token(&check.id, index as u64, 43),
        status: health.status().to_owned(),
    }
}

impl Support {
    fn check(&self, id: &str) -> Result<Check<'_>> {
        if let Some(check) = self.environment.settings.catalogue.check(id) {
            return Ok(Cow::Borrowed(check));
        }
        match self.is_lenient() {
            true => Ok(Cow::Owned(TrustedAdvisorCheckDescription {
                category: String::new(),
                description: String::new(),
                id: id.to_owned(),
                metadata: Vec::new(),
                name: id.to_owned(),
            })),
            false => Err(invalid_parameter(format!(
                "Value `{id}` for parameter `checkId` is invalid."
            ))),
        }
    }

    /// A check that may be refreshed.
    fn refreshable(&self, id: &str) -> Result<Check<'_>> {
        let check = self.check(id)?;
        match AUTOMATIC.contains(&id) {
            true => Err(invalid_parameter(format!(
                "The check {id} is refreshed automatically: its refresh can neither be requested nor described."
            ))),
            false => Ok(check),
        }
    }

    pub(super) fn checks(&self) -> op::DescribeTrustedAdvisorChecksResponse {
        op::DescribeTrustedAdvisorChecksResponse {
            checks: self.environment.settings.catalogue.checks.clone(),
        }
    }

    pub(super) fn check_result(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckResultRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckResultResponse> {
        let check = self.check(request.check_id.as_deref().unwrap_or_default())?;
        let findings = Findings::of(&check);
        Ok(op::DescribeTrustedAdvisorCheckResultResponse {
            result: Some(TrustedAdvisorCheckResult {
                category_specific_summary: findings.category_summary(),
                check_id: check.id.clone(),
                resources_summary: findings.resources_summary(),
                status: findings.status.status().to_owned(),
                timestamp: self.checked_at(&check.id),
                flagged_resources: findings.resources,
            }),
        })
    }

    pub(super) fn check_summaries(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckSummariesRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckSummariesResponse> {
        let summaries = each(&request.check_ids).map(|id| {
            let check = self.check(id?)?;
            let findings = Findings::of(&check);
            Ok(TrustedAdvisorCheckSummary {
                category_specific_summary: findings.category_summary(),
                check_id: check.id.clone(),
                // In the examples of the AWS CLI, a listed resource without problems is counted.
                has_flagged_resources: !findings.resources.is_empty(),
                resources_summary: findings.resources_summary(),
                status: findings.status.status().to_owned(),
                timestamp: self.checked_at(&check.id),
            })
        });
        Ok(op::DescribeTrustedAdvisorCheckSummariesResponse {
            summaries: summaries.collect::<Result<_>>()?,
        })
    }

    /// When a check was last executed: at its refresh, or now.
    fn checked_at(&self, id: &str) -> String {
        let refreshed = self.refreshes.get(id).copied();
        whole_seconds(refreshed.unwrap_or_else(|| self.now()))
    }

    pub(super) fn refresh_statuses(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckRefreshStatusesRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckRefreshStatusesResponse> {
        let statuses =
            each(&request.check_ids).map(|id| Ok(self.refresh_status(&self.refreshable(id?)?.id)));
        Ok(op::DescribeTrustedAdvisorCheckRefreshStatusesResponse {
            statuses: statuses.collect::<Result<_>>()?,
        })
    }

    fn refresh_status(&self, id: &str) -> TrustedAdvisorCheckRefreshStatus {
        let age = self
            .refreshes
            .get(id)
            .map(|asked| crate::clock::milliseconds_between(self.now(), *asked));
        let status = match age {
            None => "none",
            Some(age) if age < ENQUEUED => "enqueued",
            Some(age) if age < ENQUEUED + PROCESSING => "processing",
            Some(_) => "success",
        };
        TrustedAdvisorCheckRefreshStatus {
            check_id: id.to_owned(),
            millis_until_next_refreshable: age.map_or(0, |age| (PAUSE - age).max(0)),
            status: status.to_owned(),
        }
    }

    /// Begins a refresh, unless it is too early for one: then it stays as it is.
    pub(super) fn refresh_check(
        &mut self,
        request: op::RefreshTrustedAdvisorCheckRequest,
    ) -> Result<op::RefreshTrustedAdvisorCheckResponse> {
        let id = self
            .refreshable(request.check_id.as_deref().unwrap_or_default())?
            .id
            .clone();
        if self.refresh_status(&id).millis_until_next_refreshable == 0 {
            let now = self.now();
            self.refreshes.insert(&id, now);
        }
        Ok(op::RefreshTrustedAdvisorCheckResponse {
            status: self.refresh_status(&id),
        })
    }
}
