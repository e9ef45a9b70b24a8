//! Whole texts: which are accepted, and the errors for the others.

use attache_runtime::plumbing::xml::{DEPTH_LIMIT, Reader};

use super::{read, refused, value};

#[test]
fn text_is_read_with_its_references_literals_and_line_ends() {
    for (text, expected) in [
        ("", ""),
        (" a\tb\n ", " a\tb\n "),
        ("&lt;&gt;&amp;&quot;&apos;", "<>&\"'"),
        (
            "&#65;&#x42;&#x1F600;&#13;&#0000000000000000000000000000000000067;",
            "AB😀\rC",
        ),
        // S3 sends such references in keys.
        ("a&#x7;b&#x1b;&#0;&#xFFFF;", "a\u{7}b\u{1b}\0\u{ffff}"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\r&quot;\r&#10;b&#13;\r<![CDATA[\r]]>", "a\n\"\n\nb\r\n\n"),
        ("<![CDATA[<b>&amp;\r\n]]]>", "<b>&amp;\n]"),
        ("1<!-- <b> -- -->2<?c d?>3", "123"),
        (" 1 <!---->&#32;<![CDATA[ ]]> ", " 1    "),
        ("é — 😀", "é — 😀"),
        ("a > b ]]> c", "a > b ]]> c"),
        (
            "12345678&amp;12345678<!--x-->12345678",
            "12345678&1234567812345678",
        ),
    ] {
        assert_eq!(
            value!(text, Reader::string).expect(text),
            expected,
            "{text}"
        );
    }
    assert_eq!(read(b"<a/>", Reader::string).unwrap(), "");
    assert_eq!(read(b"<a b='/>'\n/>", Reader::string).unwrap(), "");
}

#[test]
fn children_are_known_by_their_local_names() {
    let text = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a --><?b c?>\n\
        <x:R xmlns:x=\"u\" xmlns='v' k = \"1>2\"><!-- d --> text <y:A >1</y:A\n><B/><C z:l='&lt;'></C></x:R>\n<!-- e --> ";
    let mut reader = Reader::new(text.as_bytes()).unwrap();
    assert_eq!(reader.root().unwrap(), "R");
    assert_eq!(reader.attribute("k").unwrap().as_deref(), Some("1>2"));
    assert_eq!(reader.attribute("x").unwrap(), None, "it is a namespace");
    assert_eq!(reader.child().unwrap(), Some("A"));
    assert_eq!(reader.string().unwrap(), "1");
    assert_eq!(reader.child().unwrap(), Some("B"));
    assert_eq!(reader.attribute("k").unwrap(), None);
    reader.skip().unwrap();
    assert_eq!(reader.child().unwrap(), Some("C"));
    assert_eq!(reader.attribute("l").unwrap().as_deref(), Some("<"));
    assert_eq!(reader.child().unwrap(), None);
    assert_eq!(reader.child().unwrap(), None);
    reader.finish().unwrap();
}

#[test]
fn white_space_in_attributes_is_a_space() {
    let mut reader = Reader::new(b"<a b='1\t2\r\n3&#10;4' c='&bad;'/>").unwrap();
    reader.root().unwrap();
    assert_eq!(reader.attribute("b").unwrap().as_deref(), Some("1 2 3\n4"));
    assert!(reader.attribute("c").is_err());
}

#[test]
fn names_are_those_of_xml() {
    for name in ["a", "_", "é", "a-b.c1", "\u{2070}x"] {
        let text = format!("<r><{name}>1</{name}\t></r>");
        assert!(
            read(text.as_bytes(), |reader| reader.skip()).is_ok(),
            "{text}"
        );
    }
    for name in ["1", "-a", ".", "", " a", "a\u{b}b"] {
        let text = format!("<r><{name}>1</{name}></r>");
        assert!(
            read(text.as_bytes(), |reader| reader.skip()).is_err(),
            "{text}"
        );
    }
}

#[test]
fn texts_that_are_not_well_formed_are_refused_in_every_function() {
    for text in [
        "",
        " ",
        "text",
        "{}",
        "<a>",
        "<a></b>",
        "<a><b></a></b>",
        "</a>",
        "</>",
        "<a",
        "<a b",
        "<a b=",
        "<a b='",
        "<a b=1></a>",
        "<a b='<'></a>",
        "<a /",
        "<a / >",
        "<a><b",
        "<a><!-- ",
        "<a><![CDATA[",
        "<a><![CDATA[]]",
        "<a><?b",
        "<a></a",
        "<a></a>x",
        "<a></a><b></b>",
        "<a></a><!-- ",
        "<a></a><![CDATA[]]>",
        "<!DOCTYPE a><a></a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<a><!ELEMENT b></a>",
        "<![CDATA[]]><a></a>",
        "<a></aa>",
        "<aa></a>",
    ] {
        let bytes = text.as_bytes();
        assert!(read(bytes, |reader| reader.skip()).is_err(), "{text}");
        assert!(read(bytes, Reader::string).is_err(), "{text}");
        assert!(
            read(bytes, |reader| reader.list(Reader::string)).is_err(),
            "{text}"
        );
    }
}

#[test]
fn references_that_are_not_well_formed_are_refused() {
    for text in [
        "&",
        "&;",
        "&amp",
        "&unknown;",
        "&#;",
        "&#x;",
        "&#xD800;",
        "&#1114112;",
        "&#+65;",
        "&#x+41;",
        "&#99999999999;",
        "&é;",
    ] {
        assert!(value!(text, Reader::string).is_err(), "{text}");
    }
}

#[test]
fn elements_nest_at_most_to_the_limit() {
    let deep = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(read(deep(DEPTH_LIMIT).as_bytes(), |reader| reader.skip()).is_ok());
    let error = refused(read(deep(DEPTH_LIMIT + 1).as_bytes(), |reader| {
        reader.skip()
    }));
    assert!(
        error.starts_with("expected elements to nest at most 128 deep"),
        "{error}"
    );
}

#[test]
fn errors_name_the_place_and_not_the_value() {
    let text = b"<R>\n <A><B>1</B>\n  <B>secret</B></A></R>";
    let error = read(text, |reader| {
        assert_eq!(reader.child()?, Some("A"));
        reader.list(Reader::integer)
    })
    .unwrap_err();
    assert_eq!(error.path(), "/R/A/B");
    assert_eq!((error.line(), error.column(), error.offset()), (3, 6, 22));
    assert_eq!(
        error.to_string(),
        "expected an integer, found another text at /R/A/B (line 3, column 6, byte 22)"
    );
    let long = format!("<{0}></b></{0}>", "é".repeat(70));
    let error = read(long.as_bytes(), |reader| reader.skip()).unwrap_err();
    assert_eq!(error.path(), format!("/{}…", "é".repeat(64)));
    let error = refused(read(b"<a>\xff</a>", Reader::string));
    assert_eq!(error, "expected UTF-8 (line 1, column 4, byte 3)");
    let error = refused(read(b"<a><b/></a>", Reader::string));
    assert_eq!(
        error,
        "expected text, found an element at /a (line 1, column 4, byte 3)"
    );
    let error = refused(read(b"<a><b>", |reader| reader.skip()));
    assert_eq!(
        error,
        "expected the end tag of an element, found the end of the input at /a/b (line 1, column 7, byte 6)"
    );
}
