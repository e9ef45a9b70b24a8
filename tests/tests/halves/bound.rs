//! Exchanges in restXml between the halves: bodies, payloads of each kind, headers, and labels that are in the endpoint.

use attache_runtime::test::{Mock, when};
use attache_runtime::{Config, Credentials, Timestamp};
use golden_rest_xml::operation as client;
use golden_rest_xml::{Client, ServiceError};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use super::exchange::{Into, members, serve};
use super::rest_xml::operation as server;
use super::{Served, converted, rest_xml, wire};

type Result<T> = std::result::Result<T, wire::Refusal>;

impl rest_xml::Handler for Served<rest_xml::Operation> {
    fn get_box(&mut self, request: server::GetBoxRequest) -> Result<server::GetBoxResponse> {
        Ok(server::GetBoxResponse {
            box_: request.box_,
            expires: None,
            expires_string: None,
        })
    }

    fn copy_thing(&mut self, _: server::CopyThingRequest) -> Result<server::CopyThingResponse> {
        Ok(server::CopyThingResponse { result: None })
    }

    fn fetch_thing(&mut self, _: server::FetchThingRequest) -> Result<server::FetchThingResponse> {
        Ok(server::FetchThingResponse { data: None })
    }

    fn get_host(&mut self, request: server::GetHostRequest) -> Result<server::GetHostResponse> {
        Ok(server::GetHostResponse { id: request.id })
    }

    fn get_place(&mut self, _: server::GetPlaceRequest) -> Result<server::GetPlaceResponse> {
        let place = Some("a & b".to_owned());
        Ok(server::GetPlaceResponse { place })
    }

    fn get_rules(&mut self, _: server::GetRulesRequest) -> Result<server::GetRulesResponse> {
        Ok(server::GetRulesResponse { rule: None })
    }

    /// The tag has what came as labels and headers.
    fn head_thing(
        &mut self,
        request: server::HeadThingRequest,
    ) -> Result<server::HeadThingResponse> {
        let (bucket, key) = (
            request.bucket.unwrap_or_default(),
            request.key.unwrap_or_default(),
        );
        if key == "missing" {
            return Err(rest_xml::error::NoSuchThing { message: None }.into());
        }
        Ok(server::HeadThingResponse {
            tag: Some(escaped(&format!("{bucket} {key}"))),
            ..converted(&json!({}))
        })
    }

    fn list_things(
        &mut self,
        request: server::ListThingsRequest,
    ) -> Result<server::ListThingsResponse> {
        Ok(converted(&json!({
            "prefix": request.prefix, "things": [{ "key": request.bucket, "size": 3 }]
        })))
    }

    fn list_toys(&mut self, request: server::ListToysRequest) -> Result<server::ListToysResponse> {
        let marker = request.marker;
        Ok(server::ListToysResponse { marker, toys: None })
    }

    fn make_toy(&mut self, request: server::MakeToyRequest) -> Result<server::MakeToyResponse> {
        if request.name.as_deref() == Some("old") {
            return Err(rest_xml::error::ToyExists {
                message: Some("there is one <already>".to_owned()),
                secret: None,
                toy: request.name,
            }
            .into());
        }
        Ok(converted(&request))
    }

    fn ping(&mut self, _: server::PingRequest) -> Result<server::PingResponse> {
        Err(rest_xml::error::Broken { message: None }.into())
    }

    fn put_choice(
        &mut self,
        request: server::PutChoiceRequest,
    ) -> Result<server::PutChoiceResponse> {
        Ok(converted(&request))
    }

    fn put_colour(
        &mut self,
        request: server::PutColourRequest,
    ) -> Result<server::PutColourResponse> {
        Ok(converted(&request))
    }

    fn put_data(&mut self, request: server::PutDataRequest) -> Result<server::PutDataResponse> {
        Ok(converted(&request))
    }

    fn put_note(&mut self, request: server::PutNoteRequest) -> Result<server::PutNoteResponse> {
        Ok(converted(&request))
    }

    fn put_thing(&mut self, request: server::PutThingRequest) -> Result<server::PutThingResponse> {
        let text = serde_json::to_string(&request).expect("it has a form in JSON");
        let tag = Some(escaped(&text));
        Ok(server::PutThingResponse { tag })
    }

    fn set_headers(
        &mut self,
        request: server::SetHeadersRequest,
    ) -> Result<server::SetHeadersResponse> {
        Ok(converted(&request))
    }
}

