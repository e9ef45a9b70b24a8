//! Words of `docs.json` that are refused.

use attache_codegen::generate;
use serde_json::{Value, json};

use crate::model::manifest;
use crate::words::{WORDS, model, with, words};

fn refusal(words: &Value) -> String {
    let (model, words) = (model(), words.to_string());
    let outcome = generate(&with(&model, &words, &manifest("attache-toys")));
    outcome.expect_err("the words are wrong").to_string()
}

#[test]
fn words_about_nothing_and_words_that_only_repeat_a_name_are_refused() {
    for (pointer, value, expected) in [words_about_nothing(), malformed_words()].concat() {
        let mut changed = words();
        let (holder, key) = pointer.rsplit_once('/').expect("a pointer");
        changed.pointer_mut(holder).expect(pointer)[key] = value;
        let message = refusal(&changed);
        assert!(message.contains(expected), "{pointer}: {message}");
        assert!(message.starts_with(WORDS), "{message}");
    }
}

/// A place of the words, what it becomes, and what the message says.
type Wrong = (&'static str, Value, &'static str);

fn words_about_nothing() -> Vec<Wrong> {
    vec![
        (
            "/operations/MakeToys",
            json!({"before": "Choose {$name}."}),
            "no such operation; did you mean MakeToy?",
        ),
        (
            "/shapes/Parrt",
            json!({}),
            "no such shape; did you mean Part",
        ),
        (
            "/shapes/Part/members/colour",
            json!("Red."),
            "`Part` has no member `colour`; did you mean color",
        ),
        (
            "/shapes/Color/members/GREEN",
            json!("Red."),
            "`Color` has no member `GREEN`",
        ),
        (
            "/operations/MakeToy/errors/Part",
            json!("Red."),
            "the operation has no error `Part`",
        ),
        (
            "/operations/MakeToy/before",
            json!("See {Paart}."),
            "the model has no `Paart`",
        ),
        (
            "/operations/MakeToy/before",
            json!("See {Parts}."),
            "`Parts` is a list",
        ),
        (
            "/operations/MakeToy/before",
            json!("See {$nname}."),
            "no member `nname`",
        ),
        (
            "/operations/MakeToy/example",
            json!({"size": 1}),
            "no member `size`",
        ),
        (
            "/shapes/Part/examples",
            json!({"size": 1}),
            "no member `size`",
        ),
    ]
}

fn malformed_words() -> Vec<Wrong> {
    vec![
        (
            "/shapes/Part/documentation",
            json!("The parts."),
            "only repeats the name",
        ),
        (
            "/shapes/Part/members/color",
            json!("The color of the part."),
            "only repeats the name",
        ),
        (
            "/operations/MakeToy/documentation",
            json!("Makes a toy."),
            "only repeats the name",
        ),
        (
            "/shapes/Part/documentation",
            json!("An [open one."),
            "begins a link",
        ),
        (
            "/shapes/Part/documentation",
            json!(1),
            "a string, an array of strings, or null",
        ),
        ("/shapes/Part/docs", json!("Red."), "unknown key `docs`"),
        (
            "/operations/MakeToy/docs",
            json!("Red."),
            "unknown key `docs`",
        ),
        ("/service/reference", json!("http://x"), "https://"),
        (
            "/service/first",
            json!("MakeToys"),
            "no operation `MakeToys`; did you mean MakeToy?",
        ),
        ("/service/related", json!("No end"), "full stop"),
        (
            "/shapes/Part/units",
            json!({"code": "a, b"}),
            "a noun in the singular",
        ),
        ("/more", json!({}), "unknown key `more`"),
    ]
}
