//! The forms that serde reads, and the errors of others.

use attache_runtime::test::{FixtureError, from_json_deny_unknown};
use attache_runtime::{Document, Timestamp};
use attache_security_ir::enums::CaseStatus;
use attache_security_ir::error::ThrottlingException;
use attache_security_ir::operation::{
    CreateCaseRequest, GetCaseRequest, GetCaseResponse, ListCasesResponse,
};
use attache_security_ir::types::Watcher;
use golden_aws_json::operation::EchoResponse;
use golden_aws_json::types::{Bin, Choice, Part};
use golden_rest_json::operation::PutEverythingResponse;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[track_caller]
fn refused<T: DeserializeOwned>(text: &str, message: &str) {
    match serde_json::from_str::<T>(text) {
        Ok(_) => panic!("{text} was read"),
        Err(error) => assert!(
            error.to_string().starts_with(message),
            "{error}, expected {message}"
        ),
    }
}

#[test]
fn each_format_of_time_is_read_in_each_member() {
    let moment: Timestamp = "2024-05-01T10:00:00.5Z".parse().expect("a moment");
    let forms = [
        "1714557600.5",
        "1.7145576005e9",
        r#""2024-05-01T10:00:00.5Z""#,
        r#""2024-05-01T12:00:00.500+02:00""#,
        r#""Wed, 01 May 2024 10:00:00.5 GMT""#,
    ];
    for form in forms {
        for member in ["aTimestamp", "aDateTime", "anHttpDate"] {
            let response: EchoResponse = read(&format!("{{\"{member}\": {form}}}"));
            let times = [
                response.a_timestamp,
                response.a_date_time,
                response.an_http_date,
            ];
            assert_eq!(times.into_iter().flatten().next(), Some(moment), "{form}");
        }
        let response: GetCaseResponse = read(&format!("{{\"createdDate\": {form}}}"));
        assert_eq!(response.created_date, Some(moment));
    }
    let response: GetCaseResponse = read(r#"{"createdDate": 1714557600}"#);
    assert_eq!(
        response.created_date.map(Timestamp::epoch_seconds),
        Some(1_714_557_600)
    );
}

#[test]
fn blobs_numbers_and_lists_are_read_as_they_are_sent() {
    let response: EchoResponse = read(
        r#"{"aBlob": "Zg", "aBlobList": ["Zg==", null], "aLong": 9223372036854775807, "anInteger": 1e3,
            "aDouble": "-Infinity", "aFloat": "NaN", "aList": ["a", null], "aSparseList": ["a", null],
            "aSparseMap": {"a": null}, "aMap": {"a": null, "b": "c"}, "anEnum": "mauve", "anIntEnum": 77,
            "aDocument": {"a": [1, null, 1.5]}, "aBoolean": null, "newMember": {"deep": [{}]}, "__type": "x"}"#,
    );
    assert_eq!(response.a_blob.as_deref(), Some(&b"f"[..]));
    assert_eq!(response.a_blob_list.map(|list| list.len()), Some(1));
    assert_eq!(response.a_long, Some(i64::MAX));
    assert_eq!(response.an_integer, Some(1000));
    assert_eq!(response.a_double, Some(f64::NEG_INFINITY));
    assert!(response.a_float.is_some_and(f32::is_nan));
    assert_eq!(response.a_list.as_deref(), Some(&["a".to_owned()][..]));
    assert_eq!(
        response.a_sparse_list,
        Some(vec![Some("a".to_owned()), None])
    );
    assert_eq!(response.a_sparse_map, Some([("a".to_owned(), None)].into()));
    assert_eq!(response.a_map.map(|map| map.len()), Some(1));
    assert_eq!(response.an_enum.map(String::from).as_deref(), Some("mauve"));
    assert_eq!(response.an_int_enum.map(i32::from), Some(77));
    assert_eq!(response.a_boolean, None);
}

