//! The cost of validating a request: nanoseconds and allocations, for a typical and the largest request of each
//! service.
//!
//! It prints a line of JSON for each request. All requests are valid, because the cost of an error message does not
//! matter.

use std::alloc::System;
use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use attache_security_ir::types::{ImpactedAwsRegion, ThreatActorIp, Watcher};
use attache_security_ir::{Timestamp, operation as incidents};
use attache_support::operation as support;
use attache_support::validation::{Level, Violations};
use stats_alloc::{Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: StatsAlloc<System> = StatsAlloc::system();

/// The time for which each request is measured, in nanoseconds.
const ENOUGH: u128 = 100_000_000;

fn main() -> ExitCode {
    let (typical, largest) = (support_case(), largest_support_case());
    let (incident, largest_incident) = (incident(), largest_incident());
    let measured = [
        measure("Support `CreateCase`", true, || {
            typical.validate(Level::default())
        }),
        measure(
            "Support `CreateCase`, every member at its maximum length",
            false,
            || largest.validate(Level::default()),
        ),
        measure("Security Incident Response `CreateCase`", true, || {
            incident.validate(Level::default())
        }),
        measure(
            "Security Incident Response `CreateCase`, every member at its maximum length",
            false,
            || largest_incident.validate(Level::default()),
        ),
    ];
    for result in measured {
        match result {
            Ok(line) => println!("{line}"),
            Err((request, violations)) => {
                eprintln!("error: {request} is not valid: {violations}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn measure(
    request: &'static str,
    typical: bool,
    validate: impl Fn() -> Result<(), Violations>,
) -> Result<String, (&'static str, Violations)> {
    // The first validation fills the caches and shows that the request is valid.
    validate().map_err(|violations| (request, violations))?;
    let region = Region::new(&ALLOCATOR);
    let _ = black_box(validate());
    let allocations = region.change().allocations;
    let start = Instant::now();
    let mut validations = 0_u32;
    while start.elapsed().as_nanos() < ENOUGH {
        // The clock is read once in 100 validations, so that its cost does not matter.
        for _ in 0..100 {
            let _ = black_box(validate());
        }
        validations += 100;
    }
    let nanoseconds = start.elapsed().as_nanos() as f64 / f64::from(validations);
    Ok(format!(
        r#"{{"request":"{request}","typical":{typical},"nanoseconds":{nanoseconds},"allocations":{allocations}}}"#
    ))
}

fn support_case() -> support::CreateCaseRequest {
    support::CreateCaseRequest {
        subject: Some("The instance does not answer".to_owned()),
        communication_body: Some("It stopped answering at noon. Please advise. ".repeat(10)),
        service_code: Some("amazon-elastic-compute-cloud-linux".to_owned()),
        category_code: Some("instance-issue".to_owned()),
        severity_code: Some("urgent".to_owned()),
        cc_email_addresses: Some(vec!["oncall@example.com".to_owned()]),
        language: Some("en".to_owned()),
        ..Default::default()
    }
}

fn largest_support_case() -> support::CreateCaseRequest {
    support::CreateCaseRequest {
        attachment_set_id: Some("a".repeat(80)),
        communication_body: Some("ü".repeat(8_000)),
        cc_email_addresses: Some(
            (0..10)
                .map(|number| format!("person-{number}@example.com"))
                .collect(),
        ),
        issue_type: Some("technical".to_owned()),
        dry_run: Some(false),
        ..support_case()
    }
}

fn incident() -> incidents::CreateCaseRequest {
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

fn largest_incident() -> incidents::CreateCaseRequest {
    const REGIONS: [&str; 10] = [
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "ap-south-1",
        "sa-east-1",
    ];
    let watchers = (0..30).map(|number| Watcher::new(format!("person-{number}@example.com")));
    let services = (0..600).map(|number| format!("Amazon Service Number {number}"));
    let addresses = (0..200).map(|number| ThreatActorIp::new(format!("203.0.113.{number}")));
    let tags: BTreeMap<String, String> = (0..200)
        .map(|number| (format!("{number:0>128}"), "v".repeat(256)))
        .collect();
    incidents::CreateCaseRequest {
        title: Some("t".repeat(300)),
        description: Some("ü".repeat(8_000)),
        impacted_accounts: Some((0..200).map(|number| format!("{number:012}")).collect()),
        impacted_aws_regions: Some(REGIONS.map(ImpactedAwsRegion::new).into()),
        impacted_services: Some(services.collect()),
        threat_actor_ip_addresses: Some(addresses.collect()),
        watchers: Some(watchers.collect()),
        tags: Some(tags),
        client_token: Some("c".repeat(255)),
        ..incident()
    }
}
