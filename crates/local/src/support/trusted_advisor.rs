//! Trusted Advisor: a few checks, their results, and refreshing them.
//!
//! A refresh goes from `enqueued` to `processing` to `success` as time passes, and a check can be refreshed again five
//! minutes after that was asked for.

use attache_runtime::TimestampFormat;

use super::{Result, Support, invalid_parameter};
use crate::api::support::operation as op;
use crate::api::support::types::{
    TrustedAdvisorCategorySpecificSummary, TrustedAdvisorCheckDescription,
    TrustedAdvisorCheckRefreshStatus, TrustedAdvisorCheckResult, TrustedAdvisorCheckSummary,
    TrustedAdvisorCostOptimizingSummary, TrustedAdvisorResourceDetail,
    TrustedAdvisorResourcesSummary,
};

/// How long a check waits, and how long it takes, in milliseconds.
const ENQUEUED: i64 = 1_000;
const PROCESSING: i64 = 2_000;
/// How long it takes until a check can be refreshed again, in milliseconds.
const PAUSE: i64 = 5 * 60 * 1_000;

struct Check {
    id: &'static str,
    name: &'static str,
    category: &'static str,
    description: &'static str,
    metadata: &'static [&'static str],
    status: &'static str,
    /// Region, resource and status of what it found.
    flagged: &'static [(&'static str, &'static str, &'static str)],
    savings: Option<(f64, f64)>,
    /// Whether the service refreshes it by itself, so that nobody else may.
    is_automatic: bool,
}

const CHECKS: &[Check] = &[
    Check {
        id: "Qch7DwouX1",
        name: "Low Utilization Amazon EC2 Instances",
        category: "cost_optimizing",
        description: "Instances that had little to do during the last two weeks.",
        metadata: &["Region/AZ", "Instance ID", "Estimated Monthly Savings"],
        status: "warning",
        flagged: &[("us-east-1", "i-0123456789abcdef0", "warning")],
        savings: Some((42.5, 12.0)),
        is_automatic: false,
    },
    Check {
        id: "Pfx0RwqBli",
        name: "Amazon S3 Bucket Permissions",
        category: "security",
        description: "Buckets that anybody may read or write.",
        metadata: &["Region", "Bucket Name", "Status"],
        status: "error",
        flagged: &[
            ("eu-central-1", "arn:aws:s3:::open-bucket", "error"),
            ("us-east-1", "arn:aws:s3:::shared-bucket", "warning"),
        ],
        savings: None,
        is_automatic: false,
    },
    Check {
        id: "7DAFEmoDos",
        name: "MFA on Root Account",
        category: "security",
        description: "Whether the root user signs in with a second factor.",
        metadata: &["Status"],
        status: "ok",
        flagged: &[],
        savings: None,
        is_automatic: false,
    },
    Check {
        id: "0t121N1Ty3",
        name: "AWS Direct Connect Connection Redundancy",
        category: "fault_tolerance",
        description: "Regions with one connection only.",
        metadata: &["Status", "Region"],
        status: "ok",
        flagged: &[],
        savings: None,
        is_automatic: true,
    },
];

fn find(id: &str) -> Result<&'static Check> {
    CHECKS.iter().find(|check| check.id == id).ok_or_else(|| {
        invalid_parameter(format!("Value `{id}` for parameter `checkId` is invalid."))
    })
}

/// A check that may be refreshed.
fn refreshable(id: &str) -> Result<&'static Check> {
    let check = find(id)?;
    match check.is_automatic {
        true => Err(invalid_parameter(format!(
            "The check {id} is refreshed automatically: its refresh can neither be asked for nor described."
        ))),
        false => Ok(check),
    }
}

/// Each of the ids, none of which may be null.
fn each(ids: &Option<Vec<Option<String>>>) -> impl Iterator<Item = Result<&str>> {
    ids.iter().flatten().map(|id| {
        id.as_deref()
            .ok_or_else(|| invalid_parameter("Value for parameter `checkIds` must not be null."))
    })
}

pub(super) fn checks() -> op::DescribeTrustedAdvisorChecksResponse {
    let checks = CHECKS.iter().map(|check| TrustedAdvisorCheckDescription {
        category: check.category.to_owned(),
        description: check.description.to_owned(),
        id: check.id.to_owned(),
        metadata: check
            .metadata
            .iter()
            .map(|name| Some((*name).to_owned()))
            .collect(),
        name: check.name.to_owned(),
    });
    op::DescribeTrustedAdvisorChecksResponse {
        checks: checks.collect(),
    }
}

