//! The functions of the rules engine, tested with the examples and rules of its specification.

use attache_runtime::plumbing::endpoint::{
    AuthScheme, ContextValue, Endpoint, EndpointError, ParameterValue, Parameters,
    is_valid_host_label, is_virtual_hostable_s3_bucket, parse_arn, parse_url, partition, split,
    substring, uri_encode,
};

#[test]
fn partition_of_a_region() {
    for (region, name, why) in [
        ("us-east-1", "aws", "listed"),
        ("aws-global", "aws", "a listed pseudo region"),
        ("cn-north-1", "aws-cn", "listed"),
        ("aws-cn-global", "aws-cn", "a listed pseudo region"),
        ("us-gov-west-1", "aws-us-gov", "listed"),
        ("us-iso-east-1", "aws-iso", "listed"),
        ("us-isob-east-1", "aws-iso-b", "listed"),
        ("eu-isoe-west-1", "aws-iso-e", "listed"),
        ("us-isof-south-1", "aws-iso-f", "listed"),
        ("eusc-de-east-1", "aws-eusc", "listed"),
        ("mx-somewhere-42", "aws", "by pattern"),
        ("cn-south-7", "aws-cn", "by pattern"),
        (
            "us-gov-north_2-1",
            "aws-us-gov",
            "by pattern, the word with an underscore",
        ),
        ("us-isob-south-3", "aws-iso-b", "by pattern"),
        ("eusc-de-west-2", "aws-eusc", "by pattern"),
        ("eusc-fr-west-2", "aws", "no pattern has eusc-fr"),
        ("cn-south-", "aws", "no number"),
        ("cn--1", "aws", "no word"),
        ("cn-south-1a", "aws", "not a number"),
        ("xcn-south-1", "aws", "patterns are anchored"),
        ("CN-NORTH-1", "aws", "case counts"),
        ("", "aws", "unknown"),
    ] {
        assert_eq!(partition(region).name, name, "{region:?}: {why}");
    }
}

#[test]
fn outputs_of_a_partition() {
    let china = partition("cn-north-1");
    assert_eq!(china.dns_suffix, "amazonaws.com.cn");
    assert_eq!(china.dual_stack_dns_suffix, "api.amazonwebservices.com.cn");
    assert_eq!(china.implicit_global_region, "cn-northwest-1");
    assert!(china.supports_fips && china.supports_dual_stack);
}

#[test]
fn examples_of_arns() {
    let arn = parse_arn("arn:aws:ec2:us-east-1:012345678910:vpc/vpc-0e98").expect("an ARN");
    let parts = [arn.partition, arn.service, arn.region, arn.account_id];
    assert_eq!(parts, ["aws", "ec2", "us-east-1", "012345678910"]);
    assert_eq!(arn.resource_id(0), Some("vpc"));
    assert_eq!(arn.resource_id(1), Some("vpc-0e98"));
    assert_eq!(arn.resource_id(2), None);

    let arn = parse_arn("arn:aws:s3:::bucket_name").expect("an ARN");
    assert_eq!((arn.region, arn.account_id), ("", ""));
    assert_eq!(arn.resource_id(0), Some("bucket_name"));

    let arn = parse_arn("arn:aws:logs:us-east-1:1:group:a/b:c").expect("an ARN");
    let resource: Vec<_> = (0..5).map_while(|index| arn.resource_id(index)).collect();
    assert_eq!(resource, ["group", "a", "b", "c"]);
}

#[test]
fn texts_that_are_no_arns() {
    for text in [
        "",
        "arn",
        "11111111-2222-3333-4444-555555555555",
        "arn:aws:sns:us-west-2:012345678910",
        "arn::sns:us-west-2:012345678910:topic",
        "arn:aws::us-west-2:012345678910:topic",
        "arn:aws:sns:us-west-2:012345678910:",
        "ARN:aws:sns:us-west-2:012345678910:topic",
    ] {
        assert_eq!(parse_arn(text), None, "{text:?}");
    }
}

