//! Presigned URLs: what is signed, and for how long.

use std::time::{Duration, SystemTime};

use attache_runtime::operation::Request;
use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::message::{DecodeError, EncodeError, HttpRequest, HttpResponse};
use attache_runtime::plumbing::operation::Operation;
use attache_runtime::validation::{Level, Violations};
use attache_runtime::{
    CallOptions, ConfigBuilder, Credentials, ErrorKind, PresignedRequest, Timestamp, http,
};
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;

use super::payload::{Content, Put, UNSIGNED};
use super::{Ask, SERVICE, USUAL};
use crate::stage::{self, Network, NoError, config};

pub(super) const HOUR: Duration = Duration::from_secs(3_600);

pub(super) async fn presigned<const IS_S3: bool>(
    builder: ConfigBuilder,
    put: Put<IS_S3>,
    expires_in: Duration,
) -> Result<PresignedRequest, (ErrorKind, String)> {
    let core = Core::new(&SERVICE, &builder.build().expect("settings"));
    let made = core.send(put, CallOptions::default()).presign(expires_in);
    made.await
        .map_err(|error| (error.kind(), format!("{error:#}")))
}

/// The signature that the official signer gives to the request that came to a server.
pub(super) fn official(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: SignableBody<'_>,
    is_s3: bool,
) -> String {
    let (base, query) = url.split_once('?').expect("a query");
    let value = |wanted: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(name, _)| *name == wanted)
            .expect("it is there")
            .1
            .to_owned()
    };
    let own = query.split('&').filter(|pair| !pair.starts_with("X-Amz-"));
    let own: Vec<&str> = own.collect();
    let separator = if own.is_empty() { "" } else { "?" };
    let identity = aws_credential_types::Credentials::new(
        "AKID",
        "SECRET",
        Some("TOKEN".into()),
        None,
        "test",
    )
    .into();
    let mut settings = SigningSettings::default();
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_secs(
        value("X-Amz-Expires").parse().expect("seconds"),
    ));
    if is_s3 {
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    }
    let time: Timestamp = stage::NOW.parse().expect("a time");
    let seconds = u64::try_from(time.epoch_seconds()).expect("after 1970");
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("toy-shop")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(settings)
        .build()
        .expect("parameters")
        .into();
    let signed = value("X-Amz-SignedHeaders").replace("%3B", ";");
    let signed: Vec<&str> = signed.split(';').collect();
    let headers = headers
        .iter()
        .filter(|(name, _)| signed.contains(&name.as_str()));
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_str()));
    let uri = format!("{base}{separator}{}", own.join("&"));
    let request = SignableRequest::new(method, uri, headers, body).expect("a request");
    sign(request, &params)
        .expect("it signs")
        .signature()
        .to_owned()
}

fn headers(made: &PresignedRequest) -> Vec<(String, String)> {
    let headers = made.headers().iter();
    headers
        .map(|(name, value)| (name.to_string(), value.to_str().expect("text").to_owned()))
        .collect()
}

fn signature(made: &PresignedRequest) -> &str {
    made.url()
        .split_once("&X-Amz-Signature=")
        .expect("it is the last")
        .1
}

#[tokio::test(start_paused = true)]
async fn the_signature_is_that_of_the_official_signer_and_nothing_is_sent() {
    let network = Network::default();
    let put = Put::<false>::new(Content::Bytes);
    let made = presigned(config(&network), put, HOUR).await.expect("a URL");
    let body = SignableBody::Bytes(b"evidence");
    assert_eq!(
        signature(&made),
        official("PUT", made.url(), &headers(&made), body, false)
    );
    assert_eq!(made.body().expect("it is signed").as_ref(), b"evidence");
    assert_eq!(made.headers()["content-type"], "application/octet-stream");
    for content in [Content::Bytes, Content::Stream] {
        let made = presigned(config(&network), Put::<true>::new(content), HOUR)
            .await
            .expect("a URL");
        let body = SignableBody::UnsignedPayload;
        assert_eq!(
            signature(&made),
            official("PUT", made.url(), &headers(&made), body, true)
        );
        assert!(
            made.url()
                .starts_with("https://toys.example.com/logs//a%20b/./c%2Fd?"),
            "{}",
            made.url()
        );
        assert_eq!(made.body(), None);
        // Only what the caller has set must be sent.
        assert_eq!(
            headers(&made),
            [("x-amz-meta-case".to_owned(), "42".to_owned())]
        );
    }
    assert!(network.seen().is_empty());
}

