//! The lists of cases. `bench-paths` reads them as well.

use serde_json::{Value, json};

/// Cases of about 1.3 KB each.
pub(crate) fn support_cases(count: usize) -> Value {
    let case = |number: usize| {
        let communication = |index: usize| {
            json!({
                "caseId": format!("case-12345678910-muen-2026-{number:016x}"),
                "body": format!("Communication {index}: the instance \"i-{number:017x}\" stopped answering at noon.\n\
                    We restarted it, and it did not help; größere Instanzen zeigen dasselbe."),
                "submittedBy": "Jane Roe <janeroe@example.com>",
                "timeCreated": "2026-02-28T13:37:00.000Z",
                "attachmentSet": [{"attachmentId": format!("attachment-{number:x}"), "fileName": "trace.log"}],
            })
        };
        json!({
            "caseId": format!("case-12345678910-muen-2026-{number:016x}"),
            "displayId": format!("{}", 1_234_567_890 + number),
            "subject": format!("Instance does not answer, number {number}"),
            "status": "pending-customer-action",
            "serviceCode": "amazon-elastic-compute-cloud-linux",
            "categoryCode": "instance-issue",
            "severityCode": "urgent",
            "submittedBy": "janeroe@example.com",
            "timeCreated": "2026-02-28T12:34:56.789Z",
            "recentCommunications": {"communications": [communication(1), communication(2)], "nextToken": null},
            "ccEmailAddresses": ["oncall@example.com", "manager@example.com"],
            "language": "en",
        })
    };
    json!({"cases": (0..count).map(case).collect::<Vec<_>>(), "nextToken": "bmV4dA=="})
}

/// Cases of about 300 bytes each.
pub(crate) fn security_cases(count: usize) -> Value {
    let item = |number: usize| {
        json!({
            "caseId": format!("{}", 1_234_567_890 + number),
            "caseArn": format!("arn:aws:security-ir:us-east-1:123456789012:case/{}", 1_234_567_890 + number),
            "title": format!("Unusual sign-ins, number {number}"),
            "caseStatus": "Detection and Analysis",
            "engagementType": "Security Incident",
            "pendingAction": "Customer",
            "resolverType": "AWS",
            "createdDate": 1_772_280_896.5,
            "lastUpdatedDate": 1_772_284_496,
        })
    };
    json!({
        "items": (0..count).map(item).collect::<Vec<_>>(),
        "nextToken": "bmV4dA==",
        "total": count * 4,
    })
}
