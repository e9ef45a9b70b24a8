//! What a client does to the members of requests and responses beyond the protocol, as an overlay states it.

use attache_runtime::ErrorKind;
use attache_tests::transport::Answers;
use golden_rest_xml::enums::Encoding;

use super::client;

#[tokio::test]
async fn a_source_is_percent_encoded_up_to_its_version() {
    for (source, expected) in [
        ("chest/a b+é%", "chest/a%20b%2B%C3%A9%25"),
        ("/chest/k?version=1+2", "/chest/k?version=1+2"),
        ("chest/k?x", "chest/k%3Fx"),
    ] {
        let answers = Answers::with(200, "<CopyThingResult/>");
        let copy = client(&answers)
            .copy_thing()
            .bucket("chest")
            .key("k")
            .source(source);
        copy.send().await.expect("it is a success");
        assert_eq!(answers.sent()[0].header("x-copy-source"), expected);
    }
}

#[tokio::test]
async fn a_key_is_sent_in_base64_with_its_digest() {
    let key = "0123456789abcdef0123456789abcdef";
    let answers = Answers::with(200, "<CopyThingResult/>").then(200, &[], "<CopyThingResult/>");
    let copy = || {
        client(&answers)
            .copy_thing()
            .bucket("chest")
            .key("k")
            .cipher_key(key)
    };
    copy().send().await.expect("it is a success");
    copy()
        .cipher_key_digest("given")
        .send()
        .await
        .expect("it is a success");
    let [first, second] = &answers.sent()[..] else {
        panic!("two requests");
    };
    assert_eq!(
        first.header("x-cipher-key"),
        "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    );
    assert_eq!(first.header("x-cipher-key-md5"), "hRasmdxgYDKV3nvbahU1MA==");
    assert_eq!(second.header("x-cipher-key"), key);
    assert_eq!(second.header("x-cipher-key-md5"), "given");
}

#[tokio::test]
async fn an_id_is_what_is_behind_its_last_slash_before_it_is_validated() {
    let answers = Answers::with(200, "<GetHostOutput/>");
    let host = client(&answers)
        .get_host()
        .id("/hosts/12345678")
        .send()
        .await;
    host.expect("it is short enough");
    assert!(
        answers.sent()[0].url.ends_with("/hosts/12345678"),
        "{:?}",
        answers.sent()
    );
    let error = client(&answers).get_host().id("/hosts/").send().await;
    assert_eq!(
        error.expect_err("nothing is left").kind(),
        ErrorKind::Validation
    );
    let error = client(&answers)
        .get_host()
        .id("/hosts/123456789")
        .send()
        .await;
    assert_eq!(
        error.expect_err("it is too long").kind(),
        ErrorKind::Validation
    );
}

const ENCODED: &str = "<ListThingsResult><EncodingType>url</EncodingType><Prefix>a%2B+b</Prefix>\
                       <Contents><Key>%C3%A9+%25</Key></Contents><Contents><Key>%01</Key></Contents></ListThingsResult>";

#[tokio::test]
async fn texts_that_the_client_asked_to_be_encoded_are_decoded() {
    let answers = Answers::with(200, ENCODED);
    let list = client(&answers).list_things().bucket("chest").send().await;
    let list = list.expect("it is a success");
    assert!(answers.sent()[0].url.contains("encoding-type=url"));
    assert_eq!(list.prefix.as_deref(), Some("a+ b"));
    let keys: Vec<_> = list
        .things
        .into_iter()
        .flatten()
        .filter_map(|thing| thing.key)
        .collect();
    assert_eq!(keys, ["é %", "\u{1}"]);

    // A caller who asked for it gets what came.
    let answers = Answers::with(200, ENCODED);
    let list = client(&answers)
        .list_things()
        .bucket("chest")
        .encoding(Encoding::Url)
        .send();
    assert_eq!(
        list.await.expect("it is a success").prefix.as_deref(),
        Some("a%2B+b")
    );

    // A service that does not say so did not encode them.
    let plain = ENCODED.replace("<EncodingType>url</EncodingType>", "");
    let answers = Answers::with(200, &plain);
    let list = client(&answers).list_things().bucket("chest").send();
    assert_eq!(
        list.await.expect("it is a success").prefix.as_deref(),
        Some("a%2B+b")
    );
}

#[tokio::test]
async fn labels_are_in_the_host_or_in_the_path_as_the_endpoint_rules_say() {
    let sent = |url: Option<&'static str>, key: &'static str| async move {
        let answers = Answers::with(200, "").then(200, &[], "<ListThingsResult/>");
        let mut builder = answers.builder();
        if let Some(url) = url {
            builder = builder.endpoint_url(url);
        }
        let client = golden_rest_xml::Client::new(&builder.build().expect("nothing is missing"));
        client
            .head_thing()
            .bucket("chest")
            .key(key)
            .send()
            .await
            .expect("it is a success");
        client
            .list_things()
            .bucket("chest")
            .send()
            .await
            .expect("it is a success");
        let sent = answers.sent();
        [sent[0].url.clone(), sent[1].url.clone()]
    };
    let list = "?list-type=2&encoding-type=url";
    let host = "https://chest.toys.eu-central-1.example";
    assert_eq!(
        sent(None, "a/../b c//d").await,
        [format!("{host}/a/../b%20c//d"), format!("{host}/{list}")]
    );
    let host = "http://127.0.0.1:9";
    assert_eq!(
        sent(Some(host), "k").await,
        [format!("{host}/chest/k"), format!("{host}/chest{list}")]
    );
}

#[tokio::test]
async fn a_label_in_the_endpoint_must_be_given() {
    let answers = Answers::default();
    let error = client(&answers).head_thing().key("k").send().await;
    let error = error.expect_err("it has no bucket");
    assert_eq!(error.kind(), ErrorKind::Validation, "{error:#}");
    assert!(format!("{error:#}").contains("bucket"), "{error:#}");
    assert!(answers.sent().is_empty());
}