#[test]
fn host_labels() {
    let longest = "a".repeat(63);
    let too_long = "a".repeat(64);
    for (value, alone, joined) in [
        ("a", true, true),
        ("us-east-1", true, true),
        ("0", true, true),
        (longest.as_str(), true, true),
        (too_long.as_str(), false, false),
        ("", false, false),
        ("-a", false, false),
        ("a-", false, false),
        ("a_b", false, false),
        ("a.b", false, true),
        ("a..b", false, false),
        (".a", false, false),
        ("a.", false, false),
        ("a.-b", false, false),
        ("ä", false, false),
        ("a/b", false, false),
        ("a@evil.example", false, false),
    ] {
        assert_eq!(is_valid_host_label(value, false), alone, "{value:?} alone");
        assert_eq!(is_valid_host_label(value, true), joined, "{value:?} joined");
    }
}

/// A URL, its scheme, authority, path, normalized path, and whether its host is an address.
const URLS: [(&str, &str, &str, &str, &str, bool); 10] = [
    (
        "https://example.com",
        "https",
        "example.com",
        "/",
        "/",
        false,
    ),
    (
        "https://example.com/",
        "https",
        "example.com",
        "/",
        "/",
        false,
    ),
    (
        "http://example.com:80/foo/bar",
        "http",
        "example.com:80",
        "/foo/bar",
        "/foo/bar/",
        false,
    ),
    (
        "http://example.com/foo/",
        "http",
        "example.com",
        "/foo/",
        "/foo/",
        false,
    ),
    ("https://127.0.0.1", "https", "127.0.0.1", "/", "/", true),
    (
        "http://127.0.0.1:4566/x",
        "http",
        "127.0.0.1:4566",
        "/x",
        "/x/",
        true,
    ),
    ("https://[fe80::1]", "https", "[fe80::1]", "/", "/", true),
    ("https://[::1]:8443", "https", "[::1]:8443", "/", "/", true),
    ("https://256.0.0.1", "https", "256.0.0.1", "/", "/", false),
    (
        "https://user:secret@example.com/a",
        "https",
        "example.com",
        "/a",
        "/a/",
        false,
    ),
];

#[test]
fn urls() {
    for (text, scheme, authority, path, normalized, is_ip) in URLS {
        let url = parse_url(text).unwrap_or_else(|| panic!("{text} is a URL"));
        let found = (url.scheme, url.authority, url.path, url.is_ip);
        assert_eq!(found, (scheme, authority, path, is_ip), "{text}");
        assert_eq!(url.normalized_path(), normalized, "{text}");
    }
}

#[test]
fn texts_that_are_no_urls() {
    for text in [
        "",
        "example.com",
        "//example.com",
        "https:/example.com",
        "https://",
        "https:///path",
        "https://:443",
        "ftp://example.com",
        "HTTPS://example.com",
        "https://example.com:8443?foo=bar&faz=baz",
        "https://example.com/a?",
        "https://example.com/#top",
        "https://example.com:port",
        "https://example.com:+80",
        "https://example.com:65536",
        "https://[fe80::1",
        "https://[nonsense]",
        "https://[::1]x",
        "https://exa mple.com",
        "https://example.com\n",
    ] {
        assert_eq!(parse_url(text), None, "{text:?}");
    }
}

#[test]
fn substrings() {
    for (text, start, end, reverse, expected) in [
        ("abcde", 0, 2, false, Some("ab")),
        ("abcde", 0, 2, true, Some("de")),
        ("abcde", 1, 3, true, Some("cd")),
        ("abcde", 0, 5, false, Some("abcde")),
        ("abcde", 0, 6, false, None),
        ("abcde", 0, 6, true, None),
        ("abcde", 3, 3, false, None),
        ("abcde", 4, 3, false, None),
        ("", 0, 1, false, None),
        ("abcdé", 0, 2, false, None),
    ] {
        assert_eq!(
            substring(text, start, end, reverse),
            expected,
            "{text:?} {start}..{end} reverse: {reverse}"
        );
    }
}

