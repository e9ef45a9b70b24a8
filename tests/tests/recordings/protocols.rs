//! Recordings of protocols whose messages are forms, XML or CBOR.

use attache_runtime::test::{Mock, Recorder, Replayer, config, when};
use attache_tests::operations::golden;
use attache_tests::sample::{
    Model, PLAIN, SECRET, SECRET_BYTES, SECRET_NUMBER, SECRET_TIME, serde,
};
use attache_tests::transport::Answers;
use serde_json::Value;

use super::path;

fn saved(recorder: &Recorder, name: &str) -> String {
    recorder.save(path(name)).expect("it can be written");
    std::fs::read_to_string(path(name)).expect("it was written")
}

/// Every form in which a value that is sensitive might be in a file.
fn assert_hidden(name: &str, text: &str) {
    let number = SECRET_NUMBER.to_string();
    let encoded = SECRET_BYTES.replace('=', "%3D");
    for secret in [
        SECRET,
        SECRET_BYTES,
        &encoded,
        &number,
        SECRET_TIME,
        "2000000000",
    ] {
        assert!(!text.contains(secret), "{secret} in {name}: {text}");
    }
}

/// The members of a message whose values are sensitive, by the model.
fn is_sensitive(model: &Model, shape: &Value, name: &str) -> bool {
    let members = model.structure(shape);
    let member = members.iter().find(|member| member.name == name);
    let value = member.map(|member| member.serde.to_string());
    let value = value.unwrap_or_default();
    let number = SECRET_NUMBER.to_string();
    [SECRET, SECRET_BYTES, &number, SECRET_TIME]
        .iter()
        .any(|secret| value.contains(secret))
        || name == "secretFlag"
}

#[test]
fn every_operation_is_recorded_without_secrets_and_replayed() {
    let (mut secrets, mut compared) = (0, 0);
    for service in golden() {
        let model = Model::of_golden(service.name);
        for operation in &service.operations {
            let shapes = model.shapes_of_type("operation").into_iter();
            let shape = shapes.clone().find(|(name, _)| *name == operation.name);
            let (_, shape) = shape.expect("it is in the model");
            let request = serde(&model.members(shape, "input"));
            let response = serde(&model.members(shape, "output"));
            let inner = (operation.mocked)(response.clone()).build();
            let recorder = Recorder::of(&inner.expect("a configuration"));
            let first = (operation.call)(request.clone(), &recorder.config());
            let first = first.expect("the mock responds");
            let name = format!("{}-{}", service.name, operation.name);
            let text = saved(&recorder, &name);
            assert_hidden(&name, &text);
            assert_eq!(text.matches("\"request\"").count(), 1, "{text}");
            assert!(!text.contains("\"text\": \"REDACTED\""), "{text}");
            assert!(
                !text.contains("sha256"),
                "the request is written out: {text}"
            );
            let contents = [&request, &response].map(Value::to_string);
            secrets += contents.iter().filter(|it| it.contains(SECRET)).count();
            if contents.iter().any(|it| it.contains(PLAIN)) {
                assert!(text.contains(PLAIN), "{text}");
            }
            let replayer = Replayer::open(path(&name)).expect("it was written");
            let replayed = replayer.config().build().expect("nothing is missing");
            let again = (operation.call)(request, &replayed).expect("it was recorded");
            replayer.assert_finished();
            let output = model.shape(shape["output"]["target"].as_str().unwrap_or_default());
            let members = attache_tests::sample::object(&first);
            // Beside an attribute of XML that is hidden, all attributes of its element are left out.
            let names = |value: &Value| {
                let members = attache_tests::sample::object(value).keys().cloned();
                members
                    .filter(|name| name != "mark")
                    .collect::<Vec<String>>()
            };
            for (member, value) in members {
                if is_sensitive(&model, output, member) {
                    continue;
                }
                assert_eq!(&again[member], value, "{member} of {name}");
                compared += 1;
            }
            // A structure that is hidden in CBOR is absent.
            if service.name != "rpcv2-cbor" {
                assert_eq!(names(&again), names(&first), "{name}: {text}");
            }
        }
    }
    // Otherwise nothing was proved.
    assert!(secrets >= 6, "{secrets} messages hold secrets");
    assert!(compared >= 40, "{compared} members were compared");
}

/// A text that a request sends and a response repeats is the same text again.
#[test]
fn a_replay_puts_back_what_the_program_sent() {
    for service in golden() {
        let name = format!("{}-put-back", service.name);
        let operation = service.operations.iter();
        let operation = operation
            .into_iter()
            .find(|it| it.name.starts_with(['M', 'P']) && it.name != "Ping");
        let operation = operation.expect("it has one");
        let required = match operation.name {
            "Pack" => "title",
            _ => "name",
        };
        let value = serde_json::json!({
            required: "toy", "secret": SECRET, "secretList": ["a < b & c", SECRET],
            "token": "t",
        });
        let inner = (operation.mocked)(value.clone()).build();
        let recorder = Recorder::of(&inner.expect("a configuration"));
        (operation.call)(value.clone(), &recorder.config()).expect("the mock responds");
        let text = saved(&recorder, &name);
        assert_hidden(&name, &text);
        let replayer = Replayer::open(path(&name)).expect("it was written");
        let replayed = replayer.config().build().expect("nothing is missing");
        let again = (operation.call)(value, &replayed).expect("it was recorded");
        assert_eq!(again["secret"], SECRET, "{text}");
        assert_eq!(again["secretList"][0], "a < b & c", "{text}");
        assert_eq!(again["secretList"][1], SECRET, "{text}");
        // Another text of the program is put into the same place.
        let replayer = Replayer::open(path(&name)).expect("it was written");
        let replayed = replayer.config().build().expect("nothing is missing");
        let other = serde_json::json!({
            required: "toy", "secret": "x > y", "secretList": ["second", "x > y"], "token": "t",
        });
        let again = (operation.call)(other, &replayed).expect("secrets are not compared");
        assert_eq!(again["secret"], "x > y", "{text}");
    }
}

