//! The list of requests: what a test can assert of what its code has sent.

use attache_local::api::{security_ir, support};
use attache_local::{Effect, Fault};

use crate::stage::{BEGINNING, Stage, security_ir_case, send, support_case};

#[tokio::test]
async fn requests_are_decoded_as_the_server_reads_them() {
    let stage = Stage::new().await;
    support_case(&stage).await;
    let case_id = security_ir_case(&stage).await;
    let get = stage.security_ir.get_case().case_id(&case_id).send();
    get.await.expect("it is there");
    let sent = stage
        .local
        .requests_of::<support::operation::CreateCaseRequest>();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].subject.as_deref(), Some("Case"));
    // Both services have an operation of this name.
    let sent = stage
        .local
        .requests_of::<security_ir::operation::CreateCaseRequest>();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].title.as_deref(), Some("Case"));
    // The members of this one are in the path.
    let sent = stage
        .local
        .requests_of::<security_ir::operation::GetCaseRequest>();
    assert_eq!(sent[0].case_id.as_deref(), Some(case_id.as_str()));
    let record = &stage.local.requests()[0];
    assert_eq!(record.account_id, "123456789012");
    assert_eq!(
        (record.region.as_str(), record.status),
        ("us-east-1", Some(200))
    );
    assert_eq!(record.time.to_string(), BEGINNING);
}

#[tokio::test]
async fn the_request_id_is_that_of_the_response_and_a_refused_request_is_listed() {
    let stage = Stage::new().await;
    let refused = stage
        .support
        .resolve_case()
        .case_id("case-none")
        .send()
        .await;
    let error = refused.expect_err("there is no such case");
    let record = &stage.local.requests()[0];
    assert_eq!(record.status, Some(400));
    assert_eq!(record.request_id.as_deref(), error.request_id());
    let sent = record.request::<support::operation::ResolveCaseRequest>();
    let sent = sent.expect("it is decoded");
    assert_eq!(sent.case_id.as_deref(), Some("case-none"));
    let fault = Fault::new(Effect::Drop(attache_local::When::Before)).times(1);
    stage.local.add_fault(fault).expect("it can apply");
    let call = stage
        .support
        .create_case()
        .subject("s")
        .communication_body("b");
    call.send().await.expect_err("nobody answers");
    let record = stage.local.requests().pop().expect("it is listed");
    assert_eq!((record.status, record.request_id.as_deref()), (None, None));
    let other = record.request::<support::operation::ResolveCaseRequest>();
    assert_eq!(other, None);
}

#[tokio::test]
async fn the_list_shows_no_secret() {
    let stage = Stage::new().await;
    let mut request = crate::stage::security_ir_request();
    request.title = Some("the broken vault".to_owned());
    let sent = stage.security_ir.send(request).await;
    sent.expect("the case is opened");
    let records = stage.local.requests();
    let decoded = stage
        .local
        .requests_of::<security_ir::operation::CreateCaseRequest>();
    assert_eq!(decoded[0].title.as_deref(), Some("the broken vault"));
    let shown = format!("{records:?} {records:#?} {decoded:?}");
    for secret in ["the broken vault", "Signature", "AKIDATTACHELOCAL"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    // A request whose signature is refused is listed without what it sent.
    let target = ("x-amz-target", "AWSSupport_20130415.CreateCase");
    let body = br#"{"subject": "s"}"#.to_vec();
    let answer = send("POST", stage.local.endpoint(), &[target], body).await;
    assert_eq!(answer.expect("it is answered").status(), 403);
    assert_eq!(stage.local.request_count("CreateCase"), 2);
    let refused = stage
        .local
        .requests_of::<support::operation::CreateCaseRequest>();
    assert_eq!(refused, []);
}
