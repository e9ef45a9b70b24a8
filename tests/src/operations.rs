//! Every operation of both clients in one list, callable by name.
//!
//! The list is written by hand and compared with the models, so that an operation that is missing in either fails.

use std::fmt::Debug;

use attache_runtime::plumbing::Core;
use attache_runtime::plumbing::json::FromJson;
use attache_runtime::plumbing::message::{HttpRequest, HttpResponse};
use attache_runtime::test::{Mock, Respond, from_json_deny_unknown, when};
use attache_runtime::validation::Level;
use attache_runtime::{CallOptions, Config, ConfigBuilder};
use proptest::prelude::{Arbitrary, BoxedStrategy, Strategy, any, any_with};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// One operation, with its types behind functions over JSON.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its name in the model.
    pub name: &'static str,
    /// Makes the request of its serde form, and encodes it.
    pub encode: fn(Value) -> Result<HttpRequest, String>,
    /// Makes the request of its serde form, and gives it back in that form.
    pub request_again: fn(Value) -> Value,
    /// Arbitrary requests that keep the constraints of a level, in their serde form.
    pub arbitrary_requests: fn(Level) -> BoxedStrategy<Value>,
    /// Arbitrary responses, in their serde form.
    pub arbitrary_responses: fn() -> BoxedStrategy<Value>,
    /// Sends the request of the first serde form to a mock with the response of the second one, and returns what the
    /// client read.
    pub mock: fn(Value, Value) -> Result<Value, String>,
    /// Reads a response with serde, and gives it in its serde form.
    pub read: fn(&str) -> Result<Value, String>,
    /// Reads a response as a fixture without unknown members, and gives it in its serde form.
    pub read_known: fn(&str) -> Result<Value, String>,
    /// `Debug` of the request of this serde form.
    pub debug_request: fn(Value) -> String,
    /// Sends the request of this serde form with a client of this configuration, and waits for the end of the call.
    pub send: fn(Value, &Config),
    /// Sends the request of this serde form like `send`, and returns what the client read.
    pub call: fn(Value, &Config) -> Result<Value, String>,
    /// A configuration whose transport gives the response of this serde form.
    pub mocked: fn(Value) -> ConfigBuilder,
    /// Decodes a response, and gives it in its serde form.
    pub decode: fn(HttpResponse) -> Result<Value, String>,
    /// Decodes a response, and gives its `Debug`.
    pub debug_response: fn(HttpResponse) -> String,
}

impl Operation {
    fn of<R>() -> Self
    where
        R: Respond + Serialize + DeserializeOwned + PartialEq + Debug,
        R: Arbitrary<Parameters = Level, Strategy = BoxedStrategy<R>> + 'static,
        R::Response: Serialize + DeserializeOwned + FromJson + PartialEq + Debug,
        R::Response: Arbitrary<Parameters = (), Strategy = BoxedStrategy<R::Response>> + 'static,
    {
        Self {
            name: R::OPERATION.name,
            encode: |value| {
                request::<R>(value)
                    .encode()
                    .map_err(|error| format!("{error:#}"))
            },
            request_again: |value| to_value(&request::<R>(value)),
            arbitrary_requests: |level| any_with::<R>(level).prop_map(|it| same(&it)).boxed(),
            arbitrary_responses: || any::<R::Response>().prop_map(|it| same(&it)).boxed(),
            mock: |request_value, response| {
                let response = serde_json::from_value(response).expect("a response");
                let mock = Mock::new().rule(when::<R>(|_| true).then(Ok(response)));
                let config = mock.config().build().expect("a configuration");
                let core = Core::new(R::OPERATION.service, &config);
                let call = core.send(request::<R>(request_value), CallOptions::default());
                let response = call.wait().map_err(|error| error.to_string())?;
                mock.assert_all_used();
                Ok(same(&response))
            },
            read: |text| {
                let response: R::Response =
                    serde_json::from_str(text).map_err(|error| error.to_string())?;
                Ok(same(&response))
            },
            read_known: |text| {
                let response: R::Response =
                    from_json_deny_unknown(text).map_err(|error| format!("{error:#}"))?;
                Ok(same(&response))
            },
            debug_request: |value| format!("{:?}", request::<R>(value)),
            send: |value, config| {
                let core = Core::new(R::OPERATION.service, config);
                let options = CallOptions::default().validation(Level::Off);
                drop(core.send(request::<R>(value), options).wait());
            },
            call: call::<R>,
            mocked: mocked::<R>,
            decode: |response| {
                let response = R::decode(response).map_err(|error| format!("{error:#}"))?;
                Ok(same(&response))
            },
            debug_response: |response| {
                format!("{:?}", R::decode(response).expect("the response is fine"))
            },
        }
    }
}

