//! The examples in the documentation of the golden crates are valid requests.
//!
//! These are the tests that each generated crate has. The golden crates have `test = false`, because a crate is compiled a
//! second time for tests of its own. Those of crates with event streams are in `tests/streams`.

#[path = "."]
mod aws_json {
    use golden_aws_json::*;
    #[path = "../../golden/aws-json/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod bare {
    use golden_bare::*;
    #[path = "../../golden/bare/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod ec2 {
    use golden_ec2::*;
    #[path = "../../golden/ec2/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod names {
    use golden_names::*;
    #[path = "../../golden/names/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod query {
    use golden_query::*;
    #[path = "../../golden/query/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod rest_json {
    use golden_rest_json::*;
    #[path = "../../golden/rest-json/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod rest_xml {
    use golden_rest_xml::*;
    #[path = "../../golden/rest-xml/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod rpcv2_cbor {
    use golden_rpcv2_cbor::*;
    #[path = "../../golden/rpcv2-cbor/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}

#[path = "."]
mod sealed_xml {
    use golden_sealed_xml::*;
    #[path = "../../golden/sealed-xml/src/examples.rs"]
    #[rustfmt::skip]
    mod examples;
}
