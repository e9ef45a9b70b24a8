//! What Support offers: services, severities, languages and ways to be reached. A small selection, always the same.

use std::time::Duration;

use attache_runtime::{Timestamp, TimestampFormat};

use super::{Result, invalid_parameter};
use crate::api::support::operation as op;
use crate::api::support::types::{
    Category, CommunicationTypeOptions, DateInterval, Service, SeverityLevel, SupportedHour,
    SupportedLanguage,
};
use crate::clock::after;

/// A code and the name of what has it.
type Coded = (&'static str, &'static str);

/// Services with their categories: code and name each.
const SERVICES: &[(&str, &str, &[Coded])] = &[
    (
        "account-management",
        "Account",
        &[("billing", "Billing"), ("other", "Other Account Issues")],
    ),
    (
        "amazon-elastic-compute-cloud-linux",
        "Elastic Compute Cloud (EC2 - Linux)",
        &[("instance-issue", "Instance Issue"), ("other", "Other")],
    ),
    (
        "amazon-simple-storage-service",
        "Simple Storage Service (S3)",
        &[
            ("general-guidance", "General Guidance"),
            ("performance", "Performance"),
        ],
    ),
    (
        "general-info",
        "General Info and Getting Started",
        &[
            ("using-aws", "Using AWS & Services"),
            ("security", "Security"),
        ],
    ),
    (
        "security-incident-response",
        "Security Incident Response",
        &[("other", "Other")],
    ),
];

/// Severities: code and name.
const SEVERITIES: &[(&str, &str)] = &[
    ("low", "Low"),
    ("normal", "Normal"),
    ("high", "High"),
    ("urgent", "Urgent"),
    ("critical", "Critical"),
];

/// Languages: code, name in English, name in itself, and how far support in them reaches.
const LANGUAGES: &[(&str, &str, &str, &str)] = &[
    ("en", "English", "English", "available"),
    ("ja", "Japanese", "日本語", "available"),
    ("zh", "Chinese", "中文", "available"),
    ("ko", "Korean", "한국어", "available"),
    ("es", "Spanish", "Español", "best_effort"),
    ("fr", "French", "Français", "best_effort"),
    ("pt", "Portuguese", "Português", "best_effort"),
    ("tr", "Turkish", "Türkçe", "best_effort"),
];

const ISSUE_TYPES: [&str; 2] = ["customer-service", "technical"];

fn invalid(parameter: &str, value: &str) -> crate::wire::Refusal {
    invalid_parameter(format!(
        "Value `{value}` for parameter `{parameter}` is invalid."
    ))
}

/// The service and the category of a case; general information where nobody says.
pub(super) fn check_service(
    service: Option<&str>,
    category: Option<&str>,
) -> Result<(String, String)> {
    let service_code = service.unwrap_or("general-info");
    let found = SERVICES.iter().find(|(code, ..)| *code == service_code);
    let (_, _, categories) = found.ok_or_else(|| invalid("serviceCode", service_code))?;
    let category_code = category.unwrap_or(categories[0].0);
    if !categories.iter().any(|(code, _)| *code == category_code) {
        return Err(invalid("categoryCode", category_code));
    }
    Ok((service_code.to_owned(), category_code.to_owned()))
}

pub(super) fn check_severity(severity: Option<&str>) -> Result<String> {
    let code = severity.unwrap_or("low");
    match SEVERITIES.iter().any(|(known, _)| *known == code) {
        true => Ok(code.to_owned()),
        false => Err(invalid("severityCode", code)),
    }
}

pub(super) fn check_language(language: Option<&str>) -> Result<String> {
    let code = language.unwrap_or("en");
    match LANGUAGES.iter().any(|(known, ..)| *known == code) {
        true => Ok(code.to_owned()),
        false => Err(invalid("language", code)),
    }
}

pub(super) fn check_issue_type(issue_type: Option<&str>) -> Result<()> {
    match issue_type {
        Some(unknown) if !ISSUE_TYPES.contains(&unknown) => Err(invalid("issueType", unknown)),
        _ => Ok(()),
    }
}

pub(super) fn services(request: &op::DescribeServicesRequest) -> op::DescribeServicesResponse {
    let wanted = request.service_code_list.as_deref().unwrap_or_default();
    let services = SERVICES
        .iter()
        .filter(|(code, ..)| wanted.is_empty() || wanted.iter().any(|wanted| wanted == code))
        .map(|(code, name, categories)| Service {
            categories: Some(
                categories
                    .iter()
                    .map(|(code, name)| category(code, name))
                    .collect(),
            ),
            code: Some((*code).to_owned()),
            name: Some((*name).to_owned()),
        });
    op::DescribeServicesResponse {
        services: Some(services.collect()),
    }
}

fn category(code: &str, name: &str) -> Category {
    Category {
        code: Some(code.to_owned()),
        name: Some(name.to_owned()),
    }
}

pub(super) fn severity_levels() -> op::DescribeSeverityLevelsResponse {
    let levels = SEVERITIES.iter().map(|(code, name)| SeverityLevel {
        code: Some((*code).to_owned()),
        name: Some((*name).to_owned()),
    });
    op::DescribeSeverityLevelsResponse {
        severity_levels: Some(levels.collect()),
    }
}

pub(super) fn supported_languages(
    request: &op::DescribeSupportedLanguagesRequest,
) -> Result<op::DescribeSupportedLanguagesResponse> {
    check_service(
        request.service_code.as_deref(),
        request.category_code.as_deref(),
    )?;
    check_issue_type(request.issue_type.as_deref())?;
    let languages = LANGUAGES
        .iter()
        .map(|(code, name, display, _)| SupportedLanguage {
            code: Some((*code).to_owned()),
            display: Some((*display).to_owned()),
            language: Some((*name).to_owned()),
        });
    Ok(op::DescribeSupportedLanguagesResponse {
        supported_languages: Some(languages.collect()),
    })
}

pub(super) fn case_options(
    request: &op::DescribeCreateCaseOptionsRequest,
    now: Timestamp,
) -> Result<op::DescribeCreateCaseOptionsResponse> {
    check_service(
        request.service_code.as_deref(),
        request.category_code.as_deref(),
    )?;
    check_issue_type(request.issue_type.as_deref())?;
    let language = request.language.as_deref().unwrap_or_default();
    let known = LANGUAGES.iter().find(|(code, ..)| *code == language);
    let availability = known.map_or("unavailable", |(.., availability)| availability);
    let types = ["chat", "web", "call"].map(|kind| communication_type(kind, now));
    Ok(op::DescribeCreateCaseOptionsResponse {
        communication_types: known.map(|_| types.to_vec()),
        language_availability: Some(availability.to_owned()),
    })
}

/// On the web at any time; otherwise by day, and not on the first day from now on.
fn communication_type(kind: &str, now: Timestamp) -> CommunicationTypeOptions {
    let is_web = kind == "web";
    let day = Duration::from_secs(24 * 60 * 60);
    let interval = DateInterval {
        start_date_time: Some(now.format(TimestampFormat::DateTime)),
        end_date_time: Some(after(now, day).format(TimestampFormat::DateTime)),
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
