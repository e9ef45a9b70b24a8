//! The examples in the documentation of the golden crates are valid requests: see `tests/tests/golden_examples`.

#[path = "."]
mod streams {
    use golden_streams::*;
    #[path = "../../../golden/streams/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod streams_aws_json {
    use golden_streams_aws_json::*;
    #[path = "../../../golden/streams-aws-json/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod streams_cbor {
    use golden_streams_cbor::*;
    #[path = "../../../golden/streams-cbor/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}