#[test]
fn unions_are_read_and_written_as_they_are_sent() {
    let choice: Choice = read(r#"{"__type": "x", "text": null, "number": 3}"#);
    assert_eq!(choice, Choice::Number(3));
    let unknown: Choice = read(r#"{"colour": {"hue": 1}}"#);
    let hue = Document::Object([("hue".to_owned(), Document::from(1_u64))].into());
    assert_eq!(unknown, Choice::Unknown("colour".to_owned(), hue));
    let text = serde_json::to_string(&unknown).expect("it can be written");
    assert_eq!(text, r#"{"colour":{"hue":1}}"#);
    assert_eq!(read::<Choice>("{}"), Choice::default());
    refused::<Choice>(
        r#"{"number": "x"}"#,
        "/number: expected an integer, found a string",
    );
    refused::<Choice>("3", "expected an object, found a number");
}

#[test]
fn members_are_read_by_their_names_on_the_wire_and_in_the_model() {
    for text in [r#"{"re-named": "x"}"#, r#"{"renamed": "x"}"#] {
        let response: PutEverythingResponse = read(text);
        assert_eq!(response.renamed.as_deref(), Some("x"), "{text}");
    }
    // awsJson sends the names of the model, whatever `jsonName` says.
    let response: EchoResponse = read(r#"{"re-named": "x"}"#);
    assert_eq!(response.renamed, None);
    let request: GetCaseRequest = read(r#"{"caseId": "1234567890"}"#);
    assert_eq!(request.case_id.as_deref(), Some("1234567890"));
    let error: ThrottlingException = read(
        r#"{"Message": "slow down", "retryAfterSeconds": 3, "__type": "ThrottlingException"}"#,
    );
    assert_eq!(
        (error.message.as_str(), error.retry_after_seconds),
        ("slow down", Some(3))
    );
}

#[test]
fn values_are_read_inside_of_types_of_others() {
    #[derive(Deserialize)]
    struct Fixture {
        #[serde(flatten)]
        case: GetCaseResponse,
    }
    let fixture: Fixture = read(r#"{"title": "t", "createdDate": 1714557600.5}"#);
    assert_eq!(fixture.case.title.as_deref(), Some("t"));
    assert!(fixture.case.created_date.is_some());
    let list: Vec<Option<GetCaseResponse>> = read(r#"[{"caseStatus": "Closed"}, null]"#);
    let status = list[0].as_ref().and_then(|case| case.case_status.clone());
    assert_eq!((status, list.len()), (Some(CaseStatus::Closed), 2));
    let value = json!({ "items": [{ "caseId": "1", "createdDate": 1 }] });
    let page = ListCasesResponse::deserialize(&value).expect("a page");
    assert_eq!(page.items.map(|items| items.len()), Some(1));
}

#[test]
fn an_error_says_where_and_what_is_expected() {
    refused::<GetCaseResponse>(
        r#"{"createdDate": "yesterday"}"#,
        "/createdDate: invalid timestamp: expected epoch-seconds such as 1515531081.1234, found \"yesterday\"",
    );
    refused::<ListCasesResponse>(
        r#"{"items": [{"caseId": "1"}, {"caseId": 2}]}"#,
        "/items/1/caseId: expected a string, found a number",
    );
    refused::<GetCaseResponse>("[]", "expected an object, found an array");
    refused::<EchoResponse>(
        r#"{"aBlob": "hunter2!"}"#,
        "/aBlob: expected a base64 string, found another string",
    );
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    let value = (0..200).fold(json!(1), |value, _| json!([value]));
    assert!(serde_json::from_str::<GetCaseResponse>(&deep).is_err());
    let error = GetCaseResponse::deserialize(&value).expect_err("it nests too deep");
    assert_eq!(
        error.to_string(),
        "expected lists and maps to nest at most 128 deep"
    );
}

/// Users write these, so serde refuses what they forgot. What a response lacks has a default.
#[test]
fn parts_of_requests_must_have_their_required_members() {
    refused::<Bin>(
        "{}",
        "expected an object with all required members, found one without `entries`",
    );
    refused::<Bin>(
        r#"{"entries": null}"#,
        "/entries: expected an object, found null",
    );
    assert_eq!(read::<Bin>(r#"{"entries": {}}"#), Bin::default());
    assert_eq!(read::<Part>("{}").name, "");
    assert_eq!(read::<Watcher>("{}").email, "");
    assert_eq!(
        read::<CreateCaseRequest>("{}"),
        CreateCaseRequest::default()
    );
}

#[test]
fn a_fixture_with_unknown_members_is_refused_with_the_paths_of_all() {
    let text = r#"{"caseStatu": "Closed", "watchers": [{"email": "a@b.example"}, {"fax": 1, "email": null}],
        "__type": "x", "title": "t", "a/b": {"c": 1}}"#;
    assert_eq!(read::<GetCaseResponse>(text).title.as_deref(), Some("t"));
    let error = from_json_deny_unknown::<GetCaseResponse>(text).expect_err("three are unknown");
    assert_eq!(
        error.unknown_members(),
        ["/caseStatu", "/watchers/1/fax", "/a~1b"]
    );
    assert_eq!(
        error.to_string(),
        "the model lacks members of the text: /caseStatu, /watchers/1/fax, /a~1b"
    );
    let text = r#"{"aChoice": {"colour": 1, "number": 2}, "anEnum": "mauve"}"#;
    let error =
        from_json_deny_unknown::<EchoResponse>(text).expect_err("the union has a new member");
    assert_eq!(error.unknown_members(), ["/aChoice/colour"]);
    assert!(from_json_deny_unknown::<EchoResponse>(r#"{"anEnum": "mauve"}"#).is_ok());
}

#[test]
fn a_fixture_of_another_form_is_refused_with_its_place() {
    let error: FixtureError =
        from_json_deny_unknown::<GetCaseResponse>("{\n  \"title\": 1, \"x\": 2}")
            .expect_err("the title is a number");
    assert!(error.unknown_members().is_empty());
    assert_eq!(
        format!("{error:?}"),
        "the text does not have the form of the type\n  caused by: expected a string, found a number at /title \
         (line 2, column 12, byte 13)"
    );
    let whole =
        from_json_deny_unknown::<GetCaseResponse>("{} {}").expect_err("there are two values");
    assert!(format!("{whole:#}").contains("expected the end of the input"));
}
