//! The paths of a client: what generated code and the runtime do with a request and an answer.

use std::hint::black_box;

use attache_runtime::Bytes;
use attache_runtime::http::HeaderMap;
use attache_runtime::operation::Request;
use attache_runtime::plumbing::endpoint::Parameters;
use attache_runtime::plumbing::message::HttpResponse;
use attache_runtime::plumbing::sigv4::{PathForm, Scope, SigningRequest, sha256_hex, signing_key};
use attache_runtime::plumbing::sigv4::{sign as sign_with_secret, sign_with_key};
use attache_security_ir::operation::{CreateCaseRequest as CreateIncident, ListCasesRequest};
use attache_support::operation::{CreateCaseRequest as CreateSupportCase, DescribeCasesRequest};
use attache_support::validation::Level;

use crate::service::{self, ACCESS_KEY_ID, REGION, SECRET_ACCESS_KEY};
use crate::{Failure, ensure, served};

/// A copy of the request is part of the path, because encoding takes it.
fn encode<R: Request + Clone>(request: &R, times: u32) -> Result<(), Failure> {
    for _ in 0..times {
        black_box(black_box(request).clone().encode())?;
    }
    Ok(())
}

pub(crate) fn encode_support(times: u32) -> Result<(), Failure> {
    encode::<CreateSupportCase>(&service::support_case(), times)
}

pub(crate) fn encode_security_ir(times: u32) -> Result<(), Failure> {
    encode::<CreateIncident>(&service::incident(), times)
}

fn validate<R: Request>(request: &R, times: u32) -> Result<(), Failure> {
    for _ in 0..times {
        black_box(black_box(request).validate(Level::default()))?;
    }
    Ok(())
}

pub(crate) fn validate_support(times: u32) -> Result<(), Failure> {
    validate::<CreateSupportCase>(&service::support_case(), times)
}

pub(crate) fn validate_security_ir(times: u32) -> Result<(), Failure> {
    validate::<CreateIncident>(&service::incident(), times)
}

fn decode<R: Request>(
    body: &serde_json::Value,
    times: u32,
    found: impl Fn(R::Response) -> usize,
    expected: usize,
) -> Result<(), Failure> {
    let body = Bytes::from(body.to_string());
    let mut elements = expected;
    for _ in 0..times {
        let response = HttpResponse::new(200, HeaderMap::new(), black_box(body.clone()));
        elements = found(black_box(R::decode(response)?));
    }
    ensure(elements == expected, "the answer was not read completely")
}

pub(crate) fn decode_describe_cases(times: u32) -> Result<(), Failure> {
    let count = 100;
    decode::<DescribeCasesRequest>(
        &served::support_cases(count),
        times,
        |page| page.cases.map_or(0, |cases| cases.len()),
        count,
    )
}

pub(crate) fn decode_list_cases(times: u32) -> Result<(), Failure> {
    let count = 25;
    decode::<ListCasesRequest>(
        &served::security_cases(count),
        times,
        |page| page.items.map_or(0, |items| items.len()),
        count,
    )
}

/// Signs `CreateCase` of Support with a key that is there, which is so in all calls of a day but the first.
pub(crate) fn sign(times: u32) -> Result<(), Failure> {
    let scope = scope()?;
    let key = signing_key(SECRET_ACCESS_KEY, &scope);
    let body = vec![b'x'; 600];
    let headers = [
        ("content-type", "application/x-amz-json-1.1"),
        ("host", "support.us-east-1.amazonaws.com"),
        ("x-amz-date", "20260228T093000Z"),
        ("x-amz-target", "AWSSupport_20130415.CreateCase"),
    ];
    let mut signature = None;
    for _ in 0..times {
        let hash = sha256_hex(black_box(&body));
        let request = signing_request(&headers, &hash);
        signature = Some(black_box(sign_with_key(
            &request,
            ACCESS_KEY_ID,
            &key,
            &scope,
        )));
    }
    let hash = sha256_hex(&body);
    let request = signing_request(&headers, &hash);
    let other = sign_with_secret(&request, ACCESS_KEY_ID, SECRET_ACCESS_KEY, &scope);
    let same = signature.is_none_or(|found| found.authorization == other.authorization);
    ensure(same, "the signature is not that of the secret")
}

pub(crate) fn derive_signing_key(times: u32) -> Result<(), Failure> {
    let scope = scope()?;
    for _ in 0..times {
        black_box(signing_key(black_box(SECRET_ACCESS_KEY), black_box(&scope)));
    }
    Ok(())
}

fn scope() -> Result<Scope<'static>, Failure> {
    Ok(Scope {
        region: REGION,
        service: "support",
        time: service::now()?,
    })
}

fn signing_request<'a>(
    headers: &'a [(&'a str, &'a str)],
    payload_sha256_hex: &'a str,
) -> SigningRequest<'a> {
    SigningRequest {
        method: "POST",
        path: "/",
        query: "",
        headers,
        payload_sha256_hex,
        path_form: PathForm::default(),
    }
}

/// The rules of Support, in a region that has its endpoint elsewhere.
pub(crate) fn endpoint(times: u32) -> Result<(), Failure> {
    let parameters = Parameters {
        region: Some("eu-central-1".to_owned()),
        ..Parameters::default()
    };
    let resolve = DescribeCasesRequest::OPERATION.service.endpoint;
    let mut url = None;
    for _ in 0..times {
        url = Some(black_box(resolve(black_box(&parameters)))?.url);
    }
    let expected = "https://support.us-east-1.amazonaws.com";
    let same = url.is_none_or(|url| url == expected);
    ensure(same, "the endpoint is another one")
}
