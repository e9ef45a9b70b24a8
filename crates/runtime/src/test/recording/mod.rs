//! Recorded exchanges: real requests and responses in a file, and a transport that responds with them.
//!
//! What is kept while a call runs is the raw message. It becomes an [`exchange::Exchange`] without secrets when the file
//! is written; a replayed request goes through the same code, so both have the same form when they are compared.

mod bodies;
mod difference;
mod exchange;
mod file;
mod hidden;
mod json;
mod observed;
mod recorder;
mod redaction;
mod replayer;
mod request;
mod response;
mod secrets;
#[cfg(test)]
mod tests;
mod tokens;
#[cfg(feature = "xml-core")]
mod xml;
#[cfg(feature = "xml-core")]
mod xml_lines;

pub use self::recorder::Recorder;
pub use self::replayer::Replayer;