/// A request of an operation whose payload is not signed.
struct Upload(Put<false>);

static UPLOAD: Operation = Operation {
    service: &SERVICE,
    name: "Upload",
    read_only: false,
    idempotent: true,
    signed: true,
    unsigned_payload: true,
    streaming_response: false,
    dry_run_error: None,
    endpoint_region: None,
    endpoint_context: &[],
};

impl Request for Upload {
    type Response = ();
    type ServiceError = NoError;
    const OPERATION: &'static Operation = &UPLOAD;

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        self.0.encode()
    }

    fn decode(_: HttpResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn a_header_says_that_the_payload_is_not_signed_where_this_is_not_usual() {
    let network = Network::default();
    let core = Core::new(&SERVICE, &config(&network).build().expect("settings"));
    for content in [Content::Bytes, Content::Stream] {
        let upload = Upload(Put::new(content));
        let made = core
            .send(upload, CallOptions::default())
            .presign(HOUR)
            .await
            .expect("a URL");
        assert_eq!(made.headers()["x-amz-content-sha256"], UNSIGNED);
        assert_eq!(made.body(), None);
        let body = SignableBody::UnsignedPayload;
        assert_eq!(
            signature(&made),
            official("PUT", made.url(), &headers(&made), body, false)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn headers_that_members_set_are_signed() {
    let network = Network::default();
    let mut put = Put::<true>::new(Content::Bytes);
    put.content_type = Some("text/plain");
    let made = presigned(config(&network), put, HOUR).await.expect("a URL");
    assert_eq!(made.headers()["content-type"], "text/plain");
    assert!(
        made.url()
            .contains("&X-Amz-SignedHeaders=content-type%3Bhost%3Bx-amz-meta-case&")
    );
    for name in [
        "user-agent",
        "amz-sdk-request",
        "x-amz-security-token",
        "authorization",
        "host",
    ] {
        assert!(!made.headers().contains_key(name), "{name}");
    }
    let shown = format!("{made:?}");
    for secret in ["Signature", "TOKEN", "Credential"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_url_is_valid_for_one_second_to_seven_days_and_as_long_as_its_credentials() {
    let network = Network::default();
    let week = Duration::from_secs(7 * 24 * 3_600);
    for (wanted, is_accepted) in [
        (Duration::from_millis(999), false),
        (Duration::from_secs(1), true),
        (week, true),
        (week + Duration::from_nanos(1), false),
    ] {
        let made = presigned(config(&network), Put::<true>::new(Content::Bytes), wanted).await;
        match made {
            Ok(made) => {
                assert!(is_accepted);
                assert!(
                    made.url()
                        .contains(&format!("&X-Amz-Expires={}&", wanted.as_secs()))
                );
            }
            Err((kind, error)) => {
                assert!(!is_accepted && kind == ErrorKind::Request, "{error}");
                assert!(
                    error.contains("valid for one second to seven days"),
                    "{error}"
                );
            }
        }
    }
    let now: Timestamp = stage::NOW.parse().expect("a time");
    let until = |seconds: i64| {
        let end = Timestamp::from_epoch_seconds(now.epoch_seconds() + seconds).expect("a time");
        let fixed = Fixed(
            Credentials::new("AKID", "SECRET")
                .session_token("TOKEN")
                .expires_at(end),
        );
        (config(&network).credentials_provider(fixed), end)
    };
    let (builder, end) = until(600);
    let made = presigned(builder, Put::<true>::new(Content::Bytes), HOUR)
        .await
        .expect("a URL");
    assert!(made.url().contains("&X-Amz-Expires=600&"), "{}", made.url());
    assert_eq!(made.expires_at(), end);
    let (builder, _) = until(600_000);
    let made = presigned(builder, Put::<true>::new(Content::Bytes), HOUR)
        .await
        .expect("a URL");
    assert_eq!(
        made.expires_at().epoch_seconds(),
        now.epoch_seconds() + 3_600
    );
}

/// A provider, because credentials of code that expire soon are not accepted.
#[derive(Debug)]
struct Fixed(Credentials);

impl attache_runtime::ProvideCredentials for Fixed {
    fn credentials(
        &self,
    ) -> attache_runtime::BoxFuture<'_, Result<Credentials, attache_runtime::CredentialsError>>
    {
        let credentials = self.0.clone();
        Box::pin(async move { Ok(credentials) })
    }
}

#[tokio::test(start_paused = true)]
async fn what_no_url_can_say_is_refused() {
    let network = Network::default();
    let core = Core::new(&SERVICE, &config(&network).build().expect("settings"));
    let error = core
        .send(Ask::<USUAL>, CallOptions::default())
        .presign(HOUR)
        .await
        .expect_err("a POST");
    let error = format!("{error:#}");
    assert!(
        error.contains("Ask")
            && error.contains("presigned for GET, PUT, HEAD and DELETE, and this is a POST"),
        "{error}"
    );
    let mut post = Put::<true>::new(Content::Bytes);
    post.method = http::Method::PATCH;
    let (kind, _) = presigned(config(&network), post, HOUR)
        .await
        .expect_err("a PATCH");
    assert_eq!(kind, ErrorKind::Request);
    let (kind, error) = presigned(config(&network), Put::<false>::new(Content::Stream), HOUR)
        .await
        .expect_err("a stream");
    assert!(
        kind == ErrorKind::Request && error.contains("must be in memory and not a stream"),
        "{error}"
    );
    let mut call = core.send(Put::<true>::new(Content::Bytes), CallOptions::default());
    (&mut call).await.expect("sent");
    let error = call.presign(HOUR).await.expect_err("it was sent");
    assert!(format!("{error:#}").contains("was sent already"), "{error}");
}

/// A request of an operation with one of the lists of schemes.
#[cfg(feature = "bearer")]
struct Get<const LIST: usize>;

#[cfg(feature = "bearer")]
impl<const LIST: usize> Request for Get<LIST> {
    type Response = ();
    type ServiceError = NoError;
    const OPERATION: &'static Operation = Ask::<LIST>::OPERATION;
    const SCHEMES: &'static [attache_runtime::plumbing::operation::Scheme] = Ask::<LIST>::SCHEMES;

    fn validate(&self, _: Level) -> Result<(), Violations> {
        Ok(())
    }

    fn encode(self) -> Result<HttpRequest, EncodeError> {
        let mut request = HttpRequest::new(http::Method::GET);
        request.path("/");
        Ok(request)
    }

    fn decode(_: HttpResponse) -> Result<(), DecodeError> {
        Ok(())
    }
}

#[cfg(feature = "bearer")]
#[tokio::test(start_paused = true)]
async fn a_request_without_a_signature_has_no_url() {
    use super::{NONE, SIGNED_OR_TOKEN, variables};
    let network = Network::default();
    let environment = variables(&[("AWS_BEARER_TOKEN_TOY_SHOP", "SECRET-TOKEN")]);
    let builder = config(&network)
        .from_environment(environment)
        .expect("it is read");
    let core = Core::new(&SERVICE, &builder.build().expect("settings"));
    for presigned in [
        core.send(Get::<NONE>, CallOptions::default())
            .presign(HOUR)
            .await,
        core.send(Get::<SIGNED_OR_TOKEN>, CallOptions::default())
            .presign(HOUR)
            .await,
    ] {
        let error = format!("{:#}", presigned.expect_err("it has no signature"));
        assert!(
            error.contains("only for a request that is signed"),
            "{error}"
        );
    }
}
