//! Words of `docs.json`: where they are shown, and that hostile text stays text.

use attache_codegen::emit::File;
use attache_codegen::words::coverage;
use attache_codegen::words::gaps;
use attache_codegen::{Input, analyse, generate};
use serde_json::{Value, json};

use crate::model::{input, manifest, toys};

pub(crate) const WORDS: &str = "models/toys/docs.json";

/// `toys` with an error, a dry run, an enum and a nested structure.
pub(crate) fn model() -> String {
    let mut model = toys();
    let shapes = json!({
        "example.toys#MakeToyInput": {
            "type": "structure",
            "members": {
                "name": { "target": "smithy.api#String", "traits": { "smithy.api#required": {} } },
                "parts": { "target": "example.toys#Parts", "traits": { "smithy.api#required": {} } },
                "try": { "target": "smithy.api#Boolean" }
            }
        },
        "example.toys#Parts": {
            "type": "list",
            "member": { "target": "example.toys#Part" },
            "traits": { "smithy.api#length": { "min": 2, "max": 3 }, "smithy.api#uniqueItems": {} }
        },
        "example.toys#Part": {
            "type": "structure",
            "members": {
                "color": { "target": "example.toys#Color", "traits": { "smithy.api#required": {} } },
                "code": {
                    "target": "smithy.api#String",
                    "traits": { "smithy.api#pattern": "^[a-c]{3}-[0-9]$", "smithy.api#required": {} }
                },
                "picture": {
                    "target": "smithy.api#Blob",
                    "traits": { "smithy.api#length": { "max": 1048576 } }
                }
            }
        },
        "example.toys#Color": {
            "type": "enum",
            "members": {
                "RED": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "red-ish" } },
                "BLUE": { "target": "smithy.api#Unit", "traits": { "smithy.api#enumValue": "BLUE" } }
            }
        },
        "example.toys#NoStock": {
            "type": "structure",
            "members": { "message": { "target": "smithy.api#String" } },
            "traits": { "smithy.api#error": "client" }
        },
        "example.toys#OnlyTried": {
            "type": "structure",
            "members": {},
            "traits": { "smithy.api#error": "client" }
        }
    });
    let all = model["shapes"].as_object_mut().expect("there are shapes");
    all.extend(shapes.as_object().expect("an object").clone());
    all["example.toys#MakeToy"]["errors"] =
        json!([{ "target": "example.toys#NoStock" }, { "target": "example.toys#OnlyTried" }]);
    all["example.toys#Toys"]["traits"]["attache#dryRun"] =
        json!({ "member": "try", "error": "example.toys#OnlyTried" });
    model.to_string()
}

pub(crate) fn words() -> Value {
    json!({
        "service": {
            "documentation": "Builds toys to order. Begin with {MakeToy}.",
            "first": "MakeToy",
            "related": ["* [The catalogue](https://toys.example/catalogue) shows all.", "* {Part} is one."],
            "reference": "https://docs.example/toys/{operation}.html"
        },
        "operations": {
            "MakeToy": {
                "documentation": ["Orders one. See {Part} for more.", "Pass {$name}; wait < 5 minutes."],
                "before": "The workshop is open.",
                "errors": { "NoStock": "Order {Color$BLUE} instead." },
                "related": ["* One item.", "* Another one."]
            }
        },
        "shapes": {
            "MakeToyInput": {
                "members": { "name": "What the box says. It may be long.", "parts": null, "try": "No toy is built." }
            },
            "MakeToyOutput": { "members": { "id": "Shown on the invoice." } },
            "Part": {
                "documentation": "One block.",
                "members": { "color": "As painted." },
                "units": { "code": "letter" }
            },
            "Color": { "documentation": "Paints.", "members": { "RED": "Costs more." } },
            "NoStock": { "documentation": "Sold out. Try tomorrow." }
        }
    })
}

