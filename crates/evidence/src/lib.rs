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
//! # What is sent
//!
//! What a file holds when it is opened. It may grow, as a log does: what comes later is not sent, and the manifest says
//! that there is more. A file whose bytes change while they are sent is refused ([`ErrorKind::Changed`]), however it was
//! changed: what is sent is hashed and compared with what was read at first, and the storage does not get the end of a part
//! that differs. What takes the place of the file is never read.
//!
//! # What is believed
//!
//! An upload is done when the storage has answered 200, has taken all bytes from us, and has not named a hash of other
//! bytes. Whether it has named one of these bytes stands in the [`manifest`], which is the record to keep. A download is done
//! when as many bytes came as were announced, or when they have the hash that was announced.
//!
//! # Presigned URLs
//!
//! They give access to whoever has them: none stands in an error, in `Debug`, in a saved state or in a manifest. The headers
//! that their signatures demand are sent; [`Settings::header`] sets those whose values cannot be known.
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
