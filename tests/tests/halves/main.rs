//! Both halves of the query protocols, of rpcv2Cbor and of restXml: what a client writes, a server reads, and the other way around.
//!
//! The server halves are generated next to the golden clients. Their handler returns what it received.

mod bound;
mod exchange;
mod packed;

/// What the server halves call.
mod wire {
    pub(crate) use attache_local::wire::*;
}

#[rustfmt::skip]
#[path = "../../golden/ec2/server/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "not every item is used here")]
mod ec2;
#[rustfmt::skip]
#[path = "../../golden/query/server/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "not every item is used here")]
mod query;
#[rustfmt::skip]
#[path = "../../golden/rest-xml/server/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "not every item is used here")]
mod rest_xml;
#[rustfmt::skip]
#[path = "../../golden/rpcv2-cbor/server/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "not every item is used here")]
mod rpcv2_cbor;

use attache_runtime::validation::{Level, Violations};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Returns the members of a request. A toy called `old` exists.
#[derive(Clone)]
struct Echo;

fn converted<T: DeserializeOwned>(value: &impl Serialize) -> T {
    let value = serde_json::to_value(value).expect("it has a form in JSON");
    serde_json::from_value(value).expect("both have the same members")
}

macro_rules! common {
    ($half:ident, $protocol:ident) => {
        impl wire::Handler for Served<$half::Operation> {
            const PROTOCOL: wire::Protocol = wire::Protocol::$protocol;

            fn invalid(&self, _: &'static str, violations: &Violations) -> wire::Refusal {
                let text = violations.to_string();
                wire::Refusal::common(Self::PROTOCOL, 400, "ValidationError", &text)
            }

            // What is sent here is arbitrary; other tests validate.
            fn level(&self) -> Level {
                Level::Off
            }
        }
    };
}

macro_rules! handler {
    ($half:ident, $protocol:ident) => {
        impl $half::Handler for Served<$half::Operation> {
            fn list_toys(
                &mut self,
                request: $half::operation::ListToysRequest,
            ) -> Result<$half::operation::ListToysResponse, wire::Refusal> {
                Ok($half::operation::ListToysResponse {
                    marker: request.marker,
                    toys: None,
                })
            }

            fn make_toy(
                &mut self,
                request: $half::operation::MakeToyRequest,
            ) -> Result<$half::operation::MakeToyResponse, wire::Refusal> {
                if request.name.as_deref() == Some("old") {
                    return Err($half::error::ToyExists {
                        message: Some("there is one <already>".to_owned()),
                        secret: None,
                        toy: request.name,
                    }
                    .into());
                }
                Ok(converted(&request))
            }

            fn ping(
                &mut self,
                _: $half::operation::PingRequest,
            ) -> Result<$half::operation::PingResponse, wire::Refusal> {
                Err($half::error::Broken { message: None }.into())
            }
        }

        common!($half, $protocol);
    };
}

/// The handler of one of the halves.
struct Served<Operation>(Echo, std::marker::PhantomData<Operation>);

impl<Operation> Clone for Served<Operation> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), std::marker::PhantomData)
    }
}

handler!(query, AwsQuery);
handler!(ec2, Ec2Query);
common!(rest_xml, RestXmlUnwrapped);
common!(rpcv2_cbor, RpcV2Cbor);

/// A value without what forms and XML do not have: empty lists and maps.
fn without_empty(value: Value) -> Value {
    let is_kept = |value: &Value| match value {
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Null => false,
        _ => true,
    };
    match value {
        Value::Array(items) => {
            let items = items.into_iter().map(without_empty);
            items.filter(is_kept).collect()
        }
        Value::Object(members) => {
            let members = members
                .into_iter()
                .map(|(name, value)| (name, without_empty(value)));
            members.filter(|(_, value)| is_kept(value)).collect()
        }
        other => other,
    }
}
