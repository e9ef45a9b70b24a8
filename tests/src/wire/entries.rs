//! How a client is called by the names of its operations and errors: the types of a table, and the macro that makes one.
//!
//! [`super::table`] has a table of our own two services. `cargo xtask outside --differential --service` copies this file
//! into a scratch workspace, with a table of the service that was asked for.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use attache_runtime::operation::Request;
use attache_runtime::plumbing::operation::Operation;
use attache_runtime::{ByteStream, Bytes, Config};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::poll::run;
use super::{Failed, Outcome};

/// One service.
pub(super) struct Service {
    /// The folder of the service in `models/`.
    pub(super) name: &'static str,
    pub(super) operations: &'static [Entry],
    /// The modelled errors. Only a test reads them; the comparison meets them as they come.
    pub(super) errors: &'static [&'static str],
}

/// One operation.
pub(super) struct Entry {
    pub(super) operation: &'static Operation,
    /// Calls the operation with parameters in serde's form, or makes a URL that is valid for so long.
    pub(super) call: fn(&Config, Value, Option<Duration>) -> Result<Outcome>,
}

/// Sets the stream of a request.
pub(super) type Give<R> = fn(&mut R, ByteStream);

/// Takes the stream of a response.
pub(super) type Take<T> = fn(&mut T) -> Option<ByteStream>;

/// The members that are streams, which serde leaves out: their names in the model, and how they are set and taken.
pub(super) struct Streams<R: Request> {
    pub(super) sent: Option<(&'static str, Give<R>)>,
    pub(super) received: Option<(&'static str, Take<R::Response>)>,
}

/// Bytes in base64.
#[derive(Debug, Serialize, serde::Deserialize)]
pub(super) struct Blob(#[serde(with = "attache_runtime::serde_blob")] pub(super) Bytes);

/// A value in serde's form. JSON has no number for NaN and the infinities, so they are the texts that Smithy has for them.
pub(super) fn in_serde_form(value: &impl Serialize) -> Result<Value> {
    Ok(json(ciborium::Value::serialized(value)?))
}

fn json(value: ciborium::Value) -> Value {
    match value {
        ciborium::Value::Float(number) if number.is_nan() => "NaN".into(),
        ciborium::Value::Float(f64::INFINITY) => "Infinity".into(),
        ciborium::Value::Float(f64::NEG_INFINITY) => "-Infinity".into(),
        ciborium::Value::Array(values) => values.into_iter().map(json).collect(),
        ciborium::Value::Map(entries) => entries
            .into_iter()
            .map(|(key, value)| (key.into_text().unwrap_or_default(), json(value)))
            .collect(),
        // Numbers, texts, Booleans and null are the same in both.
        other => serde_json::json!(other),
    }
}

/// Calls an operation, or makes a URL of the call. `members` names the modelled error and gives its members.
pub(super) fn call<R>(
    send: impl FnOnce(R) -> attache_runtime::Call<R::Response, R::ServiceError>,
    mut parameters: Value,
    presigned: Option<Duration>,
    streams: &Streams<R>,
    members: impl FnOnce(&R::ServiceError) -> Result<(&'static str, Value)>,
) -> Result<Outcome>
where
    R: Request + DeserializeOwned,
    R::Response: Serialize,
{
    let stream = match (&streams.sent, parameters.as_object_mut()) {
        (Some((name, set)), Some(parameters)) => parameters.remove(*name).map(|value| (value, set)),
        _ => None,
    };
    let mut request: R = serde_json::from_value(parameters)
        .context("the parameters are not those of the operation")?;
    if let Some((value, set)) = stream {
        let Blob(bytes) = serde_json::from_value(value)?;
        set(&mut request, bytes.into());
    }
    let call = send(request);
    if let Some(valid) = presigned {
        return Ok(match run(call.presign(valid)) {
            Ok(link) => Outcome::Presigned(link.try_into()?),
            Err(error) => Outcome::Error(Failed::new(&error, members)?),
        });
    }
    Ok(match run(call) {
        Ok(mut response) => {
            let mut output = in_serde_form(&response)?;
            if let Some((name, take)) = &streams.received
                && let Some(stream) = take(&mut response)
            {
                let Ok(bytes) = run(stream.collect()) else {
                    bail!("the stream of the response broke");
                };
                output[*name] = serde_json::to_value(Blob(bytes))?;
            }
            Outcome::Output(output)
        }
        Err(error) => Outcome::Error(Failed::new(&error, members)?),
    })
}

/// Makes a table of services. `sends` and `receives` name a stream: its field, and its member. `=` gives the name of an error
/// in the model where its Rust name is another one.
macro_rules! services {
    ($(
        $name:literal $module:ident $client:ident
        operations { $(
            $request:ident
            $({
                $(sends $sent:ident $sent_member:literal;)?
                $(receives $received:ident $received_member:literal;)?
            })?
        )* }
        errors { $($error:ident $(= $shape:literal)?)* }
    )*) => {
        static SERVICES: &[Service] = &[$(Service {
            name: $name,
            operations: $module::OPERATIONS,
            errors: &[$(stringify!($error)),*],
        }),*];

        $(mod $module {
            use std::time::Duration;

            use anyhow::{Result, bail};
            use attache_runtime::operation::Request;
            use attache_runtime::Config;
            use serde_json::Value;
            use $client::{Client, ServiceError, operation};

            use super::super::entries::{Entry, Give, Streams, Take, call, in_serde_form};
            use super::super::Outcome;

            pub(super) const OPERATIONS: &[Entry] = &[$(Entry {
                operation: operation::$request::OPERATION,
                call: |config, parameters, presigned| {
                    let sent: &[(&str, Give<operation::$request>)] =
                        &[$($(($sent_member, |request, stream| request.$sent = stream.into()))?)?];
                    type Response = <operation::$request as Request>::Response;
                    let received: &[(&str, Take<Response>)] =
                        &[$($(($received_member, |response| std::mem::take(&mut response.$received).into()))?)?];
                    let streams = Streams {
                        sent: sent.first().copied(),
                        received: received.first().copied(),
                    };
                    one(config, parameters, presigned, &streams)
                },
            }),*];

            fn one<R>(
                config: &Config,
                parameters: Value,
                presigned: Option<Duration>,
                streams: &Streams<R>,
            ) -> Result<Outcome>
            where
                R: Request<ServiceError = ServiceError> + serde::de::DeserializeOwned,
                R::Response: serde::Serialize,
            {
                call(|request| Client::new(config).send(request), parameters, presigned, streams, members)
            }

            fn members(error: &ServiceError) -> Result<(&'static str, Value)> {
                Ok(match error {
                    $(ServiceError::$error(error) => {
                        let shape: &[&str] = &[$($shape,)? stringify!($error)];
                        (shape[0], in_serde_form(error)?)
                    })*
                    other => bail!("the error {other} is missing in the table"),
                })
            }
        })*
    };
}

pub(super) use services;