#[test]
fn examples_of_split() {
    for (text, delimiter, limit, expected) in [
        ("a--b--c", "--", 0, vec!["a", "b", "c"]),
        ("a--b--c", "--", 2, vec!["a", "b--c"]),
        ("a--b--c", "--", 1, vec!["a--b--c"]),
        ("", "--", 0, vec![""]),
        ("--", "--", 0, vec!["", ""]),
        ("----", "--", 0, vec!["", "", ""]),
        ("--b--", "--", 0, vec!["", "b", ""]),
        (
            "--x-s3--azid--suffix",
            "--",
            2,
            vec!["", "x-s3--azid--suffix"],
        ),
        ("abc", "x", 0, vec!["abc"]),
        ("abc", "", 0, vec!["abc"]),
    ] {
        assert_eq!(split(text, delimiter, limit), expected, "{text:?} {limit}");
    }
}

#[test]
fn uri_encoding() {
    assert_eq!(uri_encode("AZaz09-_.~"), "AZaz09-_.~");
    assert_eq!(uri_encode("a b/c:é"), "a%20b%2Fc%3A%C3%A9");
    assert_eq!(
        uri_encode("/:,?#[]{}|@! $&'()*+;=%<>\"^`\\"),
        "%2F%3A%2C%3F%23%5B%5D%7B%7D%7C%40%21%20%24%26%27%28%29%2A%2B%3B%3D%25%3C%3E%22%5E%60%5C"
    );
}

/// The examples of the specification, and botocore's results.
#[test]
fn names_of_buckets() {
    for (name, subdomains, expected) in [
        ("bucket", false, true),
        ("bucket.a", false, false),
        ("bucket.a", true, true),
        ("ab", false, false),
        ("Bucket", false, false),
        ("bucket_a", false, false),
        ("-bucket", false, false),
        ("192.168.5.4", true, false),
        ("999.999.999.999", true, false),
        ("192.168.5.four", true, true),
        ("bucket..a", true, false),
        ("bucket.-a", true, false),
    ] {
        assert_eq!(
            is_virtual_hostable_s3_bucket(name, subdomains),
            expected,
            "{name}"
        );
    }
}

/// What a request sets is used where the operation sets nothing, and only for a parameter of the same type.
#[test]
fn values_are_found_by_name_and_type() {
    let parameters = Parameters {
        context: &[("Kind", ContextValue::String("fixed"))],
        values: vec![
            ("Kind", ParameterValue::String("other".to_owned())),
            ("Name", ParameterValue::String("first".to_owned())),
            ("Name", ParameterValue::String("second".to_owned())),
            ("Names", ParameterValue::Strings(vec!["a".to_owned()])),
            ("Flag", ParameterValue::Boolean(true)),
        ],
        ..Parameters::default()
    };
    assert_eq!(parameters.context_string("Kind"), Some("fixed"));
    assert_eq!(parameters.context_string("Name"), Some("first"));
    assert_eq!(parameters.context_strings("Names"), Some(vec!["a"]));
    assert_eq!(parameters.context_boolean("Flag"), Some(true));
    assert_eq!(parameters.context_boolean("Name"), None);
    assert!(!format!("{parameters:?}").contains("second"));
}

#[test]
fn endpoints_and_errors_display_their_values() {
    let endpoint = Endpoint::new("https://example.com")
        .with_signing_name("example")
        .with_signing_region("us-east-1")
        .with_header("x-example", "1");
    let scheme = AuthScheme::new("sigv4")
        .with_signing_name("example")
        .with_signing_region("us-east-1");
    assert_eq!(endpoint.auth_schemes, [scheme]);
    assert_eq!(endpoint.headers, [("x-example".into(), "1".into())]);
    assert_eq!(
        EndpointError::new("no such place").to_string(),
        "no such place"
    );
    assert_eq!(
        EndpointError::no_rule_matched().message(),
        "no rule matched"
    );
    assert_eq!(
        EndpointError::missing_parameter("Region").message(),
        "the endpoint parameter `Region` is required, but not set"
    );
}
