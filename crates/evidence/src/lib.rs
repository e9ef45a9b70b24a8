//! Files into cases, and out of them.
//!
//! A user has a file and a case; the services have attachment sets, upload links, presigned URLs and scans. This crate
//! is what lies between: [`support`] for cases of AWS Support, [`security_ir`] for cases of AWS Security Incident
//! Response. Files are read and written piece by piece, parts go up side by side and are tried again one by one, an
//! upload that was interrupted goes on where it stopped, and a download appears under its name only when it is whole.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use attache_evidence::support::Attachments;
//!
//! let client = attache_support::Client::from_env().await?;
//! let evidence = Attachments::new(&client).upload("/var/log/app.log").await?;
//! let call = client.create_case().subject("It broke").communication_body("See the log.");
//! let case = evidence.on_case(call).send().await?;
//! println!("{:?}", case.case_id);
//! # Ok(())
//! # }
//! ```
//!
//! Presigned URLs give access to whoever has them: none stands in an error, in `Debug` or in a saved state.
//!
//! It is a crate of its own, because it reads files and the clients do not: who only calls operations builds none of it.

#[cfg(any(feature = "support", feature = "security-ir"))]
mod binding;
mod checksum;
mod content;
mod error;
mod file_name;
mod fingerprint;
#[cfg(any(feature = "support", feature = "security-ir"))]
mod kept;
pub mod manifest;
mod presigned;
mod progress;
mod range;
mod receipt;
#[cfg(feature = "security-ir")]
pub mod security_ir;
mod settings;
mod source;
#[cfg(feature = "support")]
pub mod support;
mod target;
mod transfer;

pub use crate::error::{Error, ErrorKind};
pub use crate::fingerprint::Fingerprint;
pub use crate::manifest::Manifest;
pub use crate::progress::{Progress, Stage};
pub use crate::settings::Settings;
pub use crate::source::Source;
pub use crate::target::Downloaded;