/// A text in the form that each header may have.
fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

fn unescaped(text: Option<&str>) -> String {
    let text = percent_decode_str(text.unwrap_or_default()).decode_utf8();
    text.expect("it is UTF-8").into_owned()
}

/// A client of the server half. Its endpoint has the bucket in the path.
fn client() -> Client {
    let config = Config::builder()
        .region("eu-central-1")
        .endpoint_url("http://127.0.0.1:1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .max_attempts(1)
        .transport(Into(serve!(rest_xml)))
        .build();
    Client::new(&config.expect("nothing is missing"))
}

fn blocking<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(future)
}

/// The members of a message of an operation, without what has no form of its own or is of one end only.
fn compared(operation: &str, value: &impl Serialize) -> Value {
    let mut value = members(value);
    let Some(members) = value.as_object_mut() else {
        return value;
    };
    match operation {
        // A label of the request.
        "GetBox" => drop(members.remove("name")),
        // An empty body is none.
        "PutColour" | "PutData" | "PutNote" => members.retain(|_, value| value != ""),
        "PutThing" => members.retain(|name, value| name != "data" || value != ""),
        // It would say that the texts are encoded, which a mock does not do.
        "ListThings" => drop(members.remove("encoding")),
        "SetHeaders" => drop(members.remove("status")),
        _ => {}
    }
    // The text of a header that is a time.
    members.remove("expiresString");
    // HTTP dates have whole seconds.
    let dates = match operation {
        "SetHeaders" => &["since", "times"][..],
        _ => &["expires"],
    };
    for name in dates {
        if let Some(value) = members.get_mut(*name) {
            *value = whole_seconds(&value.to_string());
        }
    }
    value
}

/// A text of JSON with times, without the fractions of their seconds.
fn whole_seconds(text: &str) -> Value {
    let mut pieces = text.split('.');
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        whole.push_str(piece.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    }
    serde_json::from_str(&whole).expect("it is JSON")
}

/// The name of the operation of a request.
fn operation_of(request: &'static str) -> &'static str {
    request
        .strip_suffix("Request")
        .expect("it is the name of a request")
}

/// Sends arbitrary requests to the server half, which sends back what it has read.
macro_rules! echoes {
    ($($name:ident: $request:ident;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig {
                cases: 200,
                failure_persistence: None,
                rng_seed: proptest::test_runner::RngSeed::Fixed(23),
                ..ProptestConfig::default()
            })]
            $(
                #[test]
                fn $name(request in any::<client::$request>()) {
                    let operation = operation_of(stringify!($request));
                    let sent = compared(operation, &request);
                    prop_assume!(sent.get("name") != Some(&json!("old")));
                    let came = blocking(client().send(request));
                    let came = came.expect("the halves understand each other");
                    prop_assert_eq!(sent, compared(operation, &came));
                }
            )*
        }
    };
}

echoes! {
    members_of_a_body_are_read_as_they_were_written: MakeToyRequest;
    a_structure_that_is_the_body_is_read_as_it_was_written: GetBoxRequest;
    a_union_that_is_the_body_is_read_as_it_was_written: PutChoiceRequest;
    an_enum_that_is_the_body_is_read_as_it_was_written: PutColourRequest;
    bytes_that_are_the_body_are_read_as_they_were_written: PutDataRequest;
    a_text_that_is_the_body_is_read_as_it_was_written: PutNoteRequest;
    headers_are_read_as_they_were_written: SetHeadersRequest;
}

/// Lets a mock respond with arbitrary values, which the client reads.
macro_rules! mocked {
    ($($name:ident: $request:ident, $response:ident;)*) => {
        proptest! {
            #![proptest_config(ProptestConfig {
                cases: 200,
                failure_persistence: None,
                rng_seed: proptest::test_runner::RngSeed::Fixed(24),
                ..ProptestConfig::default()
            })]
            $(
                #[test]
                fn $name(response in any::<client::$response>()) {
                    // The text of a header is read beside its time.
                    let mut response = members(&response);
                    if let Some(members) = response.as_object_mut() {
                        members.remove("expiresString");
                        members.remove("encoding");
                    }
                    let response: client::$response = converted(&response);
                    let operation = operation_of(stringify!($request));
                    let wanted = compared(operation, &response);
                    let mock = Mock::new().rule(
                        when::<client::$request>(|_| true).then(Ok(response)),
                    );
                    let config = mock.config().build().expect("the configuration is complete");
                    let request: client::$request = converted(&json!({
                        "name": "new", "bucket": "chest", "key": "a/b"
                    }));
                    let came = blocking(Client::new(&config).send(request));
                    let came = came.expect("the mock responds");
                    prop_assert_eq!(wanted, compared(operation, &came));
                }
            )*
        }
    };
}

