//! Files of a crate that use each other.

use std::collections::BTreeSet;

use super::finding::Finding;
use super::paths::{Uses, crates};
use super::sources::Source;

/// Every file that is part of a circle.
pub(super) fn find(sources: &[Source]) -> Vec<Finding> {
    crates(sources).iter().flat_map(circles).collect()
}

fn circles(uses: &Uses) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (file, others) in uses {
        let back: Vec<&str> = others
            .iter()
            .filter(|other| reached(uses, other).contains(file.as_str()))
            .map(String::as_str)
            .collect();
        if !back.is_empty() {
            findings.push(Finding {
                rule: "circle",
                place: file.clone(),
                measure: 0,
                message: format!(
                    "it uses {}, which directly or through others use it; move what both need into a file of its own",
                    back.join(", ")
                ),
            });
        }
    }
    findings
}

/// The files that a file uses, directly or through others.
fn reached<'a>(uses: &'a Uses, file: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<&str> = uses
        .get(file)
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(uses.get(next).into_iter().flatten().map(String::as_str));
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::super::sources::made;
    use super::find;

    /// The files that are part of a circle.
    fn places(files: &[(&str, &str)]) -> Vec<String> {
        find(&made(files))
            .into_iter()
            .map(|finding| finding.place)
            .collect()
    }

    #[test]
    fn files_that_use_each_other_are_a_circle() {
        for (one, two) in [
            ("use crate::b::f;", "use crate::a::g;"),
            (
                "use super::b;\nfn x() { b::f() }",
                "fn f() -> crate::a::G { todo!() }",
            ),
            (
                "use crate::{c, b::{self as other, f}};",
                "use crate::{a::{g, h}, c};",
            ),
            ("fn x() { super::b::f::<u8>() }", "fn f(a: super::a::A) {}"),
            (
                "use crate::*;\nuse crate::b as c;\nfn x() { c::f() }",
                "use crate::a;",
            ),
        ] {
            let files = [
                ("k/src/lib.rs", "mod a;\nmod b;\nmod c;\n"),
                ("k/src/a.rs", one),
                ("k/src/b.rs", two),
                ("k/src/c.rs", "pub fn c() {}"),
            ];
            assert_eq!(places(&files), ["k/src/a.rs", "k/src/b.rs"], "{one}");
        }
    }

    #[test]
    fn a_circle_may_be_long_and_go_through_folders() {
        let files = [
            ("k/src/lib.rs", "mod a;\nmod b;\nmod d;\n"),
            (
                "k/src/a/mod.rs",
                "mod inner;\npub use self::inner::Item;\nfn f() { inner::g() }",
            ),
            ("k/src/a/inner.rs", "use crate::b;\nfn g() { b::h() }"),
            ("k/src/b.rs", "use crate::d::D;"),
            ("k/src/d.rs", "use crate::a::Item;"),
        ];
        // What is re-exported belongs to the file that has it.
        assert_eq!(
            places(&files),
            ["k/src/a/inner.rs", "k/src/b.rs", "k/src/d.rs"]
        );
    }

    #[test]
    fn parents_re_exports_tests_and_written_code_are_no_circle() {
        for (one, two) in [
            (
                "pub use super::b::B;\npub(crate) use super::b::C;",
                "use super::a::D;",
            ),
            ("use super::b::B;", "mod tests { use super::super::a::D; }"),
            ("use super::b::B;", "fn f() { quote!(crate::a::D::new()) }"),
            (
                "use super::b::B;",
                "// use super::a::D;\nconst S: &str = \"super::a::D::new()\";",
            ),
            ("use std::b::B;", "use super::a::D;"),
            ("use super::D;", "use super::a::B;"),
        ] {
            let root = "mod a;\nmod b;\nuse self::a::B;\nstruct D;\n";
            let files = [
                ("k/src/lib.rs", root),
                ("k/src/a.rs", one),
                ("k/src/b.rs", two),
            ];
            assert_eq!(places(&files), Vec::<String>::new(), "{one} {two}");
        }
    }

    #[test]
    fn crates_are_apart() {
        let files = [
            ("k/src/lib.rs", ""),
            ("k/src/a.rs", "use crate::b::f;"),
            ("l/src/lib.rs", ""),
            ("l/src/b.rs", "use crate::a::f;"),
        ];
        assert_eq!(places(&files), Vec::<String>::new());
    }
}