fn call<R>(value: Value, config: &Config) -> Result<Value, String>
where
    R: Respond + DeserializeOwned,
    R::Response: Serialize,
{
    let core = Core::new(R::OPERATION.service, config);
    let options = CallOptions::default().validation(Level::Off);
    let response = core.send(request::<R>(value), options).wait();
    response
        .map(|response| to_value(&response))
        .map_err(|error| format!("{error:#}"))
}

fn mocked<R>(response: Value) -> ConfigBuilder
where
    R: Respond,
    R::Response: DeserializeOwned,
{
    let response = serde_json::from_value(response).expect("a response");
    let mock = Mock::new().rule(when::<R>(|_| true).then(Ok(response)));
    mock.config()
}

fn request<R: DeserializeOwned>(value: Value) -> R {
    serde_json::from_value(value).expect("the value is that of the request")
}

/// The serde form of a value, of which the same value is read.
fn same<T: Serialize + DeserializeOwned + PartialEq>(value: &T) -> Value {
    let form = to_value(value);
    let again = T::deserialize(&form).expect("what was written can be read");
    assert!(again == *value, "{form}");
    form
}

fn to_value(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("every type can be written")
}

macro_rules! operations {
    ($client:ident: $($request:ident)*) => {
        vec![$(Operation::of::<$client::operation::$request>()),*]
    };
}

/// A service: its client's operations and its model.
#[derive(Debug)]
pub struct Service {
    /// The folder of its model.
    pub name: &'static str,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// AWS Support.
pub fn support() -> Service {
    Service {
        name: "support",
        operations: operations!(attache_support:
            AddAttachmentsToSetRequest AddCommunicationToCaseRequest CompleteAttachmentUploadRequest
            CreateCaseRequest DescribeAttachmentRequest DescribeAttachmentUploadStatusRequest DescribeCasesRequest
            DescribeCommunicationsRequest DescribeCreateCaseOptionsRequest DescribeServicesRequest
            DescribeSeverityLevelsRequest DescribeSupportedLanguagesRequest
            DescribeTrustedAdvisorCheckRefreshStatusesRequest DescribeTrustedAdvisorCheckResultRequest
            DescribeTrustedAdvisorCheckSummariesRequest DescribeTrustedAdvisorChecksRequest
            GetAttachmentDownloadLinkRequest GetAttachmentUploadLinksRequest RefreshTrustedAdvisorCheckRequest
            ResolveCaseRequest
        ),
    }
}

/// AWS Security Incident Response.
pub fn security_ir() -> Service {
    Service {
        name: "security-ir",
        operations: operations!(attache_security_ir:
            BatchGetMemberAccountDetailsRequest CancelMembershipRequest CloseCaseRequest CreateCaseRequest
            CreateCaseCommentRequest CreateMembershipRequest GetCaseRequest GetCaseAttachmentDownloadUrlRequest
            GetCaseAttachmentUploadUrlRequest GetFindingMetricsRequest GetMembershipRequest ListCaseEditsRequest
            ListCasesRequest ListCommentsRequest ListInvestigationsRequest ListMembershipsRequest
            ListTagsForResourceRequest SendFeedbackRequest TagResourceRequest UntagResourceRequest UpdateCaseRequest
            UpdateCaseCommentRequest UpdateCaseStatusRequest UpdateMembershipRequest UpdateResolverTypeRequest
        ),
    }
}

/// The golden clients whose messages are forms, XML or CBOR. Their models are in `tests/golden`.
pub fn golden() -> [Service; 4] {
    [
        Service {
            name: "query",
            operations: operations!(golden_query: ListToysRequest MakeToyRequest PingRequest),
        },
        Service {
            name: "ec2",
            operations: operations!(golden_ec2: ListToysRequest MakeToyRequest PingRequest),
        },
        Service {
            name: "rpcv2-cbor",
            operations: operations!(golden_rpcv2_cbor: PackRequest RestRequest),
        },
        Service {
            name: "sealed-xml",
            operations: operations!(golden_sealed_xml: PutToyRequest PutSealedRequest PutVaultRequest),
        },
    ]
}

/// Both services.
pub fn services() -> [Service; 2] {
    [support(), security_ir()]
}