mocked! {
    a_client_reads_the_members_that_its_mock_writes: MakeToyRequest, MakeToyResponse;
    a_client_reads_the_structure_that_its_mock_writes: GetBoxRequest, GetBoxResponse;
    a_client_reads_the_union_that_its_mock_writes: PutChoiceRequest, PutChoiceResponse;
    a_client_reads_the_enum_that_its_mock_writes: PutColourRequest, PutColourResponse;
    a_client_reads_the_text_that_its_mock_writes: PutNoteRequest, PutNoteResponse;
    a_client_reads_the_headers_that_its_mock_writes: SetHeadersRequest, SetHeadersResponse;
    a_client_reads_the_headers_without_a_body_that_its_mock_writes: HeadThingRequest, HeadThingResponse;
    a_client_reads_the_flattened_lists_that_its_mock_writes: ListThingsRequest, ListThingsResponse;
    a_client_reads_the_bare_root_that_its_mock_writes: GetPlaceRequest, GetPlaceResponse;
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(25),
        ..ProptestConfig::default()
    })]

    #[test]
    fn labels_in_the_endpoint_and_in_the_path_are_read_as_they_were_written(
        request in any::<client::PutThingRequest>()
    ) {
        let sent = compared("PutThing", &request);
        let came = blocking(client().send(request)).expect("the halves understand each other");
        let came: Value = serde_json::from_str(&unescaped(came.tag.as_deref())).expect("it is JSON");
        prop_assert_eq!(sent, compared("PutThing", &came));
    }

    #[test]
    fn a_client_reads_the_errors_that_its_mock_writes(error in any::<ServiceError>()) {
        let given = golden_rest_xml::Error::from_service(error.clone());
        let mock = Mock::new()
            .rule(when::<client::MakeToyRequest>(|_| true).then(Err(given)));
        let config = mock.config().max_attempts(1).build();
        let client = Client::new(&config.expect("the configuration is complete"));
        let came = blocking(client.make_toy().name("new").send()).expect_err("it is an error");
        prop_assert_eq!(came.service(), Some(&error));
    }
}

#[test]
fn errors_have_their_code_their_message_and_their_members() {
    let error = blocking(client().make_toy().name("old").send()).expect_err("there is one");
    assert_eq!(
        (error.status(), error.code()),
        (Some(409), Some("ToyExists"))
    );
    assert_eq!(error.message(), Some("there is one <already>"));
    let Some(ServiceError::ToyExists(exists)) = error.service() else {
        panic!("another error: {error:?}");
    };
    assert_eq!(exists.toy.as_deref(), Some("old"));
    let error = blocking(client().ping().send()).expect_err("it is broken");
    assert_eq!((error.status(), error.code()), (Some(500), Some("Broken")));
    assert!(matches!(error.service(), Some(ServiceError::Broken(_))));
}

#[test]
fn a_bucket_is_in_the_path_of_a_server() {
    let things = blocking(client().list_things().bucket("chest").prefix("a/").send());
    let things = things.expect("it is a list");
    let keys = things
        .things
        .iter()
        .flatten()
        .map(|thing| thing.key.as_deref());
    assert_eq!(keys.collect::<Vec<_>>(), [Some("chest")]);
    assert_eq!(things.prefix.as_deref(), Some("a/"));
    let head = blocking(
        client()
            .head_thing()
            .bucket("chest")
            .key("a/./b//c é%+")
            .send(),
    );
    assert_eq!(
        unescaped(head.expect("it is there").tag.as_deref()),
        "chest a/./b//c é%+"
    );
    let host = blocking(client().get_host().id("/hosts/a-host").send());
    assert_eq!(
        host.expect("it is short enough").id.as_deref(),
        Some("a-host")
    );
    let place = blocking(client().get_place().send()).expect("it is there");
    assert_eq!(place.place.as_deref(), Some("a & b"));
}
