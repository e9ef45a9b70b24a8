//! Why a token stream could not be printed.

use std::fmt;

use proc_macro2::TokenStream;

/// The longest snippet of tokens quoted in a message.
const SNIPPET_LENGTH: usize = 120;

/// Why a token stream could not be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The tokens are not a Rust source file.
    Syntax {
        /// What the parser said.
        message: String,
    },
    /// The tokens use syntax that the printer does not know.
    Unsupported {
        /// The kind of syntax node.
        kind: &'static str,
        /// The beginning of the node's tokens.
        snippet: String,
    },
}

impl Error {
    pub(super) fn syntax(error: &syn::Error) -> Error {
        Error::Syntax {
            message: error.to_string(),
        }
    }

    pub(super) fn unsupported(kind: &'static str, tokens: TokenStream) -> Error {
        let text = tokens.to_string();
        let mut snippet: String = text.chars().take(SNIPPET_LENGTH).collect();
        if snippet.len() < text.len() {
            snippet.push('…');
        }
        Error::Unsupported { kind, snippet }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Syntax { message } => write!(f, "not a Rust source file: {message}"),
            Error::Unsupported { kind, snippet } => {
                write!(f, "the printer does not support {kind}: `{snippet}`")
            }
        }
    }
}

impl std::error::Error for Error {}
