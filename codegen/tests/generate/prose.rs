//! The prose of a source: what its HTML is turned into, where it is shown, and that hostile text stays text.

use attache_codegen::emit::File;
use attache_codegen::import::prose::Prose;
use attache_codegen::words::prose::{DEPTH, LENGTH};
use attache_codegen::{Input, generate};

use crate::model::{input, manifest, toys};

const FILE: &str = "models/toys/prose.json";

fn outcome(texts: &[(&str, &str)], words: Option<&str>) -> Result<Vec<File>, String> {
    let texts = texts.iter();
    let prose: Prose = texts
        .map(|(place, text)| ((*place).to_owned(), (*text).to_owned()))
        .collect();
    let (model, manifest) = (toys().to_string(), manifest("attache-toys"));
    let input = Input {
        prose: Some((FILE, &prose)),
        words: words.map(|text| ("models/toys/docs.json", text)),
        ..input(&model, &manifest)
    };
    generate(&input).map_err(|error| error.to_string())
}

/// The documentation of the operation, from its beginning to what is generated.
fn page(html: &str) -> Vec<String> {
    let files = outcome(&[("MakeToy", html)], None).expect("every text is accepted");
    let client = files.iter().find(|file| file.path == "src/client.rs");
    let client = &client.expect("the client is there").text;
    let before = client
        .find("pub fn make_toy")
        .expect("the function is there");
    let mut lines: Vec<String> = Vec::new();
    for line in client[..before].trim_end().lines().rev().map(str::trim) {
        match line.strip_prefix("///") {
            Some(text) => lines.push(text.strip_prefix(' ').unwrap_or(text).to_owned()),
            None if line.starts_with("#[") => {}
            None => break,
        }
    }
    lines.reverse();
    let end = lines
        .iter()
        .position(|line| line.starts_with("Calls `MakeToy`"));
    lines.truncate(end.expect("the facts follow"));
    assert_eq!(lines.pop().as_deref(), Some(""), "{html}");
    lines
}

/// Documentations, and the lines that they are turned into.
const ELEMENTS: &[(&str, &str)] = &[
    (
        "<p>One  <b>two</b>\n three.</p> <p>Four.</p>",
        "One **two** three.\n\nFour.",
    ),
    ("<p>A <i>b </i>c <code> d </code>.</p>", "A *b* c `d`."),
    ("a<br/>b<br>c", "a\n\nb\n\nc"),
    (
        "<p>See <a href=\"https://x.example/a (b)?c=d&amp;e\">the <code>guide</code></a>.</p>",
        "See [the guide](https://x.example/a%20%28b%29?c=d&e).",
    ),
    (
        "<p>See <a>MakeToy</a> and <a>Other</a>.</p>",
        "See [`make_toy`](crate::Client::make_toy) and Other.",
    ),
    (
        "<code>MakeToy</code> <code>name</code>",
        "[`make_toy`](crate::Client::make_toy) `name`",
    ),
    (
        "<ul> <li> <p>a</p> <p>b</p> <ul> <li>c</li> <li>d</li> </ul> </li> <li>e</li> </ul> <p>f</p>",
        "* a\n\n  b\n  * c\n  * d\n* e\n\nf",
    ),
    ("<ol><li>a<li>b<ul><li>c</ul></ol>", "1. a\n2. b\n   * c"),
    (
        "<note> <p>a</p> <ul><li>b</li></ul> </note><p>c</p>",
        "> **Note:** a\n>\n> * b\n\nc",
    ),
    (
        "<important><ul><li>a</li></ul></important>",
        "> **Important:**\n>\n> * a",
    ),
    (
        "<ul><li>a<note><p>b</p></note></li></ul>",
        "* a\n\n  > **Note:** b",
    ),
    (
        "<dl> <dt>a</dt> <dd> <p>b</p> <p>c</p> </dd> <dt>d</dt> <dd>e</dd> </dl> f",
        "* **a**\n\n  b\n\n  c\n* **d**\n\n  e\n\nf",
    ),
    (
        "a<pre><code>{\n\t\"b\": &lt;c&gt;\n}\n\n</code></pre>d",
        "a\n\n```text\n{\n    \"b\": <c>\n}\n```\n\nd",
    ),
    ("a<pre>```\nb</pre>", "a\n\n````text\n```\nb\n````"),
    (
        "a<table><tr><th>b</th><th>c</th></tr><tr><td><code>d|e</code></td></tr></table>",
        "a\n\n| b | c |\n| --- | --- |\n| `d\\|e` |  |",
    ),
    ("<h2>a</h2> b", "**a**\n\nb"),
    ("<fullname>Toys</fullname> <p>a</p>", "a"),
    ("<fullname>Toys</fullname>", "**Toys**"),
    (
        "a &lt;b&gt; &amp; &eacute;&#150;&nbsp;c",
        "a \\<b\\> \\& é– c",
    ),
    // Authors forget to escape placeholders, and to close elements.
    (
        "<p>arn:<Region>:<account-id></p>",
        "arn:\\<Region\\>:\\<account-id\\>",
    ),
    ("<value>a</value>", "a"),
    ("<p>a <b>b <p>c <i>d", "a **b**\n\nc *d*"),
    ("a<b>b</b>c<i>.</i>d", "a**b**c.d"),
    ("<b>a</b><i>b</i>", "ab"),
    ("<ul><li>a</b></ul></p>b", "* a\n\nb"),
    ("<li>a</li>", "* a"),
    ("<img src=\"x\" alt=\"y\">a<!-- b --><span>c</span>", "ac"),
    // Without tags, as in Smithy models.
    (
        "a\nb `c`\n\n* d\n* e\n  f\n\ng\n```\nh\n```",
        "a b `c`\n\n* d\n* e f\n\ng\n\n```text\nh\n```",
    ),
    ("1. a", "1\\. a"),
];

