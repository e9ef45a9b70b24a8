//! No place of a message takes a secret into the view of the wire.

use attache_runtime::bearer::BearerToken;
use attache_runtime::{Attempt, ByteStream, Interceptor};
use attache_tests::transport::Answers;
use golden_rest_json::operation::Conceal;
use http::{HeaderMap, HeaderValue};
use tracing::Level;
use tracing_subscriber::fmt::format::FmtSpan;

use super::{assert_parts, builder, lines_at, one_line};

const SECRET: &str = "confidential";

fn client(answers: &Answers) -> golden_rest_json::Client {
    client_with_limit(answers, 10_000)
}

fn client_with_limit(answers: &Answers, limit: usize) -> golden_rest_json::Client {
    let config = builder(answers).max_attempts(1).trace_wire(limit).build();
    golden_rest_json::Client::new(&config.expect("nothing is missing"))
}

/// A call whose sensitive members all contain the secret.
fn conceal(client: &golden_rest_json::Client) -> Conceal {
    let keys = [(format!("{SECRET}-key"), "of a secret key".to_owned())];
    client
        .conceal()
        .secret_host(SECRET)
        .secret_label(SECRET)
        .plain_label("plain-label")
        .secret_path(format!("a/{SECRET}"))
        .secret_query(SECRET)
        .plain_query("plain-query")
        .secret_params(keys.clone())
        .secret_type(SECRET)
        .secret_header(SECRET)
        .plain_header("plain-header")
        .secret_headers(keys.clone())
        .secret(SECRET)
        .secret_keys(keys)
        .plain("plain-text")
}

/// All lines of a call, those of its spans included.
async fn lines(call: Conceal) -> String {
    let call = async { drop(call.send().await) };
    lines_at(Level::TRACE, FmtSpan::NEW | FmtSpan::CLOSE, call).await
}

fn assert_hidden(lines: &str) {
    assert!(!lines.contains(SECRET), "{lines}");
    assert!(!lines.contains("of a secret key"), "{lines}");
}

