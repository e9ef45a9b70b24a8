//! Times and ids have the form of recorded answers of the service, of its documentation and of its model.

use std::collections::BTreeSet;

use attache_local::Clock;
use attache_support::types::Attachment;
use serde_json::Value;

use crate::stage::{Stage, security_ir_case, send, support_case};

/// The form of a text: digits are `9`, and what is left are the signs between them.
fn form(text: &str) -> String {
    let kind = |letter: char| if letter.is_ascii_digit() { '9' } else { letter };
    text.chars().map(kind).collect()
}

/// Whether a text is a prefix and so many letters, each of which is one of the kind.
fn is_id(text: &str, prefix: &str, lengths: &[usize], kind: fn(&u8) -> bool) -> bool {
    let rest = text.strip_prefix(prefix);
    rest.is_some_and(|rest| lengths.contains(&rest.len()) && rest.as_bytes().iter().all(kind))
}

fn is_base64url(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn is_hexadecimal(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Every string of a JSON document with the name of its member.
fn strings(value: &Value, name: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((name.to_owned(), text.clone())),
        Value::Array(elements) => elements
            .iter()
            .for_each(|element| strings(element, name, found)),
        Value::Object(members) => members
            .iter()
            .for_each(|(name, value)| strings(value, name, found)),
        _ => {}
    }
}

/// The forms that a member has, such as the times of recorded cases.
fn forms(documents: &[Value], member: &str) -> BTreeSet<String> {
    let mut found = Vec::new();
    for document in documents {
        strings(document, "", &mut found);
    }
    let found = found.iter().filter(|(name, _)| name == member);
    found.map(|(_, text)| form(text)).collect()
}

/// The account and the hash of a case are left out: they have letters.
fn case_form(id: &str) -> String {
    let parts: Vec<&str> = id.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    format!("{} {} {lengths:?}", parts[0], parts[2])
}

/// An answer as it is sent.
async fn raw(stage: &Stage, operation: &str, body: &str) -> Value {
    let target = format!("AWSSupport_20130415.{operation}");
    let headers = [("x-amz-target", target.as_str())];
    let url = stage.local.endpoint();
    let answer = send("POST", url, &headers, body.as_bytes().to_vec()).await;
    let answer = answer.expect("it is answered");
    assert_eq!(answer.status(), 200, "{operation}: {:?}", answer.body());
    serde_json::from_slice(answer.body()).expect("it is JSON")
}

/// A clock whose milliseconds end with zeros, which are easily lost.
async fn stage() -> Stage {
    let clock = Clock::fixed("2026-01-01T00:00:00.700Z".parse().expect("it is a time"));
    Stage::with(|builder| builder.clock(clock).accept_any_signature(true)).await
}

#[tokio::test]
async fn answers_have_the_forms_of_recorded_ones() {
    let Some(folder) = reference_data::path("recorded-answers/support") else {
        return;
    };
    let recorded: Vec<Value> = std::fs::read_dir(folder)
        .expect("the folder can be listed")
        .map(|file| std::fs::read(file.expect("it is there").path()).expect("it is read"))
        .map(|json| serde_json::from_slice(&json).expect("it is JSON"))
        .collect();
    assert!(recorded.len() > 10, "{} recorded answers", recorded.len());
    let stage = stage().await;
    support_case(&stage).await;
    let mut ours = vec![
        raw(&stage, "DescribeCases", "{}").await,
        raw(
            &stage,
            "RefreshTrustedAdvisorCheck",
            r#"{"checkId": "H7IgTzjTYb"}"#,
        )
        .await,
    ];
    for id in ["eI7KK0l7J9", "XG0aXHpIEt", "H7IgTzjTYb", "Pfx0RwqBli"] {
        let body = format!(r#"{{"checkId": "{id}"}}"#);
        ours.push(raw(&stage, "DescribeTrustedAdvisorCheckResult", &body).await);
    }
    for member in ["timeCreated", "timestamp", "displayId"] {
        let (wanted, came) = (forms(&recorded, member), forms(&ours, member));
        assert!(
            came.is_subset(&wanted) && !came.is_empty(),
            "{member}: {came:?}, recorded {wanted:?}"
        );
    }
    let (mut all, mut known) = (Vec::new(), Vec::new());
    ours.iter().for_each(|answer| strings(answer, "", &mut all));
    recorded
        .iter()
        .for_each(|answer| strings(answer, "", &mut known));
    let of = |member: &str, texts: &[(String, String)]| -> Vec<String> {
        let found = texts.iter().filter(|(name, _)| name == member);
        found.map(|(_, text)| text.clone()).collect()
    };
    let recorded_case = case_form(&of("caseId", &known)[0]);
    for id in of("caseId", &all) {
        assert_eq!(case_form(&id), recorded_case, "{id}");
    }
    for id in [of("resourceId", &all), of("resourceId", &known)].concat() {
        assert!(is_id(&id, "", &[43], is_base64url), "{id}");
    }
}

#[tokio::test]
async fn times_and_ids_of_attachments_have_documented_forms() {
    let stage = stage().await;
    let client = &stage.support;
    let file = Attachment::new().file_name("a").data("a");
    let set = client
        .add_attachments_to_set()
        .attachments([file])
        .send()
        .await;
    let set = set.expect("the set is made");
    let expiry = set.expiry_time.expect("it expires");
    // The example of the AWS CLI: 2020-05-14T17:04:40.790+0000.
    assert_eq!(expiry, "2026-01-01T01:00:00.700+0000");
    let id = set.attachment_set_id.expect("it has an id");
    let (first, last) = id.split_once("-mu-").expect("it has two parts");
    assert!(is_id(first, "as-", &[17], is_hexadecimal), "{id}");
    assert!(is_id(last, "", &[43, 44], is_base64url), "{id}");
    let case = client.create_case().subject("s").communication_body("b");
    let case = case
        .attachment_set_id(&id)
        .send()
        .await
        .expect("it is opened");
    let body = format!(r#"{{"caseId": "{}"}}"#, case.case_id.expect("it has an id"));
    let said = raw(&stage, "DescribeCommunications", &body).await;
    let id = said["communications"][0]["attachments"][0]["attachmentId"].as_str();
    let id = id.expect("it has an id");
    assert!(is_id(id, "attachment-", &[130], is_base64url), "{id}");
    let body = format!(r#"{{"attachmentId": "{id}"}}"#);
    let link = raw(&stage, "GetAttachmentDownloadLink", &body).await;
    // Signatures know whole seconds.
    assert_eq!(
        link["downloadUrl"]["expiryDate"],
        "2026-01-01T00:15:00.000Z"
    );
    let links = raw(
        &stage,
        "GetAttachmentUploadLinks",
        r#"{"fileName": "a", "fileSizeBytes": 1}"#,
    )
    .await;
    assert_eq!(
        links["uploadUrls"][0]["expiryDate"],
        "2026-01-01T00:15:00.000Z"
    );
    let about = r#"{"issueType": "technical", "serviceCode": "general-info", "categoryCode": "using-aws", "language": "en"}"#;
    let options = raw(&stage, "DescribeCreateCaseOptions", about).await;
    let dates = &options["communicationTypes"][0]["datesWithoutSupport"][0];
    assert_eq!(dates["startDateTime"], "2026-01-01T00:00:00.700+00:00");
    assert_eq!(
        options["communicationTypes"][0]["supportedHours"][0]["startTime"],
        "08:00:00.000"
    );
}

#[tokio::test]
async fn results_have_as_many_cells_as_their_checks_have_columns() {
    let stage = stage().await;
    let checks = raw(
        &stage,
        "DescribeTrustedAdvisorChecks",
        r#"{"language": "en"}"#,
    )
    .await;
    let checks = checks["checks"]
        .as_array()
        .expect("they are listed")
        .clone();
    assert_eq!(checks.len(), 104);
    let mut listed = 0;
    for check in checks {
        let columns = check["metadata"].as_array().expect("they are listed").len();
        let body = format!(r#"{{"checkId": {}}}"#, check["id"]);
        let result =
            raw(&stage, "DescribeTrustedAdvisorCheckResult", &body).await["result"].clone();
        let resources = result["flaggedResources"]
            .as_array()
            .expect("they are listed");
        listed += resources.len();
        for resource in resources {
            let cells = resource["metadata"].as_array().expect("they are listed");
            assert_eq!(cells.len(), columns, "{check}");
        }
        let flagged = resources
            .iter()
            .filter(|resource| resource["status"] != "ok")
            .count();
        assert_eq!(result["resourcesSummary"]["resourcesFlagged"], flagged);
        // Recorded results of every category have it.
        assert!(result["categorySpecificSummary"]["costOptimizing"].is_object());
    }
    assert!(listed > 104, "{listed}");
}

#[tokio::test]
async fn ids_of_security_ir_have_the_patterns_of_the_model() {
    let stage = stage().await;
    let client = &stage.security_ir;
    let case_id = security_ir_case(&stage).await;
    assert!(is_id(&case_id, "", &[10], u8::is_ascii_digit), "{case_id}");
    let case = client
        .get_case()
        .case_id(&case_id)
        .send()
        .await
        .expect("it is there");
    let arn = format!("arn:aws:security-ir:us-east-1:123456789012:case/{case_id}");
    assert_eq!(case.case_arn.as_deref(), Some(arn.as_str()));
    let members = client
        .list_memberships()
        .send()
        .await
        .expect("there is one");
    let membership = members.items.expect("they are listed")[0]
        .membership_id
        .clone();
    assert!(is_id(&membership, "m-", &[16], |byte| byte
        .is_ascii_lowercase()
        || byte.is_ascii_digit()));
    let comment = client
        .create_case_comment()
        .case_id(&case_id)
        .body("b")
        .send()
        .await;
    let comment = comment.expect("it is added").comment_id;
    assert!(is_id(&comment, "", &[6], u8::is_ascii_digit), "{comment}");
    let step = stage
        .local
        .add_investigation(&case_id, "t", "c")
        .expect("the case is there");
    assert!(is_id(&step, "inv-", &[16], is_hexadecimal), "{step}");
    let edits = client.list_case_edits().case_id(&case_id).send().await;
    let edit = edits
        .expect("they are listed")
        .items
        .expect("there are some")[0]
        .clone();
    assert_eq!(
        edit.principal.as_deref(),
        Some("arn:aws:iam::123456789012:user/local")
    );
    // Times are numbers of seconds, as restJson1 has them.
    let url = format!("{}/v1/cases/{case_id}/get-case", stage.local.endpoint());
    let answer = send("GET", &url, &[], Vec::new())
        .await
        .expect("it is answered");
    let answer: Value = serde_json::from_slice(answer.body()).expect("it is JSON");
    assert_eq!(
        answer["createdDate"],
        serde_json::json!(1_767_225_600.7),
        "{answer}"
    );
}
