//! From token streams to text.
//!
//! `prettyplease` lays the code out, after a pass that spaces items and sorts imports. It needs no `rustfmt`, and the
//! workspace pins its version exactly, so that the same tokens are the same bytes on every machine. Its layout is not
//! that of `rustfmt`: modules of generated code are declared as `#[rustfmt::skip] mod x;`.
//!
//! Without the feature `format` the tokens become text without a layout, which is enough for `include!`.

#[cfg(feature = "format")]
mod comments;
#[cfg(feature = "format")]
mod imports;
#[cfg(feature = "format")]
mod layout;
#[cfg(feature = "format")]
mod paragraphs;
#[cfg(not(feature = "format"))]
mod plain;
#[cfg(feature = "format")]
mod spacing;

use proc_macro2::TokenStream;

use crate::error::Result;
#[cfg(feature = "format")]
pub use layout::is_same_code;

/// What is between the lines of a comment in its `#[doc]` attribute.
///
/// `prettyplease` would not print a text with line feeds as `///`. This character is in no comment otherwise, because
/// hidden characters are escaped.
pub(crate) const COMMENT_BREAK: char = if cfg!(feature = "format") {
    '\u{1f}'
} else {
    '\n'
};

/// Prints a source file below a comment: a `//` line for each line of the header, then an empty line.
///
/// # Errors
/// Tokens that are not a source file.
pub fn file(header: &str, tokens: TokenStream) -> Result<String> {
    let body = items(tokens)?;
    let mut text = String::with_capacity(header.len() + body.len() + 8);
    for line in header.lines() {
        let line = line.trim_end();
        text.push_str(if line.is_empty() { "//" } else { "// " });
        text.push_str(line);
        text.push('\n');
    }
    if !text.is_empty() && !body.is_empty() {
        text.push('\n');
    }
    text.push_str(&body);
    Ok(text)
}

/// Prints inner attributes and items. `#[doc = "…"]` becomes `///` or `//!`.
///
/// # Errors
/// Tokens that are not a source file.
#[cfg(feature = "format")]
pub fn items(tokens: TokenStream) -> Result<String> {
    paragraphs::print(tokens).map_err(|error| {
        crate::error::Error::new(format!("the generated code is not Rust: {error}"))
    })
}

/// Prints inner attributes and items, without a layout.
///
/// # Errors
/// None: what is not Rust is found by the compiler.
#[cfg(not(feature = "format"))]
pub fn items(tokens: TokenStream) -> Result<String> {
    Ok(plain::text(tokens))
}
