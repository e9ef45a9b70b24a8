//! Forms: a query that is sent as one, and a form that carries a presigned URL of itself to another region.

use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::endpoint::{Endpoint, EndpointError, Parameters};
use attache_runtime::plumbing::form::Writer;
use attache_runtime::plumbing::message::{EncodeError, HttpRequest, PresignedCopy};
use attache_runtime::plumbing::operation::{Operation, Service};
use attache_runtime::{CallOptions, ErrorKind, http};

use crate::stage::{self, Network, SERVICE, config};

static REGIONAL: Service = Service {
    endpoint: |parameters: &Parameters| -> Result<Endpoint, EndpointError> {
        let region = parameters.region.as_deref().unwrap_or_default();
        Ok(Endpoint::new(format!(
            "https://copies.{region}.example.com"
        )))
    },
    ..SERVICE
};

static COPY: Operation = Operation {
    service: &REGIONAL,
    name: "Copy",
    ..stage::CREATE
};

fn form(members: &[(&str, &str)], names_regions: bool) -> HttpRequest {
    let mut writer = Writer::query("Action=Copy&Version=2026-01-01", 64);
    for (name, value) in members {
        writer.key(name);
        writer.string(value);
    }
    let mut request = HttpRequest::form(writer);
    request.presigned_copy(PresignedCopy {
        source: "SourceRegion",
        url: "PreSignedUrl",
        destination: "DestinationRegion",
        names_regions,
    });
    request
}

/// The parameters that reach the network.
async fn sent(request: HttpRequest) -> Vec<(String, String)> {
    let network = Network::new([]);
    let core = Core::new(&REGIONAL, &config(&network).build().unwrap());
    core.call(&COPY, Ok::<_, EncodeError>(request), CallOptions::default())
        .await
        .expect("the call succeeds");
    let seen = network.seen();
    assert_eq!(seen[0].uri.host(), Some("copies.us-east-1.example.com"));
    pairs(std::str::from_utf8(seen[0].body.as_deref().unwrap()).unwrap())
}

fn pairs(text: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let text = percent_encoding::percent_decode_str(&text);
        text.decode_utf8().expect("it is UTF-8").into_owned()
    };
    text.split('&')
        .map(|pair| pair.split_once('=').expect("each has a value"))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut found = pairs.iter().filter(|(other, _)| other == name);
    let first = found.next();
    assert!(found.next().is_none(), "{name} is there twice");
    first.map(|(_, value)| value.as_str())
}

#[tokio::test(start_paused = true)]
async fn a_copy_carries_a_url_to_the_region_that_it_copies_from() {
    let members = [("Name", "a b+c&d"), ("SourceRegion", "eu-west-1")];
    for names_regions in [false, true] {
        let body = sent(form(&members, names_regions)).await;
        assert_eq!(value(&body, "Name"), Some("a b+c&d"));
        let (source, destination) = match names_regions {
            true => (Some("eu-west-1"), Some("us-east-1")),
            false => (None, None),
        };
        assert_eq!(value(&body, "SourceRegion"), source);
        assert_eq!(value(&body, "DestinationRegion"), destination);
        let url: http::Uri = value(&body, "PreSignedUrl").unwrap().parse().unwrap();
        assert_eq!(url.host(), Some("copies.eu-west-1.example.com"));
        assert!(!url.query().unwrap().contains('+'), "{url}");
        let query = pairs(url.query().unwrap());
        assert_eq!(value(&query, "Action"), Some("Copy"));
        assert_eq!(value(&query, "Name"), Some("a b+c&d"));
        assert_eq!(value(&query, "SourceRegion"), source);
        assert_eq!(value(&query, "DestinationRegion"), Some("us-east-1"));
        assert_eq!(value(&query, "X-Amz-Expires"), Some("3600"));
        assert_eq!(value(&query, "X-Amz-SignedHeaders"), Some("host"));
        assert_eq!(
            value(&query, "X-Amz-Credential"),
            Some("AKID/20261122/eu-west-1/test/aws4_request")
        );
        assert_eq!(value(&query, "X-Amz-Security-Token"), Some("TOKEN"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_url_of_the_caller_is_kept_and_a_copy_within_a_region_has_none() {
    let given = [
        ("PreSignedUrl", "https://mine"),
        ("SourceRegion", "eu-west-1"),
    ];
    let body = sent(form(&given, false)).await;
    assert_eq!(value(&body, "PreSignedUrl"), Some("https://mine"));
    assert_eq!(value(&body, "SourceRegion"), None);
    let body = sent(form(&given, true)).await;
    assert_eq!(value(&body, "PreSignedUrl"), Some("https://mine"));
    assert_eq!(value(&body, "SourceRegion"), Some("eu-west-1"));
    let body = sent(form(&[("Name", "a")], false)).await;
    assert_eq!(body.len(), 3, "{body:?}");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_to_copy_from_what_is_no_region() {
    let network = Network::new([]);
    let core = Core::new(&REGIONAL, &config(&network).build().unwrap());
    let request = form(&[("SourceRegion", "evil.example/")], false);
    let error = core
        .call(&COPY, Ok::<_, EncodeError>(request), CallOptions::default())
        .await
        .expect_err("it is no region");
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(network.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_query_is_sent_as_a_form_where_there_is_one() {
    for (query, method) in [("a b", http::Method::POST), ("", http::Method::GET)] {
        let network = Network::new([]);
        let mut request = HttpRequest::new(http::Method::GET);
        request.path("/search");
        if !query.is_empty() {
            request.query_literal("format=sdk");
            request.query("q", query);
        }
        request.query_as_form();
        stage::core(config(&network))
            .call(
                &stage::READ,
                Ok::<_, EncodeError>(request),
                CallOptions::default(),
            )
            .await
            .expect("the call succeeds");
        let seen = network.seen();
        assert_eq!(seen[0].method, method);
        assert_eq!(seen[0].uri.query(), None);
        let (body, kind) = match query {
            "" => ("", ""),
            _ => ("format=sdk&q=a%20b", "application/x-www-form-urlencoded"),
        };
        assert_eq!(seen[0].body.as_deref(), Some(body.as_bytes()));
        assert_eq!(seen[0].header("content-type"), kind);
    }
}
