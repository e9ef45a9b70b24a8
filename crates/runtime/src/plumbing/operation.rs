//! The metadata of a service and of an operation, which generated code contains.

use super::endpoint::{ContextValue, Endpoint, EndpointError, Parameters};

/// A family of protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `aws.protocols#awsJson1_0` and `aws.protocols#awsJson1_1`.
    AwsJson,
    /// `aws.protocols#restJson1`.
    RestJson,
    /// `aws.protocols#awsQuery`.
    Query,
    /// `aws.protocols#ec2Query`.
    Ec2Query,
    /// `aws.protocols#restXml`.
    RestXml,
    /// `smithy.protocols#rpcv2Cbor`.
    #[cfg(feature = "cbor")]
    RpcV2Cbor,
}

/// A way to authenticate a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Signature Version 4 (`aws.auth#sigv4`).
    SigV4,
    /// The same with an asymmetric key (`aws.auth#sigv4a`).
    SigV4a,
    /// A bearer token (`smithy.api#httpBearerAuth`).
    Bearer,
    /// None at all (`smithy.api#noAuth`, `smithy.api#optionalAuth`).
    NoAuth,
}

/// The form of Signature Version 4 that a service wants (`attache#signatureVersion`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SignatureVersion {
    /// The usual one.
    #[default]
    V4,
    /// That of S3: the path is signed as it is sent, the hash of the payload is a header, and a URL signs no payload.
    S3V4,
}

/// What a service says about a request that came to the wrong region (`attache#regionRedirect`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RegionRedirect {
    /// The header of a response with the region of the resource. Without it, `Region` in the body of the error is read.
    pub header: &'static str,
    /// The codes of errors that mean another region. So do the statuses 301, 302 and 307, and any error of a `HEAD` with
    /// the status 400, which has no code.
    pub codes: &'static [&'static str],
    /// The parameter of the endpoint rules that names the resource.
    pub parameter: &'static str,
}

/// The metadata that all operations of a service share.
#[derive(Debug)]
pub struct Service {
    /// The name of the service in SDKs (`aws.api#service`, key `sdkId`).
    pub sdk_id: &'static str,
    /// The version of the service (Smithy's `version`).
    pub version: &'static str,
    /// The protocol of the service.
    pub protocol: Protocol,
    /// The name of the service in signatures (`aws.auth#sigv4`).
    pub signing_name: &'static str,
    /// The region for the endpoint rules when the caller has none. Only services whose endpoint does not depend on the
    /// region have it.
    pub default_region: Option<&'static str>,
    /// The endpoint rules (`smithy.rules#endpointRuleSet`), compiled.
    pub endpoint: fn(&Parameters) -> Result<Endpoint, EndpointError>,
    /// The shape names of all modelled errors.
    pub modelled_errors: &'static [&'static str],
    /// The shape names of the modelled errors whose message must not be shown (`smithy.api#sensitive`).
    pub sensitive_messages: &'static [&'static str],
    /// The modelled errors that may be retried (`smithy.api#retryable`): shape name, and whether it means throttling.
    pub retryable_errors: &'static [(&'static str, bool)],
    /// Whether the header `x-amzn-query-error` overrides error codes (`aws.protocols#awsQueryCompatible`).
    pub query_compatible: bool,
}

/// The metadata of an operation.
#[derive(Debug)]
pub struct Operation {
    /// The service.
    pub service: &'static Service,
    /// The name of the operation.
    pub name: &'static str,
    /// Whether a call changes nothing (`smithy.api#readonly`).
    pub read_only: bool,
    /// Whether two calls have the same effect as one: `smithy.api#idempotent`, or an idempotency token in the request.
    pub idempotent: bool,
    /// Whether requests can be signed. If they can be authenticated in another way, too, [`SCHEMES`] has the ways.
    ///
    /// [`SCHEMES`]: crate::operation::Request::SCHEMES
    pub signed: bool,
    /// Whether the payload is left out of the signature (`aws.auth#unsignedPayload`).
    pub unsigned_payload: bool,
    /// Whether the response holds a streaming blob, so that its body must not be read into memory.
    pub streaming_response: bool,
    /// The error that means a successful dry run (`attache#dryRun`).
    pub dry_run_error: Option<&'static str>,
    /// The only region of its partition whose endpoint has the operation (`attache#endpointRegion`).
    pub endpoint_region: Option<&'static str>,
    /// The parameters that it sets for the endpoint rules (`smithy.rules#staticContextParams`).
    pub endpoint_context: &'static [(&'static str, ContextValue)],
}

/// What the model says about an error.
#[derive(Clone, Copy, Debug)]
pub struct Modelled<'a> {
    pub(crate) service: &'static Service,
    pub(crate) shape: &'static str,
    pub(crate) query_code: Option<&'static str>,
    pub(crate) status: u16,
    pub(crate) message: Option<&'a str>,
}

impl<'a> Modelled<'a> {
    /// The error of this shape, which comes with this status. `message` is `None` if it must not be shown.
    pub fn new(
        service: &'static Service,
        shape: &'static str,
        status: u16,
        message: Option<&'a str>,
    ) -> Self {
        Self {
            service,
            shape,
            query_code: None,
            status,
            message,
        }
    }

    /// The code that it has in the query protocol (`aws.protocols#awsQueryError`).
    #[must_use]
    pub fn query_code(mut self, code: &'static str) -> Self {
        let has_query_codes =
            self.service.query_compatible || self.service.protocol == Protocol::Query;
        self.query_code = has_query_codes.then_some(code);
        self
    }
}