impl Check {
    fn category_summary(&self) -> TrustedAdvisorCategorySpecificSummary {
        TrustedAdvisorCategorySpecificSummary {
            cost_optimizing: self.savings.map(|(monthly, percent)| {
                TrustedAdvisorCostOptimizingSummary {
                    estimated_monthly_savings: monthly,
                    estimated_percent_monthly_savings: percent,
                }
            }),
        }
    }

    fn resources_summary(&self) -> TrustedAdvisorResourcesSummary {
        let flagged = i64::try_from(self.flagged.len()).unwrap_or_default();
        TrustedAdvisorResourcesSummary {
            resources_flagged: flagged,
            resources_ignored: 0,
            resources_processed: flagged + 5,
            resources_suppressed: 0,
        }
    }

    fn flagged_resources(&self) -> Vec<TrustedAdvisorResourceDetail> {
        self.flagged
            .iter()
            .map(|(region, resource, status)| {
                // A column that says nothing about a resource is null.
                let columns = self.metadata.iter().map(|column| match *column {
                    "Region" | "Region/AZ" => Some((*region).to_owned()),
                    "Status" => Some((*status).to_owned()),
                    "Bucket Name" | "Instance ID" => Some((*resource).to_owned()),
                    _ => None,
                });
                TrustedAdvisorResourceDetail {
                    is_suppressed: false,
                    metadata: columns.collect(),
                    region: Some((*region).to_owned()),
                    resource_id: (*resource).to_owned(),
                    status: (*status).to_owned(),
                }
            })
            .collect()
    }
}

impl Support {
    pub(super) fn check_result(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckResultRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckResultResponse> {
        let check = find(&request.check_id.unwrap_or_default())?;
        Ok(op::DescribeTrustedAdvisorCheckResultResponse {
            result: Some(TrustedAdvisorCheckResult {
                category_specific_summary: check.category_summary(),
                check_id: check.id.to_owned(),
                flagged_resources: check.flagged_resources(),
                resources_summary: check.resources_summary(),
                status: check.status.to_owned(),
                timestamp: self.checked_at(check),
            }),
        })
    }

    pub(super) fn check_summaries(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckSummariesRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckSummariesResponse> {
        let summaries = each(&request.check_ids).map(|id| {
            let check = find(id?)?;
            Ok(TrustedAdvisorCheckSummary {
                category_specific_summary: check.category_summary(),
                check_id: check.id.to_owned(),
                has_flagged_resources: !check.flagged.is_empty(),
                resources_summary: check.resources_summary(),
                status: check.status.to_owned(),
                timestamp: self.checked_at(check),
            })
        });
        Ok(op::DescribeTrustedAdvisorCheckSummariesResponse {
            summaries: summaries.collect::<Result<_>>()?,
        })
    }

    /// When a check was last looked at: at its refresh, or now.
    fn checked_at(&self, check: &Check) -> String {
        let refreshed = self.refreshes.get(check.id).copied();
        refreshed
            .unwrap_or_else(|| self.now())
            .format(TimestampFormat::DateTime)
    }

    pub(super) fn refresh_statuses(
        &mut self,
        request: op::DescribeTrustedAdvisorCheckRefreshStatusesRequest,
    ) -> Result<op::DescribeTrustedAdvisorCheckRefreshStatusesResponse> {
        let statuses =
            each(&request.check_ids).map(|id| Ok(self.refresh_status(refreshable(id?)?)));
        Ok(op::DescribeTrustedAdvisorCheckRefreshStatusesResponse {
            statuses: statuses.collect::<Result<_>>()?,
        })
    }

    fn refresh_status(&self, check: &Check) -> TrustedAdvisorCheckRefreshStatus {
        let age = self
            .refreshes
            .get(check.id)
            .map(|asked| crate::clock::milliseconds_between(self.now(), *asked));
        let status = match age {
            None => "none",
            Some(age) if age < ENQUEUED => "enqueued",
            Some(age) if age < ENQUEUED + PROCESSING => "processing",
            Some(_) => "success",
        };
        TrustedAdvisorCheckRefreshStatus {
            check_id: check.id.to_owned(),
            millis_until_next_refreshable: age.map_or(0, |age| (PAUSE - age).max(0)),
            status: status.to_owned(),
        }
    }

    /// Begins a refresh, unless it is too early for one: then it stays as it is.
    pub(super) fn refresh_check(
        &mut self,
        request: op::RefreshTrustedAdvisorCheckRequest,
    ) -> Result<op::RefreshTrustedAdvisorCheckResponse> {
        let check = refreshable(&request.check_id.unwrap_or_default())?;
        if self.refresh_status(check).millis_until_next_refreshable == 0 {
            let now = self.now();
            self.refreshes.insert(check.id, now);
        }
        Ok(op::RefreshTrustedAdvisorCheckResponse {
            status: self.refresh_status(check),
        })
    }
}