#[test]
fn elements_become_markdown() {
    for (html, expected) in ELEMENTS {
        assert_eq!(page(html).join("\n"), *expected, "{html}");
    }
}

#[test]
fn nothing_of_a_text_is_markup_of_its_own() {
    for (html, expected) in [
        (
            "[MakeToy] [a](b) <b>[x]</b>",
            "\\[MakeToy\\] \\[a\\](b) **\\[x\\]**",
        ),
        (
            "https://x.example www.x.example",
            "https\\://x.example www\\.x.example",
        ),
        ("# a", "\\# a"),
        (
            "<p>`a` *b* _c_ ~d~ |",
            "\\`a\\` \\*b\\* \\_c\\_ \\~d\\~ \\|",
        ),
        ("a<script>alert(1)</script>b<style>c</style>", "a\n\nb"),
        ("a<script>alert(1)", "a"),
        ("<iframe src=\"https://x.example\">b</iframe>a", "a"),
        ("<a href=\"javascript:alert(1)\">a</a>", "a"),
        ("<a href=\" JavaScript://x%0aalert(1)\">a</a>", "a"),
        (
            "<a href=\"data:text/html,b\">a</a> <a href=\"/b\">c</a>",
            "a c",
        ),
        (
            "<a href=\"https://x.example/)[b](c\">a</a>",
            "[a](https://x.example/%29%5Bb%5D%28c)",
        ),
        (
            "<a href=\"https://x.example\">a](b)</a>",
            "[a\\](b)](https://x.example)",
        ),
        (
            "&lt;/script&gt;&lt;img onerror=x&gt;",
            "\\</script\\>\\<img onerror=x\\>",
        ),
        ("a\u{202e}b\u{0}c */ <!-- d", "abc \\*/"),
        ("<p onclick=\"x\">a</p>", "a"),
        ("<code>a`b</code>", "`` a`b ``"),
    ] {
        assert_eq!(page(html).join("\n"), expected, "{html}");
    }
}

#[test]
fn long_paragraphs_are_wrapped() {
    let lines = page(&format!("<ul><li>{}</li></ul>", "word ".repeat(60)));
    assert!(
        lines.len() == 3 && lines[1].starts_with("  word"),
        "{lines:?}"
    );
}

#[test]
fn a_text_that_says_nothing_is_none() {
    for html in [
        "",
        " ",
        "<p></p>",
        "<ul><li></li></ul>",
        "<note></note>",
        "<script>a</script>",
    ] {
        let files = outcome(&[("MakeToy", html)], None).expect("every text is accepted");
        let without = outcome(&[], None).expect("there may be none");
        assert_eq!(files, without, "{html}");
    }
}

#[test]
fn a_text_without_bounds_is_refused_with_a_remedy() {
    let long = "a".repeat(LENGTH + 1);
    let deep = "<ul><li>".repeat(DEPTH);
    for (html, reason) in [
        (&long, "262145 bytes; the limit is 262144"),
        (&deep, "more than 64 elements"),
    ] {
        let error = outcome(&[("MakeToy", html)], None).expect_err("it is refused");
        for part in [reason, "MakeToy", FILE, "`documentation = \"facts\"`"] {
            assert!(error.contains(part), "{error}");
        }
    }
    // Closed again, there can be many.
    let wide = "<ul><li>a</li></ul>".repeat(DEPTH * 4);
    assert!(outcome(&[("MakeToy", &wide)], None).is_ok());
}

#[test]
fn words_of_ours_come_first_entry_by_entry() {
    let words = r#"{"operations": {"MakeToy": {"documentation": "Our sentence."}}}"#;
    let texts = [
        ("MakeToy", "<p>Their sentence.</p>"),
        (
            "MakeToyInput$name",
            "<p>The name, e.g. a word. It is long.</p>",
        ),
        ("String", "<p>Never shown.</p>"),
    ];
    let files = outcome(&texts, Some(words)).expect("both are fine");
    let all: String = files.iter().map(|file| file.text.as_str()).collect();
    assert!(all.contains("Our sentence.") && !all.contains("Their sentence."));
    // The setter has the first sentence, the page of the operation and the field have all of it.
    assert!(all.contains("/// The name, e.g. a word.\n"), "{all}");
    assert!(
        all.contains("string. The name, e.g. a word. It is long.\n"),
        "{all}"
    );
    assert!(
        all.contains("/// The name, e.g. a word. It is long.\n"),
        "{all}"
    );
    assert!(!all.contains("Never shown"));
}

#[test]
fn a_member_without_a_text_has_that_of_its_simple_shape() {
    let mut model = toys();
    model["shapes"]["example.toys#MakeToyInput"]["members"]["name"]["target"] =
        "example.toys#Name".into();
    model["shapes"]["example.toys#Name"] = serde_json::json!({"type": "string"});
    let prose = Prose::from([("Name".to_owned(), "<p>Of all toys.</p>".to_owned())]);
    let (model, manifest) = (model.to_string(), manifest("attache-toys"));
    let input = Input {
        prose: Some((FILE, &prose)),
        ..input(&model, &manifest)
    };
    let files = generate(&input).expect("it is fine");
    let operation = files
        .iter()
        .find(|file| file.text.contains("pub struct MakeToyRequest"));
    assert!(
        operation
            .expect("the request is there")
            .text
            .contains("/// Of all toys.")
    );
}
