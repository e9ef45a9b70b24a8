//! What users build upon: that it compiles as it does is most of what is tested here.

use std::time::Duration;

use attache_runtime::operation::Request;
use attache_runtime::{Body, Bytes};
use attache_security_ir::enums::{CaseStatus, EngagementType};
use attache_security_ir::operation::{
    CreateCaseRequest, GetCaseResponse, ListCasesRequest, ListCasesResponse,
};
use attache_security_ir::types::{ListCasesItem, Watcher};
use attache_security_ir::{Call, Client, Error, ServiceError, Timestamp};
use attache_support::operation::AddAttachmentsToSetRequest;
use attache_support::types::Attachment;
use attache_tests::transport::Answers;

fn client(answers: &Answers) -> Client {
    Client::new(&answers.config())
}

#[test]
fn clients_calls_and_errors_go_to_other_threads() {
    fn anywhere<T: Send + 'static>(value: T) -> T {
        value
    }
    fn shared<T: Send + Sync + Clone + 'static>(value: T) -> T {
        value
    }

    let client = shared(client(&Answers::default()));
    shared(attache_support::Client::new(&Answers::default().config()));
    let call: Call<ListCasesResponse, ServiceError> = anywhere(client.list_cases().send());
    let result: Result<ListCasesResponse, Error> = std::thread::spawn(|| call.wait())
        .join()
        .expect("it does not panic");
    result.expect("it is answered");
}

#[test]
fn nothing_is_sent_before_a_call_is_awaited() {
    let answers = Answers::default();
    drop(client(&answers).list_cases().send());
    assert!(answers.sent().is_empty());
}

#[test]
fn requests_are_literals_that_can_be_kept_and_compared() {
    let request = CreateCaseRequest {
        title: Some("Odd logins".to_owned()),
        engagement_type: Some(EngagementType::from("Security Incident")),
        watchers: Some(vec![Watcher::new("a@example.com")]),
        ..Default::default()
    };
    let built = client(&Answers::default())
        .create_case()
        .title("Odd logins")
        .engagement_type("Security Incident")
        .watchers([Watcher::new("a@example.com")])
        .into_request();
    assert_eq!(request, built);
    assert_eq!(request.clone().title.as_deref(), Some("Odd logins"));
}

#[test]
fn responses_can_be_made_for_mocks() {
    let mut item = ListCasesItem::default();
    item.case_id = "1234567890".to_owned();
    item.case_status = Some(CaseStatus::from("Closed"));
    let mut response = ListCasesResponse::default();
    response.items = Some(vec![item]);
    assert_eq!(response.items.expect("just set")[0].case_id, "1234567890");
    assert_eq!(GetCaseResponse::default().title, None);
}

#[test]
fn enums_are_open_and_keep_what_they_do_not_know() {
    for known in CaseStatus::VALUES {
        let value = CaseStatus::from(*known);
        assert!(!matches!(value, CaseStatus::Unknown(_)), "{known}");
        assert_eq!(
            (value.as_str(), value.to_string().as_str()),
            (*known, *known)
        );
        assert_eq!(format!("{value:?}"), format!("{known:?}"));
    }
    assert!(CaseStatus::VALUES.len() > 2);
    let unknown = CaseStatus::from("Levitating");
    assert_eq!(unknown, CaseStatus::Unknown("Levitating".to_owned()));
    assert_eq!(format!("{unknown:?}"), "Unknown(\"Levitating\")");
    assert_eq!(String::from(unknown), "Levitating");

    let answers = Answers::default().then(
        200,
        &[],
        r#"{"items":[{"caseId":"1","caseStatus":"Levitating","engagementType":null}]}"#,
    );
    let response = client(&answers)
        .list_cases()
        .send()
        .wait()
        .expect("it is read all the same");
    let items = response.items.expect("they were sent");
    assert_eq!(items[0].case_status, Some(CaseStatus::from("Levitating")));
}

#[test]
fn a_fake_transport_answers_and_remembers() {
    let answers = Answers::default()
        .then(200, &[], r#"{"items":[{"caseId":"1"}],"nextToken":"more"}"#)
        .then(200, &[], r#"{"items":[{"caseId":"2"}]}"#);
    let client = client(&answers);
    let mut request = ListCasesRequest::default();
    let mut found = Vec::new();
    loop {
        let page = client.send(request.clone()).wait().expect("it is answered");
        found.extend(
            page.items
                .unwrap_or_default()
                .into_iter()
                .map(|item| item.case_id),
        );
        match page.next_token {
            Some(token) => request.next_token = Some(token),
            None => break,
        }
    }
    assert_eq!(found, ["1", "2"]);
    let sent = answers.sent();
    assert_eq!(sent.len(), 2);
    assert_eq!(
        sent[0].url,
        "https://security-ir.eu-central-1.api.aws/v1/list-cases"
    );
    assert_eq!(sent[1].json()["nextToken"], "more");
}

#[test]
fn timestamps_convert_from_and_to_the_standard_library() {
    let time = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let timestamp = Timestamp::try_from(time).expect("it is in the range");
    assert_eq!(timestamp.to_string(), "2023-11-14T22:13:20Z");
    let request = client(&Answers::default())
        .create_case()
        .reported_incident_start_date(timestamp)
        .into_request();
    assert_eq!(request.reported_incident_start_date, Some(timestamp));
}

/// The buffer of a large body is made large enough at once: growing would copy megabytes, and leave a capacity that
/// is some power of two away from the length.
#[test]
fn the_buffer_of_a_large_body_never_grows() {
    for length in [0, 1, 1_000, 100_000, 5_000_000] {
        let mut attachment = Attachment::new();
        attachment.data = Some(Bytes::from(vec![7; length]));
        attachment.file_name = Some("memory.dump".to_owned());
        let request = AddAttachmentsToSetRequest {
            attachment_set_id: Some("set-1".to_owned()),
            attachments: Some(vec![attachment; 3]),
            ..Default::default()
        };
        let Body::Bytes(body) = request.encode().expect("it can be sent").into_body() else {
            panic!("the body is in memory");
        };
        let length = body.len();
        let capacity = body
            .try_into_mut()
            .expect("it is the only reference")
            .capacity();
        assert!(
            capacity - length < 1_100,
            "{length} bytes in a buffer for {capacity}"
        );
    }
}
