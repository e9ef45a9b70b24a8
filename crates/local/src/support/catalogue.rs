//! What Support offers: the operations that show the catalogue, and the checks of codes against it.
//!
//! A lenient service accepts any code, as moto does.

use std::time::Duration;

use attache_runtime::Timestamp;

use super::times::offset_date_time;
use super::{Result, Support, invalid_parameter};
use crate::api::support::operation as op;
use crate::api::support::types::{CommunicationTypeOptions, DateInterval, SupportedHour};
use crate::catalogue::Catalogue;
use crate::clock::after;

const ISSUE_TYPES: [&str; 2] = ["customer-service", "technical"];
/// The default service and category of a case.
const DEFAULT_SERVICE: &str = "general-info";
const DEFAULT_CATEGORY: &str = "general-guidance";
/// Languages in which support is not available at all hours.
const BEST_EFFORT: [&str; 4] = ["es", "fr", "pt", "tr"];

fn invalid(parameter: &str, value: &str) -> crate::wire::Refusal {
    invalid_parameter(format!(
        "Value `{value}` for parameter `{parameter}` is invalid."
    ))
}

impl Support {
    fn catalogue(&self) -> &Catalogue {
        &self.environment.settings.catalogue
    }

    pub(super) fn is_lenient(&self) -> bool {
        self.environment.settings.is_lenient
    }

    /// The service and the category of a case; general information by default.
    pub(super) fn validate_service(
        &self,
        service: Option<&str>,
        category: Option<&str>,
    ) -> Result<(String, String)> {
        let catalogue = self.catalogue();
        // A catalogue of the user may lack the default one.
        let first = || catalogue.services.first()?.code.as_deref();
        let default = match catalogue.service(DEFAULT_SERVICE) {
            Some(_) => DEFAULT_SERVICE,
            None => first().unwrap_or(DEFAULT_SERVICE),
        };
        let service_code = service.unwrap_or(default);
        let known = catalogue.service(service_code);
        let mut categories = known
            .and_then(|service| service.categories.as_ref())
            .into_iter()
            .flatten()
            .filter_map(|category| category.code.as_deref());
        let category_code =
            category.unwrap_or_else(|| categories.clone().next().unwrap_or(DEFAULT_CATEGORY));
        if !self.is_lenient() {
            if known.is_none() {
                return Err(invalid("serviceCode", service_code));
            }
            if category.is_some() && !categories.any(|code| code == category_code) {
                return Err(invalid("categoryCode", category_code));
            }
        }
        Ok((service_code.to_owned(), category_code.to_owned()))
    }

    pub(super) fn validate_severity(&self, severity: Option<&str>) -> Result<String> {
        let levels = &self.catalogue().severity_levels;
        let lowest = levels.first().and_then(|level| level.code.as_deref());
        let code = severity.or(lowest).unwrap_or("low");
        match self.is_lenient() || self.catalogue().has_severity(code) {
            true => Ok(code.to_owned()),
            false => Err(invalid("severityCode", code)),
        }
    }

    pub(super) fn validate_language(&self, language: Option<&str>) -> Result<String> {
        let code = language.unwrap_or("en");
        let is_known = language.is_none() || self.catalogue().has_language(code);
        match self.is_lenient() || is_known {
            true => Ok(code.to_owned()),
            false => Err(invalid("language", code)),
        }
    }

    pub(super) fn validate_issue_type(&self, issue_type: Option<&str>) -> Result<()> {
        match issue_type {
            Some(unknown) if !self.is_lenient() && !ISSUE_TYPES.contains(&unknown) => {
                Err(invalid("issueType", unknown))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn services(
        &self,
        request: &op::DescribeServicesRequest,
    ) -> op::DescribeServicesResponse {
        let wanted = request.service_code_list.as_deref().unwrap_or_default();
        let services = self.catalogue().services.iter();
        let found = services.filter(|service| {
            let code = service.code.as_ref();
            wanted.is_empty() || code.is_some_and(|code| wanted.contains(code))
        });
        op::DescribeServicesResponse {
            services: Some(found.cloned().collect()),
        }
    }

    pub(super) fn severity_levels(&self) -> op::DescribeSeverityLevelsResponse {
        op::DescribeSeverityLevelsResponse {
            severity_levels: Some(self.catalogue().severity_levels.clone()),
        }
    }

    pub(super) fn supported_languages(
        &self,
        request: &op::DescribeSupportedLanguagesRequest,
    ) -> Result<op::DescribeSupportedLanguagesResponse> {
        self.validate_service(
            request.service_code.as_deref(),
            request.category_code.as_deref(),
        )?;
        self.validate_issue_type(request.issue_type.as_deref())?;
        Ok(op::DescribeSupportedLanguagesResponse {
            supported_languages: Some(self.catalogue().languages.clone()),
        })
    }

    pub(super) fn case_options(
        &mut self,
        request: op::DescribeCreateCaseOptionsRequest,
    ) -> Result<op::DescribeCreateCaseOptionsResponse> {
        self.validate_service(
            request.service_code.as_deref(),
            request.category_code.as_deref(),
        )?;
        self.validate_issue_type(request.issue_type.as_deref())?;
        let recorded = self.catalogue().case_options.as_ref();
        let language = request.language.as_deref().unwrap_or_default();
        let is_known = self.catalogue().has_language(language);
        let availability = match is_known {
            true if BEST_EFFORT.contains(&language) => "best_effort",
            true => "available",
            false => "unavailable",
        };
        let now = self.now();
        let made = || is_known.then(|| ["chat", "web", "call"].map(|kind| reached_by(kind, now)));
        let types = recorded.and_then(|recorded| recorded.communication_types.clone());
        let recorded = recorded.and_then(|recorded| recorded.language_availability.clone());
        Ok(op::DescribeCreateCaseOptionsResponse {
            communication_types: types.or_else(|| made().map(Vec::from)),
            language_availability: recorded.or_else(|| Some(availability.to_owned())),
        })
    }
}

/// Web support is available at any time; other support only by day, and not on the first day from now on.
fn reached_by(kind: &str, now: Timestamp) -> CommunicationTypeOptions {
    let is_web = kind == "web";
    let day = Duration::from_secs(24 * 60 * 60);
    let interval = DateInterval {
        start_date_time: Some(offset_date_time(now)),
        end_date_time: Some(offset_date_time(after(now, day))),
    };
    let (from, to) = match is_web {
        true => ("00:00:00.000", "23:59:59.999"),
        false => ("08:00:00.000", "18:00:00.000"),
    };
    CommunicationTypeOptions {
        dates_without_support: Some(if is_web { Vec::new() } else { vec![interval] }),
        supported_hours: Some(vec![SupportedHour {
            end_time: Some(to.to_owned()),
            start_time: Some(from.to_owned()),
        }]),
        type_: Some(kind.to_owned()),
    }
}
