//! What arrives at the service.

use attache_security_ir::types::IncidentResponder;
use attache_security_ir::validation::Level;
use attache_support::types::Attachment;
use attache_tests::server::{Answer, Server};
use serde_json::json;

use crate::{SERVICES, security_ir, support};

#[tokio::test]
async fn a_call_arrives_signed_and_its_answer_comes_back() {
    let server = Server::start([Answer::response(200, "", SERVICES)]);
    let client = support(&server.url());
    let response = client
        .describe_services()
        .language("en")
        .send()
        .await
        .expect("it is answered");
    let services = response.services.expect("they were sent");
    assert_eq!(services[0].code.as_deref(), Some("ec2"));
    let request = &server.received()[0];
    assert_eq!(request.line, "POST / HTTP/1.1");
    assert_eq!(
        request.header("x-amz-target"),
        "AWSSupport_20130415.DescribeServices"
    );
    assert_eq!(request.header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(request.header("x-amz-date"), "19700101T000000Z");
    assert_eq!(format!("http://{}", request.header("host")), server.url());
    assert!(
        request
            .header("authorization")
            .starts_with("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/19700101/"),
        "{}",
        request.header("authorization")
    );
    assert!(
        request.header("user-agent").starts_with("attache"),
        "{}",
        request.header("user-agent")
    );
    assert_eq!(request.body, br#"{"language":"en"}"#);
}

#[test]
fn attachments_of_15_megabytes_arrive_intact() {
    let server = Server::start([Answer::response(200, "", r#"{"attachmentSetId":"set-1"}"#)]);
    let data: Vec<u8> = (0..5_000_000_u32)
        .map(|index| (index % 251) as u8)
        .collect();
    let attachment = Attachment::new()
        .data(data.clone())
        .file_name("memory.dump");
    let response = support(&server.url())
        .add_attachments_to_set()
        .attachments([attachment.clone(), attachment.clone(), attachment])
        .send()
        .wait()
        .expect("it is answered");
    assert_eq!(response.attachment_set_id.as_deref(), Some("set-1"));
    let body = &server.received()[0].body;
    assert!(body.len() > 20_000_000);
    let sent: attache_support::operation::AddAttachmentsToSetRequest =
        serde_json::from_slice(body).expect("the body is JSON");
    let attachments = sent.attachments.expect("there are some");
    assert_eq!(attachments.len(), 3);
    for attachment in attachments {
        assert!(
            attachment.data.as_deref() == Some(data.as_slice()),
            "the bytes differ"
        );
    }
}

#[test]
fn a_token_is_filled_in_and_one_that_is_given_kept() {
    let server = Server::start([]);
    let client = security_ir(&server.url());
    let call = || {
        client
            .create_membership()
            .membership_name("ours")
            .incident_response_team([
                IncidentResponder::new("ada@example.com", "lead", "Ada"),
                IncidentResponder::new("bob@example.com", "analyst", "Bob"),
            ])
    };
    for given in [None, None, Some("my-own")] {
        let call = match given {
            Some(token) => call().client_token(token),
            None => call(),
        };
        call.send().wait().expect("it is answered");
    }
    let received = server.received();
    let bodies = received
        .iter()
        .map(|request| serde_json::from_slice(&request.body));
    let bodies: Vec<serde_json::Value> = bodies.map(|body| body.expect("it is JSON")).collect();
    let tokens: Vec<&str> = bodies
        .iter()
        .map(|body| body["clientToken"].as_str().expect("it is there"))
        .collect();
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(tokens[2], "my-own");
    for token in &tokens[..2] {
        assert_eq!(token.len(), 36);
        for (index, letter) in token.char_indices() {
            match index {
                8 | 13 | 18 | 23 => assert_eq!(letter, '-'),
                14 => assert_eq!(letter, '4', "the version"),
                19 => assert!("89ab".contains(letter), "the variant"),
                _ => assert!(letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase()),
            }
        }
    }
}

#[test]
fn line_breaks_in_labels_are_escaped_and_cannot_add_headers() {
    let server = Server::start([]);
    // Validation would refuse the id, and what is refused proves nothing here.
    let client = security_ir(&server.url()).with_validation(Level::Off);
    let evil = "1\r\nx-evil: 1\r\n\r\n";
    let case = client.get_case().case_id(evil).send().wait();
    case.expect("it is answered");
    let call = client.list_investigations().case_id("1234567890");
    let investigations = call.next_token(evil).send().wait();
    investigations.expect("it is answered");
    assert_eq!(server.received().len(), 2);
    for request in server.received() {
        assert_eq!(request.header("x-evil"), "");
        assert!(
            request.line.contains("%0D%0Ax-evil%3A%201%0D%0A"),
            "{}",
            request.line
        );
    }
}

#[test]
fn a_request_can_be_made_first_and_sent_later() {
    let server = Server::start([]);
    let client = security_ir(&server.url());
    let request = client.list_cases().max_results(3).into_request();
    let same = attache_security_ir::operation::ListCasesRequest {
        max_results: Some(3),
        ..Default::default()
    };
    assert_eq!(request, same);
    client.send(request).wait().expect("it is answered");
    client.send(same.clone()).wait().expect("it is answered");
    for request in server.received() {
        assert_eq!(
            serde_json::from_slice::<serde_json::Value>(&request.body).expect("it is JSON"),
            json!({ "maxResults": 3 })
        );
    }
}
