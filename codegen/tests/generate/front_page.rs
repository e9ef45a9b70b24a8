//! The front page of a crate and its README, with words of `docs.json` and without.

use attache_codegen::generate;

use crate::model::{input, manifest};
use crate::words::{files, model, text, words};

#[test]
fn the_front_page_shows_what_the_service_is_and_where_to_begin() {
    let files = files(&words());
    let root = text(&files, "src/lib.rs");
    for line in [
        "//! Builds toys to order. Begin with [`make_toy`](crate::Client::make_toy).",
        "//! # The first call",
        "//! let client = Client::from_env().await?;\n//! let response = client\n//!     .make_toy()",
        "//!     .region(\"us-east-1\")",
        "//! | `tracing` (default) | ",
        "//! | `rustls-ring` (default), `rustls-aws-lc-rs`, `native-tls` | ",
        "//! # Further reading\n//!\n//! * [The catalogue](https://toys.example/catalogue) shows all.",
        "//! * [`Part`](crate::types::Part) is one.",
    ] {
        assert!(root.contains(line), "{line}\n{root}");
    }
    let readme = text(&files, "README.md");
    for line in [
        "Builds toys to order. Begin with `make_toy`.\n",
        "* `Part` is one.\n",
        "| MakeToy | `make_toy` | Orders one. |\n",
    ] {
        assert!(readme.contains(line), "{line}\n{readme}");
    }
    assert!(!readme.contains("crate::"), "{readme}");
}

/// A service without words has no reference of its own, and a wrong link is worse than none.
#[test]
fn a_service_without_words_has_a_front_page_too() {
    let model = model();
    let mut manifest = manifest("attache-toys");
    let files = generate(&input(&model, &manifest)).expect("the model is fine");
    let root = text(&files, "src/lib.rs");
    assert!(
        root.contains("//! let response = client\n//!     .make_toy()"),
        "{root}"
    );
    assert!(
        !root.contains("# Examples") && !root.contains("# Further reading"),
        "{root}"
    );
    assert!(
        files
            .iter()
            .all(|file| !file.text.contains("API reference"))
    );

    manifest.additions.reference = Some("https://docs.example/{service}/{operation}".to_owned());
    manifest.additions.examples =
        vec![("order".to_owned(), "Orders <one>: `cargo run`.".to_owned())];
    let files = generate(&input(&model, &manifest)).expect("the model is fine");
    let root = text(&files, "src/lib.rs");
    assert!(
        root.contains("//! # Examples\n//!\n//! * `order`: Orders \\<one\\>: `cargo run`."),
        "{root}"
    );
    let client = text(&files, "src/client.rs");
    assert!(
        client.contains("[API reference](https://docs.example/toys-2026-01-01/MakeToy)."),
        "{client}"
    );
}
