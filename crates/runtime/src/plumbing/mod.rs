//! The API for generated code. It is not for users.
//!
//! Client crates that `attache-codegen` generated, `attache-local` and `attache-evidence` use these modules; so do the
//! tests of this repository. They change when the generator changes, in any version of this crate that raises its second
//! number (the first one from 1.0 on).

#[cfg(feature = "proptest")]
pub mod arbitrary;
mod budget;
pub mod causes;
#[cfg(feature = "cbor")]
pub mod cbor;
mod collection;
pub mod discovery;
pub mod endpoint;
pub mod enumeration;
pub mod expression;
#[cfg(feature = "form")]
pub mod form;
pub mod header;
pub mod json;
mod memory;
pub mod message;
pub mod operation;
mod read_error;
pub mod safe_line;
pub(crate) mod secret_names;
#[cfg(feature = "serde")]
pub mod serde_form;
pub mod sigv4;
#[cfg(feature = "sigv4a")]
pub mod sigv4a;
pub mod text_forms;
pub mod uri;
pub mod validator;
pub mod waiter;
#[cfg(feature = "xml-core")]
pub mod xml;

pub use crate::core::Core;
pub use crate::redacted::Redacted;
pub use crate::timer::within;
