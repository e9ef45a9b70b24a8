//! Traits by their names, with typed accessors.
//!
//! The accessors return the value of a trait in the form of the specification, or an error that names the trait. The
//! [ledger](super::ledger) decides which traits are known.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use super::{Reference, trait_id};
use crate::error::{Error, Result};

/// The traits of a shape or a member, by absolute trait id.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Traits(BTreeMap<String, Value>);

/// `smithy.api#length`: inclusive bounds in scalar values, bytes, elements or pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// The least length.
    pub min: Option<u64>,
    /// The greatest length.
    pub max: Option<u64>,
}

/// `smithy.api#range`: inclusive bounds.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The least value.
    pub min: Option<Number>,
    /// The greatest value.
    pub max: Option<Number>,
}

/// `smithy.api#http`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// The method.
    pub method: String,
    /// The URI pattern.
    pub uri: String,
    /// The status of a success.
    #[serde(default = "Http::default_code")]
    pub code: u16,
}

impl Http {
    fn default_code() -> u16 {
        200
    }
}

/// `smithy.api#retryable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retryable {
    /// Whether the error means throttling.
    #[serde(default)]
    pub throttling: bool,
}

/// `smithy.api#paginated`; every key may come from the service as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Paginated {
    /// The input member that takes the token.
    pub input_token: Option<String>,
    /// The path to the token in the output.
    pub output_token: Option<String>,
    /// The path to the items in the output.
    pub items: Option<String>,
    /// The input member that bounds a page.
    pub page_size: Option<String>,
    /// Unknown keys. The operation works without pagination, so these are not errors.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, Value>,
}

impl Paginated {
    /// The trait of an operation, completed by the trait of its service.
    #[must_use]
    pub fn or(self, of_service: &Self) -> Self {
        Self {
            input_token: self.input_token.or_else(|| of_service.input_token.clone()),
            output_token: self
                .output_token
                .or_else(|| of_service.output_token.clone()),
            items: self.items.or_else(|| of_service.items.clone()),
            page_size: self.page_size.or_else(|| of_service.page_size.clone()),
            unknown: self.unknown,
        }
    }
}

/// `aws.api#service`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsService {
    /// The name of the service in SDKs.
    pub sdk_id: String,
    /// The namespace of its resource names.
    pub arn_namespace: Option<String>,
    /// The first label of its hosts.
    pub endpoint_prefix: Option<String>,
    /// The name of the service in AWS's documentation, with its version.
    pub doc_id: Option<String>,
}

/// `smithy.api#timestampFormat`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimestampFormat {
    /// RFC 3339 in UTC.
    DateTime,
    /// IMF-fixdate of RFC 7231.
    HttpDate,
    /// Seconds since 1970 as a number.
    EpochSeconds,
}

/// `aws.protocols#awsQueryError`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueryError {
    /// The code on the wire.
    pub code: String,
    /// The status.
    pub http_response_code: u16,
}

/// `smithy.api#endpoint`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Endpoint {
    /// The pattern of the host prefix.
    pub host_prefix: String,
}

/// `smithy.api#requestCompression`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestCompression {
    /// The encodings that the service reads, best first.
    pub encodings: Vec<String>,
}

/// `aws.protocols#httpChecksum`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HttpChecksum {
    /// The member of the request that names the algorithm of its checksum.
    pub request_algorithm_member: Option<String>,
    /// Whether the request must have a checksum.
    #[serde(default)]
    pub request_checksum_required: bool,
    /// The member of the request that asks for the checksum of the response.
    pub request_validation_mode_member: Option<String>,
    /// The algorithms that the service may use for the response.
    #[serde(default)]
    pub response_algorithms: Vec<String>,
}

impl Traits {
    /// Whether the trait is applied.
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// The value of the trait, uninterpreted.
    pub fn get(&self, id: &str) -> Option<&Value> {
        self.0.get(id)
    }

    /// All traits in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(id, value)| (id.as_str(), value))
    }

    /// Applies a trait; returns its previous value.
    pub fn insert(&mut self, id: &str, value: Value) -> Option<Value> {
        self.0.insert(id.to_owned(), value)
    }

    /// The value of the trait in its typed form.
    ///
    /// # Errors
    /// A value that does not have the form of this trait, with the trait's id.
    pub fn parse<T: DeserializeOwned>(&self, id: &str) -> Result<Option<T>> {
        self.0
            .get(id)
            .map(|value| {
                serde_json::from_value(value.clone()).map_err(|error| {
                    Error::new(format!("malformed trait value: {error}"))
                        .at(format!("trait `{id}`"))
                })
            })
            .transpose()
    }

    /// The value of a trait that is a string.
    ///
    /// # Errors
    /// Another value than a string.
    pub fn string(&self, id: &str) -> Result<Option<String>> {
        self.parse(id)
    }

    /// `smithy.api#required`.
    pub fn required(&self) -> bool {
        self.has(trait_id::REQUIRED)
    }

    /// `smithy.api#clientOptional`.
    pub fn client_optional(&self) -> bool {
        self.has(trait_id::CLIENT_OPTIONAL)
    }

    /// `smithy.api#sensitive`.
    pub fn sensitive(&self) -> bool {
        self.has(trait_id::SENSITIVE)
    }

    /// `smithy.api#sparse`.
    pub fn sparse(&self) -> bool {
        self.has(trait_id::SPARSE)
    }

    /// `smithy.api#error`: `client` or `server`.
    ///
    /// # Errors
    /// Another value than a string.
    pub fn error(&self) -> Result<Option<String>> {
        self.string(trait_id::ERROR)
    }

    /// `smithy.api#length`.
    ///
    /// # Errors
    /// A malformed value.
    pub fn length(&self) -> Result<Option<Length>> {
        self.parse(trait_id::LENGTH)
    }

    /// `smithy.api#range`.
    ///
    /// # Errors
    /// A malformed value.
    pub fn range(&self) -> Result<Option<Range>> {
        self.parse(trait_id::RANGE)
    }

    /// `smithy.api#pattern`: an ECMAScript pattern that is searched for, not anchored unless it contains anchors.
    ///
    /// # Errors
    /// Another value than a string.
    pub fn pattern(&self) -> Result<Option<String>> {
        self.string(trait_id::PATTERN)
    }

    /// `smithy.api#timestampFormat`.
    ///
    /// # Errors
    /// An unknown format.
    pub fn timestamp_format(&self) -> Result<Option<TimestampFormat>> {
        self.parse(trait_id::TIMESTAMP_FORMAT)
    }

    /// `attache#errors`: errors that the documentation names and the model does not list.
    ///
    /// # Errors
    /// A malformed value.
    pub fn added_errors(&self) -> Result<Vec<Reference>> {
        Ok(self.parse(trait_id::attache::ERRORS)?.unwrap_or_default())
    }

    /// `attache#requestHeaders`: headers that the documentation of a service requires in every request.
    ///
    /// # Errors
    /// A malformed value.
    pub fn request_headers(&self) -> Result<BTreeMap<String, String>> {
        Ok(self
            .parse(trait_id::attache::REQUEST_HEADERS)?
            .unwrap_or_default())
    }

    /// `attache#endpointLabels`: the labels of paths that the endpoint rules put into the URL.
    ///
    /// # Errors
    /// A value that is no list of texts.
    pub fn endpoint_labels(&self) -> Result<Vec<String>> {
        Ok(self
            .parse(trait_id::attache::ENDPOINT_LABELS)?
            .unwrap_or_default())
    }
}
