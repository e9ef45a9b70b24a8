//! The view of the wire shows messages without what must not be shown.

use attache_tests::operations::services;
use attache_tests::sample::{Model, PLAIN, SECRET, serde, wire};
use attache_tests::transport::Answers;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{assert_parts, lines_at, one_line};

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_hides_what_the_model_calls_sensitive() {
    let (mut secrets, mut plain) = (0, 0);
    for service in services() {
        let model = Model::of(service.name);
        for operation in &service.operations {
            let (_, shape) = model
                .shapes_of_type("operation")
                .into_iter()
                .find(|(name, _)| *name == operation.name)
                .expect("it is in the model");
            let request = serde(&model.members(shape, "input"));
            let response = wire(&model.members(shape, "output")).to_string();
            secrets += usize::from(request.to_string().contains(SECRET));
            secrets += usize::from(response.contains(SECRET));
            let answers = Answers::with(200, &response);
            let config = answers.builder().trace_wire(1 << 20).build();
            let config = config.expect("nothing is missing");
            let send = operation.send;
            let call = async { tokio::task::block_in_place(|| send(request, &config)) };
            let lines = lines_at(Level::TRACE, FmtSpan::NONE, call).await;
            assert!(!lines.contains(SECRET), "{}: {lines}", operation.name);
            one_line(&lines, "attache::wire: request");
            one_line(&lines, "attache::wire: response");
            plain += lines.matches(PLAIN).count();
        }
    }
    // Otherwise nothing was proved.
    assert!(secrets >= 15, "{secrets} messages hold secrets");
    assert!(plain >= 50, "{plain} other texts are shown");
}

#[tokio::test]
async fn nothing_is_shown_unless_the_configuration_says_so() {
    let client = attache_support::Client::new(&Answers::default().config());
    let call = async { client.describe_services().send().await.map(drop) };
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, call).await;
    assert!(!lines.contains("attache::wire"), "{lines}");
}

#[tokio::test]
async fn what_the_model_does_not_know_is_named_and_not_shown() {
    let answers = Answers::with(
        200,
        r#"{"caseId": "case-1", "new": {"deep": "confidential"}, "caseId": "case-2"}"#,
    );
    let config = answers
        .builder()
        .trace_wire(1_000)
        .build()
        .expect("nothing is missing");
    let client = attache_support::Client::new(&config);
    let call = client
        .create_case()
        .subject("confidential")
        .communication_body("confidential");
    let call = async { drop(call.send().await) };
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, call).await;
    assert_parts(
        one_line(&lines, "attache::wire: response"),
        &[r#"{"caseId": "case-1", "new": "** not in the model **", "caseId": "case-2"}"#],
    );
    assert!(!lines.contains("confidential"), "{lines}");
}

#[tokio::test]
async fn a_page_of_a_proxy_and_a_broken_body_are_not_shown() {
    for (body, shown) in [
        ("<html>confidential", "18 bytes, which are not shown"),
        (
            r#"{"caseId": "case-1", "caseId": {"a": "confidential"}}"#,
            "that do not match the model",
        ),
    ] {
        let answers = Answers::with(200, body);
        let config = answers
            .builder()
            .trace_wire(1_000)
            .build()
            .expect("nothing is missing");
        let client = attache_support::Client::new(&config);
        let call = client.create_case().subject("x").communication_body("x");
        let call = async { drop(call.send().await) };
        let lines = lines_at(Level::TRACE, FmtSpan::NONE, call).await;
        assert_parts(one_line(&lines, "attache::wire: response"), &[shown]);
        assert!(!lines.contains("confidential"), "{lines}");
    }
}

#[tokio::test]
async fn a_client_that_does_not_name_sensitive_members_shows_no_part_of_a_message() {
    let answers = Answers::default().then(
        200,
        &[("x-text", "confidential"), ("server", "confidential")],
        r#"{"aSecret": "confidential", "id": "confidential"}"#,
    );
    let config = answers.builder().trace_wire(1_000).build();
    let client = generated_by_0_2_rest_json::Client::new(&config.expect("nothing is missing"))
        .with_validation(attache_runtime::validation::Level::Off);
    let call = client
        .put_everything()
        .id("confidential")
        .number(1)
        .flag(true)
        .time(attache_runtime::Timestamp::UNIX_EPOCH)
        .ratio(0.5)
        .share(0.5)
        .colour_label("confidential")
        .level_label(1)
        .path("confidential")
        .q_text("confidential")
        .h_text("confidential")
        .a_secret("confidential");
    let call = async { drop(call.send().await) };
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, call).await;
    assert!(!lines.contains("confidential"), "{lines}");
    assert!(answers.sent()[0].url.contains("confidential"), "{lines}");
    assert_parts(
        one_line(&lines, "attache::wire: request"),
        &[
            "url.full=https://central.amazonaws.com/REDACTED ",
            "\"x-text: ** redacted **\"",
            "\"user-agent: attache/",
            "bytes, which are not shown",
        ],
    );
    assert_parts(
        one_line(&lines, "attache::wire: response"),
        &[
            "\"x-text: ** redacted **\"",
            "49 bytes, which are not shown",
        ],
    );
}
