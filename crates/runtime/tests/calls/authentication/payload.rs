//! What a signature says about path and payload: the usual form, that of endpoint rules, and that of S3.

use std::time::{Duration, SystemTime};

use attache_runtime::operation::Request;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::{Operation, SignatureVersion};
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{ByteStream, Bytes, CallOptions, ConfigBuilder, http};
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;

use super::{OPERATION, SERVICE};
use crate::stage::{self, Network, NoError, Seen, config};

pub(super) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The body of a request.
#[derive(Clone, Copy)]
pub(super) enum Content {
    Bytes,
    Stream,
}

/// A request whose path differs in each form.
pub(super) struct Put<const IS_S3: bool> {
    pub(super) content: Content,
    pub(super) content_type: Option<&'static str>,
    pub(super) method: http::Method,
    pub(super) path: &'static str,
}

impl<const IS_S3: bool> Put<IS_S3> {
    pub(super) fn new(content: Content) -> Self {
        Self {
            content,
            content_type: None,
            method: http::Method::PUT,
            path: "/logs//a%20b/./c%2Fd",
        }
    }
}

impl<const IS_S3: bool> Request for Put<IS_S3> {
    type Response = ();
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &OPERATION;
    const SIGNATURE_VERSION: SignatureVersion = match IS_S3 {
        true => SignatureVersion::S3V4,
        false => SignatureVersion::V4,
    };

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(self.method);
        request.path(self.path);
        if let Some(value) = self.content_type {
            request.header("content-type", "contentType", value)?;
        }
        request.header("x-amz-meta-case", "case", "42")?;
        let body = match self.content {
            Content::Bytes => ByteStream::from(Bytes::from_static(b"evidence")),
            Content::Stream => {
                ByteStream::new(Box::pin(Once(Some(Bytes::from_static(b"evidence")))))
            }
        };
        request.stream("application/octet-stream", body);
        Ok(request)
    }

    fn decode(_: HttpResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// A body that is not in memory, as far as a client knows.
struct Once(Option<Bytes>);

impl http_body::Body for Once {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        std::task::Poll::Ready(self.0.take().map(|bytes| Ok(http_body::Frame::data(bytes))))
    }
}

async fn put<const IS_S3: bool>(
    network: &Network,
    builder: ConfigBuilder,
    content: Content,
) -> Result<Seen, String> {
    let core = Core::new(&SERVICE, &builder.build().expect("settings"));
    let sent = core.send(Put::<IS_S3>::new(content), CallOptions::default());
    sent.await.map_err(|error| format!("{error:#}"))?;
    Ok(network.seen().pop().expect("it was sent"))
}

/// The header `Authorization` that the official signer gives to a request of ours, over the headers that ours signed.
fn official(seen: &Seen, settings: SigningSettings, body: SignableBody<'_>) -> String {
    let identity = Credentials::new("AKID", "SECRET", None, None, "test").into();
    let time: attache_runtime::Timestamp = stage::NOW.parse().expect("a time");
    let seconds = u64::try_from(time.epoch_seconds()).expect("after 1970");
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(
            seen.header("authorization")
                .split('/')
                .nth(2)
                .expect("a region"),
        )
        .name("toy-shop")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(settings)
        .build()
        .expect("parameters")
        .into();
    let names = seen.header("authorization").split("SignedHeaders=").nth(1);
    let names = names
        .and_then(|rest| rest.split(',').next())
        .expect("names");
    let names: Vec<&str> = names.split(';').collect();
    let headers = seen.headers.iter().filter(|(name, _)| {
        names.contains(&name.as_str())
            && !["x-amz-date", "x-amz-content-sha256"].contains(&name.as_str())
    });
    let headers = headers.map(|(name, value)| (name.as_str(), value.to_str().expect("text")));
    let uri = seen.uri.to_string();
    let request = SignableRequest::new("PUT", uri, headers, body).expect("a request");
    let (instructions, _) = sign(request, &params).expect("it signs").into_parts();
    let mut headers = instructions.headers();
    let (_, value) = headers
        .find(|(name, _)| *name == "authorization")
        .expect("it is there");
    value.to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_rules_decide_how_the_path_is_signed() {
    let network = Network::default();
    for (region, once, kept) in [
        ("us-east-1", false, false),
        ("encoded-once", true, false),
        ("not-normalised", false, true),
    ] {
        let seen = put::<false>(&network, config(&network).region(region), Content::Bytes);
        let seen = seen.await.expect("sent");
        let mut settings = SigningSettings::default();
        if once {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
        }
        if kept {
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        let wanted = official(&seen, settings, SignableBody::Bytes(b"evidence"));
        assert_eq!(seen.header("authorization"), wanted, "{region}");
        assert!(
            !seen.headers.contains_key("x-amz-content-sha256"),
            "{region}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn s3_gets_the_path_as_it_is_sent_and_the_hash_of_the_payload_as_a_header() {
    let network = Network::default();
    let settings = || {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        settings
    };
    for region in ["us-east-1", "encoded-once"] {
        let seen = put::<true>(&network, config(&network).region(region), Content::Bytes);
        let seen = seen.await.expect("sent");
        let wanted = official(&seen, settings(), SignableBody::Bytes(b"evidence"));
        assert_eq!(seen.header("authorization"), wanted, "{region}");
        assert_eq!(seen.header("x-amz-content-sha256").len(), 64);
    }
    let seen = put::<true>(&network, config(&network), Content::Stream)
        .await
        .expect("sent");
    let wanted = official(&seen, settings(), SignableBody::UnsignedPayload);
    assert_eq!(seen.header("authorization"), wanted);
    assert_eq!(seen.header("x-amz-content-sha256"), UNSIGNED);
}

/// Who could change a body on its way must not be able to.
#[tokio::test(start_paused = true)]
async fn a_payload_is_unsigned_over_tls_or_on_this_machine_only() {
    let network = Network::default();
    let to = |url: &str| config(&network).endpoint_url(url).allow_plain_http(true);
    let elsewhere = "http://toys.example.com";
    let error = put::<true>(&network, to(elsewhere), Content::Stream).await;
    assert!(
        error.expect_err("others could change it").contains(
            "a streamed body cannot be signed, so it is not sent to toys.example.com unencrypted: use an endpoint with \
             https, or a body in memory"
        )
    );
    assert!(network.seen().is_empty());
    let seen = put::<true>(&network, to(elsewhere), Content::Bytes)
        .await
        .expect("sent");
    assert_eq!(seen.header("x-amz-content-sha256").len(), 64);
    let seen = put::<true>(&network, to("http://127.0.0.1:1"), Content::Stream).await;
    assert_eq!(seen.expect("sent").header("x-amz-content-sha256"), UNSIGNED);
}
