//! The runtime derives names of fields exactly as the generator does.

use attache_runtime::plumbing::validator::field_name;
use heck::ToSnakeCase;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// `is_derived` of the generator (`codegen/src/plan/case.rs`), which states a name where the two differ.
fn of_the_generator(member: &str) -> String {
    member
        .replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")
        .to_snake_case()
}

#[test]
fn names_of_fields_are_those_of_the_generator() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(20_000), rng);
    let names = "[A-Ca-c0-2_.:é-]{0,16}";
    runner
        .run(&names, |member| {
            prop_assert_eq!(field_name(&member), of_the_generator(&member), "{}", member);
            Ok(())
        })
        .expect("they agree");
}
