//! The requests and settings that the paths of a client use.

use attache_security_ir::Timestamp;
use attache_security_ir::operation as incidents;
use attache_security_ir::types::Watcher;
use attache_support::operation as support;

use crate::Failure;

/// The region of all requests.
pub(crate) const REGION: &str = "us-east-1";
pub(crate) const ACCESS_KEY_ID: &str = "AKIDEXAMPLE";
pub(crate) const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// 09:30 of a day in 2026.
pub(crate) fn now() -> Result<Timestamp, Failure> {
    Ok("2026-02-28T09:30:00Z".parse()?)
}

pub(crate) fn support_case() -> support::CreateCaseRequest {
    support::CreateCaseRequest {
        subject: Some("The instance does not answer".to_owned()),
        communication_body: Some(
            "It stopped answering at noon.\nPlease advise \"soon\". ".repeat(10),
        ),
        service_code: Some("amazon-elastic-compute-cloud-linux".to_owned()),
        category_code: Some("instance-issue".to_owned()),
        severity_code: Some("urgent".to_owned()),
        cc_email_addresses: Some(vec!["oncall@example.com".to_owned()]),
        language: Some("en".to_owned()),
        ..Default::default()
    }
}

pub(crate) fn incident() -> incidents::CreateCaseRequest {
    incidents::CreateCaseRequest {
        title: Some("Unusual sign-ins".to_owned()),
        description: Some("Somebody signed in from two places at once. ".repeat(10)),
        engagement_type: Some("Security Incident".into()),
        resolver_type: Some("AWS".into()),
        reported_incident_start_date: Some(Timestamp::UNIX_EPOCH),
        impacted_accounts: Some(vec!["123456789012".to_owned()]),
        impacted_services: Some(vec!["Amazon EC2".to_owned(), "AWS IAM".to_owned()]),
        watchers: Some(vec![Watcher::new("jane@example.com")]),
        ..Default::default()
    }
}
