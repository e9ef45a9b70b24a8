//! Suites, in whichever form they come, as models and cases.

use attache_codegen::protocol_tests::Case;

use super::request::Wanted;

/// A service and its cases.
#[derive(Debug)]
pub struct Suite {
    /// What messages call it: the service shape, or the C2J protocol.
    pub name: String,
    /// The model as Smithy JSON AST, or why it cannot be read.
    pub model: Result<String, String>,
    /// The cases for clients.
    pub cases: Vec<SuiteCase>,
}

/// A case, and what is needed to judge and to list it.
#[derive(Debug)]
pub struct SuiteCase {
    /// The protocol, by the name of its trait.
    pub protocol: String,
    /// The file that it is from, without its folder and its extension.
    pub file: String,
    /// Which part of the suites it belongs to.
    pub kind: Kind,
    /// What is done.
    pub case: Case,
    /// What must be sent, for cases of requests.
    pub wanted: Option<Wanted>,
}

/// The parts of the suites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `input/*.json`
    C2jInput,
    /// `output/*.json`
    C2jOutput,
    /// `smithy/*.json`, `smithy.test#httpRequestTests`
    SmithyRequests,
    /// `smithy/*.json`, `smithy.test#httpResponseTests`
    SmithyResponses,
    /// `smithy.test#eventStreamTests`
    EventStreams,
}

impl SuiteCase {
    /// The names that select the case: its protocol, as the trait and as the metadata of botocore call it, and its file.
    pub fn names(&self) -> [&str; 3] {
        [&self.protocol, metadata_name(&self.protocol), &self.file]
    }
}

/// What the metadata of botocore calls a protocol.
fn metadata_name(protocol: &str) -> &str {
    match protocol {
        "awsJson1_0" | "awsJson1_1" => "json",
        "restJson1" => "rest-json",
        "restXml" => "rest-xml",
        "awsQuery" => "query",
        "ec2Query" => "ec2",
        "rpcv2Cbor" => "smithy-rpc-v2-cbor",
        other => other,
    }
}

impl Kind {
    /// What the table calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::C2jInput => "C2J input",
            Self::C2jOutput => "C2J output",
            Self::SmithyRequests => "Smithy requests",
            Self::SmithyResponses => "Smithy responses",
            Self::EventStreams => "event streams",
        }
    }
}

/// Everything that a folder holds.
#[derive(Debug, Default)]
pub struct Suites {
    /// The suites.
    pub suites: Vec<Suite>,
    /// How many cases are for servers only.
    pub for_servers: usize,
    /// The shapes of Smithy files that had to be mended.
    pub mended: Vec<String>,
}