pub(crate) fn with<'a>(
    model: &'a str,
    words: &'a str,
    manifest: &'a attache_codegen::emit::Manifest,
) -> Input<'a> {
    Input {
        words: Some((WORDS, words)),
        ..input(model, manifest)
    }
}

pub(crate) fn files(words: &Value) -> Vec<File> {
    let (model, words) = (model(), words.to_string());
    generate(&with(&model, &words, &manifest("attache-toys"))).expect("the words are fine")
}

pub(crate) fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path);
    &file.expect("the file is there").text
}

/// A file with each item of a list on one line.
fn unwrapped(text: &str) -> String {
    let mut joined = String::new();
    for line in text.lines() {
        let indented = line.trim_start().strip_prefix("///  ");
        match indented.map(str::trim_start) {
            Some(rest) if !rest.starts_with('*') => {
                joined.push(' ');
                joined.push_str(rest);
            }
            _ => {
                joined.push('\n');
                joined.push_str(line);
            }
        }
    }
    joined
}

#[test]
fn each_page_shows_the_words_about_it() {
    let files = files(&words());
    let client = &unwrapped(text(&files, "src/client.rs"));
    for line in [
        "/// Orders one. See [`Part`](crate::types::Part) for more.",
        "/// Pass [`name`](field@crate::operation::MakeToyRequest::name); wait \\< 5 minutes.",
        "[API reference](https://docs.example/toys/MakeToy.html)",
        "/// # Before the call",
        "/// * [`name`](field@crate::operation::MakeToyRequest::name), string, required. What the box says. It may be long.",
        "(field@crate::operation::MakeToyRequest::parts), list of [`Part`](crate::types::Part), required. Limits:",
        "Limits: 2 to 3 parts; no part twice.",
        "* [`code`](field@crate::types::Part::code), string, required. Limits: pattern `^[a-c]{3}-[0-9]$`.",
        "* [`picture`](field@crate::types::Part::picture), bytes. Limits: at most 1 MiB (1,048,576 bytes), before base64.",
        "/// * [`id`](field@crate::operation::MakeToyResponse::id), string. Shown on the invoice.",
        "/// * [`NoStock`](crate::error::NoStock): Order [`Color::Blue`](crate::enums::Color::Blue) instead.",
        "/// * One item.\n    /// * Another one.",
    ] {
        assert!(client.contains(line), "{line}\n{client}");
    }
    let builder = &unwrapped(text(&files, "src/operation/make_toy.rs"));
    assert!(builder.contains("/// Orders one. See"), "{builder}");
    assert!(
        builder.contains("/// What the box says.\n    ///\n    /// [`name`]"),
        "{builder}"
    );
    assert!(
        builder.contains("/// What the box says. It may be long."),
        "{builder}"
    );
    // The builder is the page that search shows, so it has all of the function's.
    for line in client
        .lines()
        .filter(|line| line.contains("crate::operation::MakeToyRequest::"))
    {
        assert!(builder.contains(line.trim_start()), "{line}\n{builder}");
    }
    let setter =
        "list of [`Part`], required; 2 to 3 parts; no part twice; `code` of\n    /// each: pattern";
    assert!(builder.contains(setter), "{builder}");
    assert!(
        text(&files, "src/enums.rs")
            .contains("/// Costs more.\n    ///\n    /// Sent as `red-ish`.")
    );
    assert!(text(&files, "src/error.rs").contains("/// `NoStock`: Sold out."));
    assert!(text(&files, "src/error.rs").contains("/// Sold out. Try tomorrow."));
    assert!(text(&files, "src/types.rs").contains("/// As painted."));
}

#[test]
fn the_error_that_means_a_successful_dry_run_is_not_listed() {
    let files = files(&words());
    let client = text(&files, "src/client.rs");
    let listed = client
        .lines()
        .filter(|line| line.contains("crate::error::OnlyTried"));
    assert_eq!(listed.count(), 0, "{client}");
}

