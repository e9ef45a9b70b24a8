//! Requests of a service, with the builders that make them.
//!
//! Every operation has a request and a response.

use attache_runtime::http::{HeaderName, HeaderValue, Method, StatusCode};
use attache_runtime::{Blob, Client, DateTime, Decode, DecodeError, Encode, EncodeError, Endpoint, Operation, Region, query};
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;
use u8::{self, MAX, MIN};

pub use self::v2::ListItems;
pub use crate::v1::{ListItems as ListItemsV1, *};

pub(crate) use super::decode;

mod alpha;
mod beta10;
pub mod beta2;

/// The name of the service.
///
/// It is part of every signature.
pub const SERVICE: &str = "storage";

pub(crate) static REGIONS: [&str; 3] = ["eu-central-1", "us-east-1", "us-west-2"];

static LIMITS: &[u64] = &[
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768,
];

const EMPTY: () = ();

pub type Result<T, E = Error> = std::result::Result<T, E>;

type Handler<'a> = Box<dyn Fn(&'a str, u32) -> Result<Option<Vec<u8>>> + Send + Sync + 'a>;

type Callback = for<'a> fn(&'a mut [u8], usize) -> !;

type LongCallback =
    fn(FirstParameterType, SecondParameterType, ThirdParameterType) -> Result<ReturnTypeOfCallback>;

/// Names an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PutObjectInput {
    /// The bucket.
    ///
    ///  * It has to exist.
    pub bucket: String,
    #[serde(rename = "Key", skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    pub metadata: Option<HashMap<String, String>>,
    #[serde(
        rename = "ContentType",
        skip_serializing_if = "Option::is_none",
        deserialize_with = "decode"
    )]
    pub content_type: Option<ContentTypeOfTheObjectThatIsStored>,
    pub(crate) extension:
        Option<HashMap<ExtensionNameOfTheObject, Vec<ExtensionValueOfTheObjectThatIsStored>>>,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, New,
)]
pub struct Unit;

#[must_use = "futures do nothing"]
pub struct Wrapper<T>(pub T, #[allow(unused)] PhantomData<T>);

pub struct Long(
    pub FirstOfTheTypesInThisStruct,
    SecondOfTheTypesInThisStruct,
    ThirdOfTheTypesInThisStruct,
);

pub struct Nothing {}

pub struct Bounded<'a, T: ?Sized + 'a, const N: usize = 4>
where
    T: fmt::Debug,
{
    value: &'a T,
    rest: [u8; N],
}

/// The state of an object.
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub enum State {
    /// It exists.
    Present,
    Moved(String),
    Copied {
        from: String,
        to: Option<String>,
    },
    Locked(
        Arc<LockOnAnObjectWithAVeryLongName>,
        Option<DateTimeOfTheLock>,
        Vec<HolderOfTheLock>,
    ),
}

enum Code {
    Ok = 200,
    NotFound = 404,
    Negative = -1,
}

enum Small {
    One { a: u8 },
    Two { bucket: String, key: String },
    Three,
}

enum Never {}

impl PutObjectInput {
    pub const NAME: &'static str = "PutObject";

    /// Starts a request.
    pub fn builder() -> PutObjectInputBuilder {
        PutObjectInputBuilder::default()
    }

    #[must_use]
    pub fn bucket(mut self, bucket: impl Into<String>) -> Self {
        self.bucket = bucket.into();
        self
    }

    pub fn metadata(
        mut self,
        key: impl Into<String>,
        value: impl Into<String>,
        overwrite: bool,
    ) -> Self {
        let metadata = self.metadata.get_or_insert_with(HashMap::new);
        if overwrite || !metadata.contains_key("x") {
            metadata.insert(key.into(), value.into());
        }
        self
    }

    pub async fn send(self, client: &Client) -> Result<PutObjectOutput, OperationError<PutError>> {
        client.call(self).await
    }

    pub async fn send_all(
        self,
        client: &Client,
    ) -> Result<Vec<PutObjectOutput>, OperationError<PutError>> {
        client.call_all(self).await
    }

    pub const fn as_ref<'a>(&'a self) -> &'a str {
        self.bucket.as_str()
    }

    fn nothing(&self) {}

    fn consumed_by(self: Box<Self>, _: &mut dyn Iterator<Item = u8>) {}

    fn a_method_without_parameters_and_a_very_long_return_type()
    -> Result<HashMap<String, Vec<String>>, Error> {
        Ok(HashMap::new())
    }

    fn convert<T, E>(value: T) -> impl Future<Output = Result<T, E>> + Send + use<T, E>
    where
        T: TryInto<Self, Error = E> + Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        async move { Ok(value) }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<T> From<T> for Wrapper<T> {
    fn from(value: T) -> Self {
        Wrapper(value, PhantomData)
    }
}

impl Marker for Unit {}

impl<T> Marker for Wrapper<T> where T: Marker {}

impl<T> Operation for Wrapper<T>
where
    T: Operation,
    <T as Operation>::Output: Decode,
{
    type Output = <T as Operation>::Output;

    const METHOD: Method = T::METHOD;

    fn endpoint(&self) -> Option<&Endpoint> {
        None
    }
}

impl<FirstTypeParameter, SecondTypeParameter>
    TraitWithAVeryLongName<FirstTypeParameter, SecondTypeParameter>
    for StructWithAVeryLongName<FirstTypeParameter, SecondTypeParameter>
{
    fn nothing() {}
}

/// Something that can be sent.
pub trait Send<T>: Encode + fmt::Debug {
    type Output: Decode + 'static;

    const RETRIES: u32 = 3;

    fn send(&self, client: &Client) -> Self::Output;

    fn describe(&self) -> String {
        String::new()
    }
}

pub trait Empty {}

pub trait Long:
    FirstBoundOfTheTrait + SecondBoundOfTheTrait + ThirdBoundOfTheTrait + Fourth
{
    fn long(
        &self,
        first_parameter: FirstParameterType,
        second_parameter: &SecondParameterType,
        third_parameter: Option<u8>,
    ) -> Self;
}

attache_runtime::operation!(PutObject, "PUT", "/{bucket}/{key}");

attache_runtime::empty! {}

#[cfg(test)]
mod tests {
    #![allow(unused)]

    use super::*;

    #[test]
    fn is_empty() {
        assert!(PutObjectInput::default().bucket.is_empty());
    }
}
