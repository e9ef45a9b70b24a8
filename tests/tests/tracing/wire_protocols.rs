//! The view of the wire of forms, XML and CBOR: each sensitive value is hidden, and the others are shown.

use attache_runtime::Bytes;
use attache_runtime::test::{Mock, when};
use attache_tests::operations::golden;
use attache_tests::sample::{Model, SECRET, SECRET_BYTES, SECRET_NUMBER, SECRET_TIME, serde};
use attache_tests::traced::Capture;
use golden_rpcv2_cbor::operation::PackRequest;
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{lines_at, one_line};

#[test]
fn sensitive_members_of_each_kind_are_hidden_in_each_protocol() {
    let mut hidden = 0;
    for service in golden() {
        let model = Model::of_golden(service.name);
        for operation in &service.operations {
            let shapes = model.shapes_of_type("operation").into_iter();
            let shape = shapes.clone().find(|(name, _)| *name == operation.name);
            let (_, shape) = shape.expect("it is in the model");
            let request = serde(&model.members(shape, "input"));
            let response = serde(&model.members(shape, "output"));
            let config = (operation.mocked)(response).trace_wire(1_000_000).build();
            let config = config.expect("a configuration");
            let capture = Capture::begin(Level::TRACE, FmtSpan::NONE);
            (operation.call)(request, &config).expect("the mock responds");
            let lines = capture.end();
            let number = SECRET_NUMBER.to_string();
            for secret in [SECRET, SECRET_BYTES, &number, SECRET_TIME, "2000000000"] {
                assert!(!lines.contains(secret), "{secret} in {lines}");
            }
            let sent = one_line(&lines, "attache::wire: request");
            let came = one_line(&lines, "attache::wire: response");
            for line in [sent, came] {
                hidden += line.matches("** redacted **").count();
                assert!(!line.contains("not shown"), "{line}");
            }
            match operation.name {
                "MakeToy" => {
                    assert!(sent.contains("Action=MakeToy&Version="), "{sent}");
                    assert!(sent.contains("=arn%3Aa%2Fb+c%2B%C3%A9"), "{sent}");
                    assert!(came.contains(">arn:a/b c+é</"), "{came}");
                }
                "PutToy" => {
                    for line in [sent, came] {
                        assert!(line.contains("<name>arn:a/b c+é</name>"), "{line}");
                    }
                    let vault = "<vault label=\"** redacted **\">** redacted **</vault>";
                    for hidden in [
                        vault,
                        "<Flat>** redacted **</Flat>",
                        " mark=\"** redacted **\">",
                    ] {
                        assert!(sent.contains(hidden), "{sent}");
                    }
                }
                "Pack" => {
                    for line in [sent, came] {
                        assert!(line.contains(r#""title":"arn:a/b c+é""#), "{line}");
                        assert!(
                            line.contains(r#""content":{"$bytes":"YXJuOmEvYiBj"}"#),
                            "{line}"
                        );
                        assert!(line.contains(r#""vault":"** redacted **""#), "{line}");
                    }
                }
                _ => {}
            }
        }
    }
    assert!(hidden >= 60, "{hidden} values were hidden");
}

/// What follows the place where a response is not of the model is not shown.
#[tokio::test]
async fn cbor_that_does_not_match_the_model_is_shown_up_to_there() {
    // {"title": "shown", "weight": "no number", "content": h'73'}
    let body = b"\xa3etitleeshownfweightino numbergcontent\x41s";
    let mut response = http::Response::new(Bytes::from_static(body));
    response
        .headers_mut()
        .insert("content-type", "application/cbor".parse().expect("a value"));
    let mock = Mock::new().rule(when::<PackRequest>(|_| true).then_http(response));
    let config = mock.config().max_attempts(1).trace_wire(1_000).build();
    let client = golden_rpcv2_cbor::Client::new(&config.expect("nothing is missing"));
    let call = client.pack().title("t").send();
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, async {
        drop(call.await.expect_err("a text is no number"));
    });
    let lines = lines.await;
    let came = one_line(&lines, "attache::wire: response");
    assert!(came.contains(r#""title":"shown""#), "{came}");
    assert!(came.contains("bytes that do not match the model"), "{came}");
    assert!(
        !came.contains("no number") && !came.contains(r#""content""#),
        "{came}"
    );
}
