//! What a person reads of a violation: names of Rust, found values with units, and what is expected.

use attache_runtime::Timestamp;
use attache_runtime::operation::Request;
use attache_runtime::validation::{Constraint, Level, Violations};
use attache_security_ir::operation::{
    CreateCaseRequest as CreateIncidentRequest, GetFindingMetricsRequest, UpdateCaseRequest,
};
use attache_security_ir::types::{ThreatActorIp, Watcher};
use attache_support::operation::{
    CompleteAttachmentUploadRequest, CreateCaseRequest, DescribeCasesRequest,
    GetAttachmentUploadLinksRequest,
};
use attache_support::types::{CompletedUpload, UploadRange};

fn violations(request: &impl Request) -> Violations {
    request.validate(Level::Strict).expect_err("it is wrong")
}

#[track_caller]
fn assert_says(request: &impl Request, expected: &str) {
    let violations = violations(request);
    let lines: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(lines.iter().any(|line| line == expected), "{lines:#?}");
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

#[test]
fn lengths_and_numbers_have_units_and_the_broken_bound() {
    let long = CreateCaseRequest {
        communication_body: Some("x".repeat(8001)),
        cc_email_addresses: Some(vec!["a@b.c".to_owned(); 11]),
        ..Default::default()
    };
    assert_says(&long, "communication_body: 8001 characters, at most 8000");
    assert_says(&long, "cc_email_addresses: 11 elements, at most 10");
    assert_says(&long, "subject: missing");
    let pages = DescribeCasesRequest {
        max_results: Some(101),
        ..Default::default()
    };
    assert_says(&pages, "max_results: 101, at most 100");
}

#[test]
fn a_value_in_a_list_is_named_by_its_index() {
    let incident = CreateIncidentRequest {
        watchers: Some(vec![Watcher::new("ok@example.com"), Watcher::new("nobody")]),
        threat_actor_ip_addresses: Some(vec![ThreatActorIp::new("localhost")]),
        impacted_accounts: Some(vec!["12".to_owned()]),
        tags: Some([("team".to_owned(), "x".repeat(300))].into()),
        ..Default::default()
    };
    assert_says(&incident, "watchers[1].email: expected an e-mail address");
    assert_says(
        &incident,
        "threat_actor_ip_addresses[0].ip_address: expected an IPv4 or IPv6 address",
    );
    assert_says(
        &incident,
        "impacted_accounts[0]: expected 12 digits (an AWS account id)",
    );
    assert_says(&incident, "tags[\"team\"]: 300 characters, at most 256");
}

#[test]
fn rules_over_several_members_name_all_of_them() {
    let range = UploadRange::new(5).end_index(30);
    let links = GetAttachmentUploadLinksRequest {
        upload_range: Some(range),
        ..Default::default()
    };
    assert_says(&links, "none of file_size_bytes, upload_id is set");
    assert_says(
        &links,
        "upload_range: start_index and end_index: 25 apart, at most 10",
    );
    let links = GetAttachmentUploadLinksRequest {
        upload_range: Some(UploadRange::new(5).end_index(5)),
        ..Default::default()
    };
    assert_says(
        &links,
        "upload_range: start_index is not less than end_index",
    );
    let metrics = GetFindingMetricsRequest {
        start_date: Some(at("2026-02-01T00:00:00Z")),
        end_date: Some(at("2026-01-01T00:00:01Z")),
        ..Default::default()
    };
    assert_says(&metrics, "start_date is after end_date");
    let parts = CompleteAttachmentUploadRequest {
        completed_uploads: Some(vec![CompletedUpload::new("e", 1); 2]),
        ..Default::default()
    };
    assert_says(
        &parts,
        "completed_uploads: two elements with the same part_index",
    );
    let nothing = UpdateCaseRequest {
        case_id: Some("1234567890".to_owned()),
        ..Default::default()
    };
    let text = violations(&nothing).to_string();
    assert!(
        text.starts_with("none of actual_incident_start_date, case_metadata, "),
        "{text}"
    );
    assert!(text.ends_with(" is set"), "{text}");
}

#[test]
fn a_member_of_a_union_has_the_name_of_its_variant() {
    let request = golden_rest_json::operation::EchoChoiceRequest {
        payload: Some(golden_rest_json::types::Choice::List(vec![String::new()])),
        ..Default::default()
    };
    assert_says(&request, "payload.List[0]: 0 characters, at least 1");
}

#[test]
fn the_texts_of_the_service_are_kept() {
    let request = CreateCaseRequest {
        subject: Some("s".to_owned()),
        communication_body: Some("x".repeat(8001)),
        ..Default::default()
    };
    let violations = violations(&request);
    let violation = violations.iter().next().expect("there is one");
    let message = "Value with length 8001 at '/communicationBody' failed to satisfy constraint: Member must have \
                   length between 1 and 8000, inclusive";
    assert_eq!(violation.message(), message);
    assert_eq!(violation.field(), "communication_body");
    assert_eq!(violation.path(), "/communicationBody");
    assert_eq!(violation.constraint(), Constraint::Length);
    assert_eq!(
        violations.message(),
        format!("1 validation error detected. {message}")
    );
}

#[test]
fn values_that_are_sensitive_are_not_shown() {
    let incident = CreateIncidentRequest {
        watchers: Some(vec![Watcher::new("never-show-this")]),
        ..Default::default()
    };
    let text = violations(&incident).to_string();
    assert!(
        text.contains("watchers[0].email") && !text.contains("never"),
        "{text}"
    );
}
