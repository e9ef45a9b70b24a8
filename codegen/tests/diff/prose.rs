//! Which changed sentences of a documentation are shown because they mention limits.

use attache_codegen::diff::prose::changes;
use attache_codegen::import::prose::Prose;

/// The kind of change when the documentation of a shape gets another sentence.
fn kind(sentence: &str) -> String {
    let prose = |text: &str| Prose::from([("Shape".to_owned(), text.to_owned())]);
    let found = changes(&prose("Something."), &prose(sentence), "a");
    let [change] = found.as_slice() else {
        panic!("one change: {found:?}");
    };
    change.kind.clone()
}

#[test]
fn limits_are_shown() {
    for sentence in [
        "Up to 10 addresses.",
        "Three files of 5MB each.",
        "Names are (1-128) characters long.",
        "The value must begin with a letter.",
        "You can't set both.",
        "A name can not be used twice.",
        "At least one is needed.",
        "At most one of both.",
        "The name is unique in an account.",
        "Valid values: a | b.",
        "The number may not exceed what was asked for.",
        "This is required when the other is there.",
    ] {
        assert_eq!(kind(sentence), "documented-limit-changed", "{sentence}");
    }
}

#[test]
fn names_with_digits_and_unique_identifiers_are_no_limits() {
    for sentence in [
        "The unique identifier of the runtime.",
        "Unique IDs of the hosts.",
        "The bucket of Amazon S3, or the instance of EC2.",
        "IPv4 and IPv6 addresses of the endpoint, on ARM64.",
        "Such as arn:aws:iam::111122223333:role/x in us-east-1.",
        "The most recent one.",
        "The connection between both.",
    ] {
        assert_eq!(kind(sentence), "documentation-changed", "{sentence}");
    }
}
