//! Tests of code that calls a service, without a network.
//!
//! The module is behind the feature `test-util` of a client crate, which belongs in `[dev-dependencies]`.
//!
//! A [`Mock`] is a transport that responds by rules. The request is validated and encoded and the response is decoded as
//! in any other call, so a test also notices what cannot be sent or read:
//!
//! ```text
//! use attache_support::operation::{CreateCaseRequest, CreateCaseResponse};
//! use attache_support::runtime::test::{Mock, when};
//! use attache_support::{Client, Error};
//!
//! let mock = Mock::new().rule(
//!     when::<CreateCaseRequest>(|request| request.subject.as_deref() == Some("It broke"))
//!         .then(Err(Error::connect("refused")))
//!         .then(Ok(CreateCaseResponse::default().case_id("case-1"))),
//! );
//! let client = Client::new(&mock.config().build()?);
//! // … the code under test …
//! assert_eq!(mock.count::<CreateCaseRequest>(), 2);
//! mock.assert_all_used();
//! ```
//!
//! The module `test_util` of a client crate has an example that compiles.
//!
//! A [`Recorder`] keeps real requests and responses in a file, without secrets, and a [`Replayer`] responds with them. A
//! mock is for what a service rarely does, such as errors; a recording is for what it really sends. A client crate needs
//! no feature for recordings, but that of this crate.
//!
//! ```text
//! // Once, with the service:
//! let recorder = Recorder::of(&Config::from_env().await?);
//! let client = Client::new(&recorder.config());
//! // … the code under test …
//! recorder.save("tests/recordings/create_case.json")?;
//!
//! // In each test:
//! let replayer = Replayer::open("tests/recordings/create_case.json")?;
//! let client = Client::new(&replayer.config().build()?);
//! // … the code under test …
//! replayer.assert_finished();
//! ```
//!
//! With the feature `serde`, a recorded body is a value: `serde_json::from_str` reads it as the client does, and
//! `from_json_deny_unknown` refuses members that the model lacks.

mod clock;
#[cfg(feature = "serde")]
mod fixture;
mod mock;
mod recording;
mod response;
mod rule;
mod sent;

pub use self::clock::InstantTimer;
#[cfg(feature = "serde")]
pub use self::fixture::{FixtureError, from_json_deny_unknown};
pub use self::mock::Mock;
pub use self::recording::{Recorder, Replayer};
pub use self::response::Respond;
#[doc(hidden)]
pub use self::response::ResponseWriter;
pub use self::rule::{Rule, When, when};
#[doc(hidden)]
pub use self::sent::{Copied, copied_stream};
pub(crate) use self::sent::{Message, Sent};

use crate::transport::Transport;
use crate::{Config, ConfigBuilder, Credentials, Timestamp};

/// A configuration for a transport that responds at once: it reads no environment, its credentials, its token and its time
/// are fixed, and no pause takes time ([`InstantTimer`]). The region is `us-east-1`. All of that can be replaced.
pub fn config(transport: impl Transport + 'static) -> ConfigBuilder {
    let builder = Config::builder();
    #[cfg(feature = "bearer")]
    let builder = builder.bearer_token_behind_credentials(crate::bearer::BearerToken::new("token"));
    builder
        .region("us-east-1")
        .credentials(Credentials::new("AKIDEXAMPLE", "secret"))
        .time_source(Timestamp::UNIX_EPOCH)
        .timer(InstantTimer::default())
        .transport(transport)
}
