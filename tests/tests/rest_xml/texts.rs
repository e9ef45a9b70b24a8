//! The texts of responses: what XML of them is read, what is refused, and where a response is not what its model says.

use attache_runtime::ErrorKind;
use attache_tests::transport::Answers;

use super::client;

async fn place(body: &str) -> Result<Option<String>, golden_rest_xml::Error> {
    let answers = Answers::with(200, body);
    let place = client(&answers).get_place().send().await?;
    Ok(place.place)
}

/// The only member is the root itself, whatever is around it in the model.
#[tokio::test]
async fn a_response_without_an_element_of_its_own_is_its_only_member() {
    for (body, expected) in [
        ("<Place>eu</Place>", Some("eu")),
        (
            "<Place xmlns='https://toys.example/'>eu</Place>",
            Some("eu"),
        ),
        ("<Place/>", Some("")),
        ("<Place>\n</Place>", Some("\n")),
        ("<Other>eu</Other>", None),
        ("", None),
    ] {
        let came = place(body)
            .await
            .unwrap_or_else(|error| panic!("{body}: {error:#}"));
        assert_eq!(came.as_deref(), expected, "{body}");
    }
}

#[tokio::test]
async fn a_text_has_its_references_literals_and_white_space() {
    for (text, expected) in [
        ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"),
        ("&#233;&#xE9;&#x1F600;", "éé😀"),
        ("<![CDATA[<a> & ]]]]><![CDATA[>]]>", "<a> & ]]>"),
        ("  a\r\n\tb  ", "  a\n\tb  "),
        (" ", " "),
        ("a<!-- no -->b<?no?>c", "abc"),
    ] {
        let body = format!("<Place>{text}</Place>");
        let came = place(&body)
            .await
            .unwrap_or_else(|error| panic!("{body}: {error:#}"));
        assert_eq!(came.as_deref(), Some(expected), "{body}");
    }
}

#[tokio::test]
async fn a_document_type_and_other_entities_are_refused() {
    for body in [
        "<!DOCTYPE Place><Place>eu</Place>",
        "<!DOCTYPE Place [<!ENTITY a \"b\">]><Place>&a;</Place>",
        "<!DOCTYPE Place SYSTEM \"file:///etc/passwd\"><Place/>",
        "<Place>&nbsp;</Place>",
        "<Place>&#0;&#xD800;</Place>",
        "<Place>a</Place><Place>b</Place>",
    ] {
        let error = place(body).await.expect_err(body);
        // What is no XML counts as an error of the server.
        let kinds = [ErrorKind::Decode, ErrorKind::Service];
        assert!(kinds.contains(&error.kind()), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn depth_and_size_are_bounded() {
    let nested = |depth: usize| {
        let (open, close) = ("<inner>".repeat(depth), "</inner>".repeat(depth));
        format!("<MakeToyOutput><MainPart>{open}{close}</MainPart></MakeToyOutput>")
    };
    let made = |body: String| async move {
        let answers = Answers::with(200, &body);
        client(&answers).make_toy().name("x").send().await
    };
    made(nested(100)).await.expect("it is not too deep");
    let error = made(nested(200)).await.expect_err("it is too deep");
    assert_eq!(error.kind(), ErrorKind::Decode, "{error:#}");
    assert!(format!("{error:#}").contains("128 deep"), "{error:#}");

    let answers = Answers::with(200, &format!("<Place>{}</Place>", "x".repeat(10_000)));
    let config = answers
        .builder()
        .value_limit(5_000)
        .build()
        .expect("nothing is missing");
    let place = golden_rest_xml::Client::new(&config)
        .get_place()
        .send()
        .await;
    assert_eq!(
        place.expect_err("it is too large").kind(),
        ErrorKind::Decode
    );
}

#[tokio::test]
async fn a_header_that_is_no_date_keeps_its_text() {
    for (text, is_date) in [
        ("Thu, 01 Jan 1970 00:00:01 GMT", true),
        // botocore reads seconds since 1970 here, too.
        ("0", true),
        ("soon", false),
        ("Thu, 32 Jan 1970 00:00:01 GMT", false),
    ] {
        let answers = Answers::default().then(200, &[("expires", text)], "");
        let head = client(&answers)
            .head_thing()
            .bucket("chest")
            .key("k")
            .send();
        let head = head
            .await
            .unwrap_or_else(|error| panic!("{text}: {error:#}"));
        assert_eq!(head.expires.is_some(), is_date, "{text}");
        assert_eq!(head.expires_string.as_deref(), Some(text));
    }
    let answers = Answers::with(200, "");
    let head = client(&answers)
        .head_thing()
        .bucket("chest")
        .key("k")
        .send()
        .await;
    let head = head.expect("it is a success");
    assert_eq!((head.expires, head.expires_string), (None, None));
}

/// An element belongs to each member with its name; attributes and prefixes are known by their local names.
#[tokio::test]
async fn an_element_with_two_members_is_read_into_both() {
    let body = "<Rules><rule><Event>a</Event><Part><title>t</title></Part><Event>b&amp;c</Event><Event/></rule></Rules>";
    let answers = Answers::with(200, body);
    let rules = client(&answers).get_rules().send().await;
    let rule = rules.expect("it is a success").rule.expect("it is there");
    assert_eq!(rule.event.as_deref(), Some(""));
    assert_eq!(
        rule.events.as_deref(),
        Some(&["a".to_owned(), "b&c".to_owned(), String::new()][..])
    );
    assert_eq!(rule.secret_events.as_deref(), Some(""));
    assert_eq!(rule.part, rule.again);
    assert_eq!(rule.part.map(|part| part.title).as_deref(), Some("t"));
}
