//! The code that all attache clients share.
//!
//! A generated client crate holds types, an `encode` and a `decode` for each operation, and nothing else. The rest is
//! here, written by hand and compiled once: JSON and HTTP bindings, timestamps and documents, Signature Version 4,
//! credentials, endpoints, errors and the transport.
//!
//! It has two parts. The API in this documentation is for users: configuration, credentials, calls, errors, pages,
//! waiters, the transport and the levels of validation. A client crate re-exports it, most of it as its module
//! `runtime`. The hidden module `plumbing` is for generated code, `attache-local` and `attache-evidence`: JSON, HTTP
//! messages, endpoint rules, signatures, and the collection of violations. It is not an API for users.
//!
//! # Settings
//!
//! A [`Config`] is shared by clients of any services. [`CallOptions`] replace some of its settings for one call.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use attache_runtime::validation::Level;
//! use attache_runtime::{CallOptions, Config, Credentials};
//!
//! # fn main() -> Result<(), attache_runtime::ConfigError> {
//! let config = Config::builder()
//!     .region("eu-central-1")
//!     .credentials(Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG"))
//!     .max_attempts(5)
//!     .operation_timeout(Duration::from_secs(30))
//!     .build()?;
//! // `attache_support::Client::new(&config)` makes a client of AWS Support.
//!
//! // One call without the checks of documented limits, and with less patience.
//! let options = CallOptions::default()
//!     .validation(Level::Structural)
//!     .operation_timeout(Duration::from_secs(5));
//! // `client.describe_cases().options(options).send().await`
//! # let _ = (config, options);
//! # Ok(())
//! # }
//! ```
//!
//! [`Config::from_env`] takes them from the environment, the profile files or the machine.
//!
//! # Errors
//!
//! Every call of every client fails with an [`Error`], whose parameter is the type of the errors of the service. Code about
//! any of them can be written once:
//!
//! ```
//! use attache_runtime::{Error, ErrorKind};
//!
//! fn advice<S>(error: &Error<S>) -> &'static str {
//!     match error.kind() {
//!         ErrorKind::Credentials => "log in again",
//!         _ if error.is_throttled() => "wait, and send fewer requests",
//!         _ if error.may_have_taken_effect() => "look for the result before you send it again",
//!         _ => "nothing has changed",
//!     }
//! }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]
// Without it, a client that is documented alone, or before this crate, would show its links to items here in brackets.
#![doc(html_root_url = "https://docs.rs/attache-runtime/latest")]

#[macro_use]
mod formatting;

#[cfg(feature = "proptest")]
pub mod arbitrary;
mod assembly;
#[cfg(feature = "tokio")]
mod background;
#[cfg(feature = "bearer")]
pub mod bearer;
mod big;
#[cfg(feature = "blocking")]
pub mod blocking;
mod body;
mod boxed_errors;
mod call;
mod call_options;
#[cfg(feature = "http-checksum")]
mod checksum;
mod clock_skew;
mod config;
mod core;
#[cfg(feature = "credential-chain")]
mod credential_chain;
pub mod credentials;
mod decimal;
pub mod document;
mod endpoint;
mod environment;
mod error;
mod error_code;
#[cfg(feature = "event-stream")]
pub mod event_stream;
#[cfg(feature = "tokio")]
mod file_body;
#[cfg(all(fuzzing, feature = "credential-chain"))]
#[doc(hidden)]
pub mod fuzzing;
mod headers;
mod interceptor;
pub mod operation;
mod pagination;
mod payload;
#[doc(hidden)]
pub mod plumbing;
mod presigned;
mod profile;
mod random;
mod redacted;
mod response_body;
pub mod retry;
mod segments;
#[cfg(feature = "serde")]
pub mod serde_blob;
mod sha256;
mod shell_words;
mod signing;
mod signing_key;
mod stand_in;
mod streamed;
pub mod telemetry;
#[cfg(feature = "test-util")]
pub mod test;
mod texts;
#[cfg(any(feature = "tokio", feature = "credential-chain"))]
mod threads;
mod time_source;
mod timer;
pub mod timestamp;
mod token_source;
pub mod transport;
mod tree_hash;
mod user_agent;
pub mod validation;
pub mod waiter;

use std::future::Future;
use std::pin::Pin;

pub use bytes::Bytes;
pub use http;

pub use crate::big::{BigDecimal, BigInteger, BigNumberError};
pub use crate::body::{Body, BoxError, ByteStream};
pub use crate::call::Call;
pub use crate::call_options::CallOptions;
#[cfg(feature = "http-checksum")]
pub use crate::config::ChecksumUse;
pub use crate::config::{
    AccountIdEndpointMode, Config, ConfigBuilder, ConfigError, EndpointDiscovery,
};
pub use crate::credentials::{
    CachedCredentials, Credentials, CredentialsError, EnvironmentCredentials, ProvideCredentials,
};
pub use crate::document::Document;
pub use crate::environment::{Environment, FixedEnvironment, ProcessEnvironment};
pub use crate::error::{Error, ErrorKind, Failure};
pub use crate::interceptor::{Attempt, Interceptor, Outcome};
#[cfg(feature = "blocking")]
pub use crate::pagination::Waiting;
pub use crate::pagination::{Items, Pages};
pub use crate::presigned::PresignedRequest;
pub use crate::random::{RandomSource, SystemRandomSource};
pub use crate::retry::RetryMode;
pub use crate::streamed::Streamed;
pub use crate::time_source::{SystemTimeSource, TimeSource};
pub use crate::timer::Timer;
#[cfg(feature = "tokio")]
pub use crate::timer::TokioTimer;
pub use crate::timestamp::{Timestamp, TimestampFormat};
pub use crate::token_source::{TokenSource, UuidTokenSource};

/// A boxed future, which can be sent to another thread.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
