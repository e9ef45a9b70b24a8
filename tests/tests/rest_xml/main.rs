//! Calls of restXml: what a client sends, and what it makes of responses that are no usual ones.

mod errors;
mod members;
mod pages;
mod regions;
mod texts;

use attache_tests::transport::Answers;
use golden_rest_xml::Client;

/// A client without an endpoint of its own: a bucket is in the host.
fn client(answers: &Answers) -> Client {
    Client::new(&answers.config())
}