#[test]
fn requests_with_other_values_are_not_the_same_and_a_token_of_a_client_is() {
    for (service, required) in golden().into_iter().zip(["name", "name", "title", "name"]) {
        let name = format!("{}-difference", service.name);
        let operation = service
            .operations
            .iter()
            .find(|it| ["MakeToy", "Pack", "PutToy"].contains(&it.name))
            .expect("it has one");
        let value = serde_json::json!({ required: "toy" });
        let recorder = Recorder::of(&(operation.mocked)(value.clone()).build().expect("complete"));
        (operation.call)(value.clone(), &recorder.config()).expect("the mock responds");
        saved(&recorder, &name);
        let replayer = Replayer::open(path(&name)).expect("it was written");
        let replayed = replayer.config().build().expect("nothing is missing");
        let other = serde_json::json!({ required: "another" });
        let error = (operation.call)(other, &replayed).expect_err("it was not recorded");
        let place =
            format!("/{required} is \"toy\" in the recording and \"another\" in the request");
        let line = " of the body is \"<name>toy</name>\" in the recording and \"<name>another</name>\" in the request";
        assert!(
            error.contains(&place)
                || error.contains(&place.replacen('n', "N", 1))
                || error.contains(line),
            "{error}"
        );
        (operation.call)(value, &replayed).expect("the token is made again");
    }
}

#[test]
fn errors_in_xml_keep_their_code_and_what_is_not_sensitive() {
    let known = "<ErrorResponse xmlns=\"u\"><Error><Type>Sender</Type><Code>Toy.Exists</Code><message>there is one</message>\
                 <toy>old</toy><secret>never-show-this</secret><Detail>never-show-this</Detail></Error>\
                 <RequestId>id-1</RequestId></ErrorResponse>";
    let unknown = "<ErrorResponse><Error><Code>New&amp;Error</Code><Message>no toy</Message>\
                   <Detail a=\"never-show-this\">never-show-this</Detail></Error></ErrorResponse>";
    let answers = Answers::with(400, known).then(400, &[], unknown).then(
        502,
        &[],
        "<html>never-show-this</html>",
    );
    let inner = config(answers).max_attempts(1).build();
    let recorder = Recorder::of(&inner.expect("complete"));
    let make = |config: &attache_runtime::Config| {
        let client = golden_query::Client::new(config);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let call = client.make_toy().name("old").send();
        runtime
            .expect("a runtime")
            .block_on(call)
            .expect_err("it is an error")
    };
    let recorded = recorder.config();
    (0..3).for_each(|_| drop(make(&recorded)));
    let text = saved(&recorder, "xml-errors");
    assert_hidden("xml-errors", &text);
    let replayer = Replayer::open(path("xml-errors")).expect("it was written");
    let replayed = replayer.config().max_attempts(1).build().expect("complete");
    let error = make(&replayed);
    assert_eq!(error.code(), Some("Toy.Exists"), "{text}");
    assert_eq!(error.message(), Some("there is one"));
    let Some(golden_query::ServiceError::ToyExists(exists)) = error.service() else {
        panic!("another error: {error:?}");
    };
    assert_eq!(exists.toy.as_deref(), Some("old"));
    let error = make(&replayed);
    assert_eq!(error.code(), Some("New&Error"), "{text}");
    assert_eq!(error.message(), Some("no toy"));
    assert_eq!(make(&replayed).status(), Some(502));
    replayer.assert_finished();
}

#[test]
fn errors_in_cbor_keep_their_code_and_what_is_not_sensitive() {
    use golden_rpcv2_cbor::error::TooMuch;
    use golden_rpcv2_cbor::operation::PackRequest;
    use golden_rpcv2_cbor::{Client, Error, ServiceError};

    let mut known = TooMuch::default();
    (known.most, known.secret) = (7, Some(SECRET.to_owned()));
    let mock = Mock::new().rule(
        when::<PackRequest>(|_| true)
            .then(Err(Error::from_service(ServiceError::TooMuch(known))))
            .then(Err(Error::from_code("NewError", "no parcel"))),
    );
    let inner = mock.config().max_attempts(1).build();
    let recorder = Recorder::of(&inner.expect("complete"));
    let pack = |config: &attache_runtime::Config| {
        let client = Client::new(config);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let call = client.pack().title("t").send();
        runtime
            .expect("a runtime")
            .block_on(call)
            .expect_err("it is an error")
    };
    let recorded = recorder.config();
    (0..2).for_each(|_| drop(pack(&recorded)));
    let text = saved(&recorder, "cbor-errors");
    assert_hidden("cbor-errors", &text);
    // Both as a server has it: in the body, and in no header.
    for code in ["example.packed#TooMuch", "NewError"] {
        assert!(text.contains(&format!("\"__type\": \"{code}\"")), "{text}");
    }
    assert!(!text.contains("errortype"), "{text}");
    let replayer = Replayer::open(path("cbor-errors")).expect("it was written");
    let replayed = replayer.config().max_attempts(1).build().expect("complete");
    let error = pack(&replayed);
    assert_eq!(error.code(), Some("TooMuch"), "{text}");
    let Some(ServiceError::TooMuch(too_much)) = error.service() else {
        panic!("another error: {error:?}");
    };
    assert_eq!(too_much.most, 7);
    let error = pack(&replayed);
    assert_eq!(
        (error.code(), error.message()),
        (Some("NewError"), Some("no parcel"))
    );
    replayer.assert_finished();
}