/// An answer in which all sensitive members contain the secret.
fn answer(status: u16, body: &str) -> Answers {
    let headers = [
        ("content-type", SECRET),
        ("server", SECRET),
        ("x-plain", "plain-header"),
        ("x-keys-confidential", "of a secret key"),
        ("x-unknown", SECRET),
        ("set-cookie", SECRET),
        ("date", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ];
    Answers::default().then(status, &headers, body)
}

#[tokio::test]
async fn sensitive_members_are_hidden_wherever_they_are_bound() {
    let body = r#"{"secret": "confidential", "secretKeys": {"confidential": "of a secret key"}, "plain": "plain-text"}"#;
    let answers = answer(200, body);
    let lines = lines(conceal(&client(&answers))).await;
    let sent = answers.sent();
    assert!(sent[0].url.contains(SECRET), "{}", sent[0].url);
    assert_eq!(sent[0].header("x-keys-confidential-key"), "of a secret key");
    assert_hidden(&lines);
    let request = one_line(&lines, "attache::wire: request");
    assert_parts(
        request,
        &[
            "url.full=https://REDACTED/conceal/REDACTED/plain-label/REDACTED?plainQuery=plain-query&REDACTED&REDACTED ",
            "\"x-plain: plain-header\"",
            "\"content-type: ** redacted **\"",
            "\"** redacted **: ** redacted **\"",
            "\"authorization: ** redacted **\"",
            "\"x-amz-date: 19700101T000000Z\"",
            r#""secret":"** redacted **","#,
            r#""secretKeys":"** redacted **"}"#,
            r#""plain":"plain-text""#,
        ],
    );
    let response = one_line(&lines, "attache::wire: response");
    assert_parts(
        response,
        &[
            "\"server: ** redacted **\"",
            "\"x-plain: plain-header\"",
            "\"x-unknown: ** redacted **\"",
            "\"date: Thu, 01 Jan 1970 00:00:00 GMT\"",
            r#""plain": "plain-text""#,
        ],
    );
}

#[tokio::test]
async fn a_response_that_does_not_match_the_model_shows_no_sensitive_header() {
    for (status, body) in [
        (200, "<html>confidential"),
        (200, r#"{"secret": ["confidential"]}"#),
        (200, r#"{"plain": 5, "secret": "confidential"}"#),
        (500, "<html>confidential"),
        (
            403,
            r#"{"__type": "Private", "message": "confidential", "name": "confidential"}"#,
        ),
        (403, r#"{"__type": "Private", "message": ["confidential"]}"#),
        (403, r#"{"__type": "Unknown", "message": "confidential"}"#),
        (204, ""),
    ] {
        let answers = match status {
            200..=299 => answer(status, body),
            // The errors have no members in headers: these headers mean what HTTP says.
            _ => Answers::with(status, body),
        };
        let lines = lines(conceal(&client(&answers))).await;
        one_line(&lines, "attache::wire: response");
        assert_hidden(&lines);
    }
}

#[tokio::test]
async fn headers_of_interceptors_are_named_and_not_shown() {
    #[derive(Debug)]
    struct Adding;
    impl Interceptor for Adding {
        fn before_attempt(&self, _: &Attempt<'_>, headers: &mut HeaderMap) {
            for name in [
                "x-custom",
                "via",
                "date",
                "server",
                "host",
                "content-type",
                "content-md5",
                "x-plain",
                "x-amz-date",
                "x-amzn-trace-id",
                "x-amz-security-token",
                "user-agent",
                "cookie",
            ] {
                headers.insert(name, HeaderValue::from_static(SECRET));
            }
        }
    }
    let answers = Answers::default();
    let config = builder(&answers)
        .interceptor(Adding)
        .trace_wire(1_000)
        .build();
    let client = golden_rest_json::Client::new(&config.expect("nothing is missing"));
    let call = async {
        drop(conceal(&client).send().await);
        // This one is not signed.
        drop(client.ping().send().await);
    };
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, call).await;
    assert_eq!(answers.sent().len(), 2, "{lines}");
    assert_hidden(&lines);
    assert!(lines.contains("\"x-custom: ** redacted **\""), "{lines}");
}

#[tokio::test]
async fn a_bearer_token_and_what_a_call_with_one_has_beside_it_are_hidden() {
    #[derive(Debug)]
    struct Adding;

    impl Interceptor for Adding {
        fn before_attempt(&self, _: &Attempt<'_>, headers: &mut HeaderMap) {
            // The header would be shown if the request was signed, which sets it again.
            headers.insert("x-amz-date", HeaderValue::from_static(SECRET));
        }
    }
    let answers = Answers::default();
    let config = builder(&answers)
        .bearer_token(BearerToken::new(format!("{SECRET}-token")))
        .interceptor(Adding)
        .trace_wire(1_000)
        .build();
    let client = golden_rest_json::Client::new(&config.expect("nothing is missing"));
    assert!(!format!("{client:?}").contains(SECRET), "{client:?}");
    let lines = lines(conceal(&client)).await;
    let sent = &answers.sent()[0];
    assert_eq!(
        sent.header("authorization"),
        format!("Bearer {SECRET}-token")
    );
    assert_hidden(&lines);
}

#[tokio::test]
async fn queries_and_users_of_urls_in_a_text_are_hidden_however_the_json_escapes_them() {
    for url in [
        "https://bucket/key?X-Amz-Signature=confidential",
        r"https:\/\/bucket\/key?X-Amz-Signature=confidential",
        r"https:\u002F\u002fbucket/key\u003fa=confidential",
        r"https:\/\/confidential:confidential@bucket\/key",
        r"X-Amz-Security-Token\u003dconfidential",
    ] {
        let body = format!(r#"{{"plain": "at {url} \\ \" \u00e9 \n"}}"#);
        let lines = lines(conceal(&client(&answer(200, &body)))).await;
        assert_hidden(&lines);
        assert_parts(
            one_line(&lines, "attache::wire: response"),
            &[r#"{"plain": "at "#],
        );
    }
}

#[tokio::test]
async fn a_body_is_cut_at_the_limit_wherever_that_is() {
    let body = r#"{"plain": "äöü日本", "secret": "confidential", "other": {"a": "confidential"}}"#;
    for limit in 0..120 {
        let client = client_with_limit(&answer(200, body), limit);
        let lines = lines(conceal(&client)).await;
        assert_hidden(&lines);
        let response = one_line(&lines, "attache::wire: response");
        let (_, shown) = response
            .split_once("http.response.body.content=")
            .expect("a body");
        let whole = r#"{"plain": "äöü日本", "secret": "** redacted **", "other": "** not in the model **"}"#;
        match whole.chars().count() <= limit {
            true => assert_eq!(shown, whole),
            false => {
                let start: String = whole.chars().take(limit).collect();
                assert_eq!(shown, format!("{start}… … of {} bytes", body.len()));
            }
        }
    }
}

#[tokio::test]
async fn a_streamed_body_is_not_shown_and_neither_are_texts_and_blobs() {
    let answers = Answers::default();
    let client = client(&answers);
    let call = async {
        let bytes = ByteStream::from(SECRET.as_bytes().to_vec());
        drop(client.put_stream().body(bytes).send().await);
        drop(client.echo_text().payload(SECRET).send().await);
        drop(
            client
                .echo_blob()
                .payload(SECRET.as_bytes().to_vec())
                .send()
                .await,
        );
        drop(client.get_stream().send().await);
    };
    let lines = lines_at(Level::TRACE, FmtSpan::NONE, call).await;
    assert_hidden(&lines);
    assert_parts(&lines, &["12 bytes of text/plain, which are not shown"]);
}

#[tokio::test]
async fn a_key_that_is_no_header_name_is_not_in_the_error() {
    let client = client(&Answers::default());
    let keys = [(format!("{SECRET} "), "x".to_owned())];
    let error = conceal(&client)
        .secret_headers(keys)
        .send()
        .await
        .expect_err("it is no name");
    let shown = format!("{error:#} {error:?}");
    assert!(
        shown.contains("secretHeaders") && !shown.contains(SECRET),
        "{shown}"
    );
}

#[tokio::test]
async fn an_endpoint_with_a_password_is_refused_without_it() {
    let answers = Answers::default();
    let config = builder(&answers)
        .endpoint_url("https://confidential:confidential@example.com/confidential")
        .trace_wire(1_000)
        .build();
    let error = config.expect_err("a user in an endpoint");
    let shown = format!("{error:#} {error:?}");
    assert!(!shown.contains(":confidential"), "{shown}");
}
