//! A local server for AWS Support and AWS Security Incident Response, for tests.
//!
//! [`Local`] is a server on a port of the loopback address that behaves as the two services document: it reads and
//! validates requests with the models from which the clients are generated, verifies their signatures, and stores
//! cases, files and memberships. When it is dropped, its data is deleted. The program `attache-local` is the same
//! server for people and other languages; `docs/local-services.md` in its repository shows it with the AWS CLI, Python
//! and Go.
//!
//! # Testing your code
//!
//! Add the crate to your `dev-dependencies`, start it, and give your code a client that talks to it:
//!
//! ```
//! use attache_local::Local;
//! use attache_support::Client;
//!
//! // Your code: it takes a client, so that a test can give it one.
//! async fn report(client: &Client, what: &str) -> Result<String, attache_support::Error> {
//!     let case = client.create_case().subject(what).communication_body("It does not start.").send().await?;
//!     Ok(case.case_id.unwrap_or_default())
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Local::builder().start().await?;
//! let client = Client::new(&local.config().build()?);
//!
//! let case_id = report(&client, "My instance").await?;
//!
//! let found = client.describe_cases().case_id_list([case_id]).send().await?;
//! assert_eq!(found.cases.unwrap_or_default()[0].subject.as_deref(), Some("My instance"));
//! assert_eq!(local.request_count("CreateCase"), 1);
//! # Ok(())
//! # }
//! ```
//!
//! The server runs on a separate thread, so it works with any async runtime, and without one: see
//! [`Builder::start_blocking`]. Several servers can run at the same time, each with its own port and its own data.
//!
//! # Time
//!
//! Attachment sets expire after an hour, links after 15 minutes, and uploads become ready shortly after they are
//! complete. With a fixed [`Clock`], a test advances the time itself. Pass the same clock to the client, so that its
//! signatures stay valid:
//!
//! ```
//! use std::time::Duration;
//! use attache_local::{Clock, Local};
//! use attache_support::{Client, ServiceError, types::Attachment};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = Clock::fixed("2026-01-01T00:00:00Z".parse()?);
//! let local = Local::builder().clock(clock.clone()).start().await?;
//! let client = Client::new(&local.config().build()?);
//!
//! let file = Attachment::new().file_name("boot.log").data("panic");
//! let set = client.add_attachments_to_set().attachments([file]).send().await?;
//! clock.advance(Duration::from_secs(3600));
//!
//! let late = client.create_case().subject("Late").communication_body("Sorry.")
//!     .attachment_set_id(set.attachment_set_id.unwrap_or_default())
//!     .send().await;
//! let error = late.expect_err("the set has expired");
//! assert!(matches!(error.service(), Some(ServiceError::AttachmentSetExpired(_))));
//! # Ok(())
//! # }
//! ```
//!
//! # Faults
//!
//! [`fault`] lists the faults that can be injected: throttling, any error of a service, lost connections, and more. Add a
//! [`Fault`] to the [`Builder`] or later, or send the header `x-attache-local-fault` with one request; that header is
//! used only if the request is accepted.
//!
//! ```
//! use attache_local::{Effect, Fault, Local};
//! use attache_support::Client;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Local::builder().start().await?;
//! let client = Client::new(&local.config().build()?);
//! local.add_fault(Fault::new(Effect::Throttle(None)).on("DescribeSeverityLevels").times(1))?;
//!
//! // The client tries again, and the second attempt succeeds.
//! let levels = client.describe_severity_levels().send().await?;
//! assert_eq!(levels.severity_levels.unwrap_or_default().len(), 5);
//! assert_eq!(local.request_count("DescribeSeverityLevels"), 2);
//! # Ok(())
//! # }
//! ```
//!
//! # What your code has sent
//!
//! [`Local::requests`] lists the requests with their account, region, time, status and request id.
//! [`Local::requests_of`] decodes those of one operation:
//!
//! ```
//! use attache_local::Local;
//! use attache_local::api::support::operation::CreateCaseRequest;
//! use attache_support::Client;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Local::builder().start().await?;
//! let client = Client::new(&local.config().build()?);
//! client.create_case().subject("My instance").communication_body("It does not start.").send().await?;
//!
//! let sent = local.requests_of::<CreateCaseRequest>();
//! assert_eq!(sent[0].subject.as_deref(), Some("My instance"));
//! assert_eq!(sent[0].severity_code, None);
//! assert_eq!(local.requests()[0].status, Some(200));
//! # Ok(())
//! # }
//! ```
//!
//!
//! # Snapshots
//!
//! Tests can share a server, and return to a [`Snapshot`] of it. [`Local::restore`] says what happens to the clock, to
//! requests that are under way and to presigned URLs.
//!
//! ```
//! use attache_local::Local;
//! use attache_support::Client;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Local::builder().start().await?;
//! let client = Client::new(&local.config().build()?);
//! client.create_case().subject("Of all tests").communication_body("It does not start.").send().await?;
//! let snapshot = local.snapshot();
//!
//! for _ in 0..2 {
//!     client.create_case().subject("Of one test").communication_body("It does not end.").send().await?;
//!     assert_eq!(client.describe_cases().send().await?.cases.unwrap_or_default().len(), 2);
//!     local.restore(&snapshot)?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Accounts and regions
//!
//! [`Builder::account`] adds an access key with an account of its own. Accounts share nothing. Security IR has separate data
//! in each region that requests are signed for; AWS Support is one global service.
//!
//! ```
//! use attache_local::Local;
//! use attache_support::Client;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let local = Local::builder().account("AKIDOTHER", "210987654321").start().await?;
//! let own = Client::new(&local.config().build()?);
//! let other = Client::new(&local.config_for("AKIDOTHER").build()?);
//! own.create_case().subject("Mine").communication_body("It does not start.").send().await?;
//!
//! assert_eq!(own.describe_cases().send().await?.cases.unwrap_or_default().len(), 1);
//! assert_eq!(other.describe_cases().send().await?.cases.unwrap_or_default().len(), 0);
//! # Ok(())
//! # }
//! ```
//!
//! # Persistent data
//!
//! With [`Builder::data`] all data is kept in a folder, and an acknowledged change survives `kill -9`. The folder must
//! be empty or created by a server. A folder of a server has a file `attache-local.mark` with a name, and the database
//! has the same name. A database that is missing, empty, damaged or of another folder is refused with an explanation,
//! and nothing is removed. Files whose names do not have the form of a server's files are never changed.
//!
//! On a full disk, reading still works, and requests that would change something fail with status 500 and change
//! nothing. They succeed again when there is space. A request for a stored file that was changed fails with status 500.
//! Such problems are also printed to the standard error output.
//!
//! # Your account's catalogue
//!
//! What Support offers (43 services with several categories each, severities, languages, 104 checks of Trusted Advisor)
//! has real codes, ids, names and columns. The categories of a service are partly taken from published examples and
//! partly assumed, and results of checks are invented. Responses of your own account can replace any of it: see
//! [`Catalogue`].
//! # Instead of moto
//!
//! With [`Builder::lenient`] (`--lenient`, and usually `--accept-any-signature`), Support accepts what moto accepts,
//! and moto's decorator works with it in server mode:
//!
//! ```console
//! $ attache-local --lenient --accept-any-signature --port 5000
//! $ TEST_SERVER_MODE=true pytest tests/
//! ```
//!
//! Of moto's own tests of Support (`tests/test_support/test_support.py` of moto 5.2, 24 functions, 41 cases), 31 cases
//! pass. The other ten test behaviour that only moto has:
//!
//! | tests | expected result | why it differs |
//! |---|---|---|
//! | `…_can_cycle_case_severities`, `…_can_be_described*[severityCode-normal]` (5 cases) | a case that was opened with `low` is `normal` when it is described, then `high`, then `urgent` | the severity of a case is what was sent |
//! | `test_refresh_trusted_advisor_check_cycles_*`, `…_cycle_continues_on_full_cycle` (4 cases) | each request for a refresh shows the next status, from `none` to `abandoned` and again | a refresh takes time, not requests; the documented response is `enqueued` |
//! | `test_support_case_created` (1 case) | an id of 38 characters | ids of the service have 44: the account has 12 digits and is followed by `muen` |
//!
//! # What is simulated
//!
//! * The account of a server has an active membership of Security IR from the beginning: see [`Builder::membership`].
//! * A file with `infected` in its name, or with the content of the EICAR test file, does not pass: the upload of Support
//!   becomes `failed`, the attachment of Security IR `Failed`.
//! * Cases are listed with the oldest first, as in recorded responses, and communications with the newest first.
//! * Times and ids have the forms of recorded or documented ones.
//! * A case that AWS supports gets two investigations at once; [`Local::add_investigation`] adds further ones.
//! * Metrics of findings depend on the length of the window only.

pub mod api;
mod bodies;
mod body;
mod builder;
mod caller;
mod catalogue;
mod clock;
mod contents;
mod environment;
pub mod fault;
mod file_headers;
mod file_operations;
mod files;
mod front;
#[cfg(test)]
mod full_disk_tests;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod hexadecimal;
mod local;
mod own_paths;
mod pages;
mod refusals;
mod requests;
mod security_ir;
mod server;
mod sigv4;
mod snapshot;
mod start_error;
mod store;
mod support;
mod tenants;
pub mod wire;
mod world;

/// Prints to the standard error output what the user of a server should know and no response can contain.
fn log(text: &str) {
    use std::io::Write;

    // If nobody reads the output, the text is dropped.
    let _ = writeln!(std::io::stderr(), "attache-local: {text}");
}

pub use crate::builder::Builder;
pub use crate::catalogue::{Catalogue, CatalogueError};
pub use crate::clock::Clock;
pub use crate::contents::Contents;
pub use crate::environment::Limits;
pub use crate::fault::{Effect, Fault, When};
pub use crate::local::{Local, StoredAttachment};
pub use crate::requests::RequestRecord;
pub use crate::snapshot::{RestoreError, Snapshot};
pub use crate::start_error::StartError;