#[test]
fn what_has_no_words_is_counted_and_marked() {
    let (model, words) = (model(), words().to_string());
    let manifest = manifest("attache-toys");
    let service = analyse(&with(&model, &words, &manifest)).expect("the words are fine");
    let missing = coverage::missing(&service);
    let names: Vec<String> = missing.iter().map(ToString::to_string).collect();
    let expected = [
        "MakeToyInput$parts",
        "NoStock$message",
        "Part$code",
        "Part$picture",
        "Color$BLUE",
        "OnlyTried",
    ];
    assert_eq!(names, expected);
    let marked = gaps::filled(Some(&words), &missing).expect("a file of words");
    let read: Value = serde_json::from_str(&marked).expect("it is JSON");
    assert_eq!(read["shapes"]["Color"]["members"]["BLUE"], Value::Null);
    assert_eq!(
        read["shapes"]["Part"]["members"]["color"],
        json!("As painted.")
    );
    let again = gaps::filled(Some(&marked), &missing).expect("it is a file of words");
    assert_eq!(again, marked);
    let gapped = with(&model, &marked, &manifest);
    assert_eq!(
        generate(&gapped),
        generate(&with(&model, &words, &manifest))
    );
}

/// A text is escaped as far as it is accepted: it ends neither a comment nor a link, and is no markup.
#[test]
fn a_hostile_text_stays_text() {
    for (hostile, expected) in [
        ("/ fn evil() \"quoted\" # $.", "/// /"),
        ("&lt; | @ _x_ ~~y~~ 'z' www.evil.example.", "/// \\&lt;"),
        ("# A heading.", "/// \\#"),
        ("1. No list.", "/// 1\\."),
        ("12) No list.", "/// 12\\)"),
        ("> A quote.", "/// \\>"),
        ("- no list.", "/// \\-"),
        ("| a | b |.", "/// \\|"),
        ("`*/` ends `\"#` code.", "/// `*/`"),
        ("=== rule.", "/// \\="),
        ("<5 and a<5.", "/// \\<5"),
    ] {
        let mut changed = words();
        changed["shapes"]["Part"]["documentation"] = json!(hostile);
        let (model, words) = (model(), changed.to_string());
        let files = generate(&with(&model, &words, &manifest("attache-toys"))).expect(hostile);
        let types = text(&files, "src/types.rs");
        syn::parse_file(types).expect("it is Rust");
        let lines: Vec<&str> = types.lines().collect();
        let structure = lines
            .iter()
            .position(|line| line.starts_with("pub struct Part"));
        let above = lines[..structure.expect("the structure")].iter().rev();
        let docs = above.skip_while(|line| !line.starts_with("///"));
        let docs: Vec<&&str> = docs.take_while(|line| line.starts_with("///")).collect();
        assert_eq!(docs[..2], [&"/// The structure `Part`.", &"///"], "{types}");
        let plain = docs[2].replace("`*/`", "").replace("`\"#`", "");
        let is_bare = |(at, _): (usize, &str)| !plain[..at].ends_with('\\');
        for markup in ["<", ">", "&", "|", "[", "~"] {
            assert!(!plain.match_indices(markup).any(is_bare), "{plain}");
        }
        assert!(docs[2].starts_with(expected), "{plain}");
    }
}

/// Keys in another order are the same words.
#[test]
fn the_order_of_keys_changes_nothing() {
    let model = model();
    let sorted = words().to_string();
    let mut turned: Vec<(String, Value)> = words()
        .as_object()
        .expect("an object")
        .clone()
        .into_iter()
        .collect();
    turned.reverse();
    let parts: Vec<String> = turned
        .iter()
        .map(|(key, value)| format!("\"{key}\":{value}"))
        .collect();
    let turned = format!("{{{}}}", parts.join(","));
    assert_ne!(turned, sorted);
    let manifest = manifest("attache-toys");
    let one = generate(&with(&model, &sorted, &manifest)).expect("the words are fine");
    let two = generate(&with(&model, &turned, &manifest)).expect("the words are fine");
    assert_eq!(one, two);
}
