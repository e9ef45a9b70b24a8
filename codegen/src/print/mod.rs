//! From token streams to text.
//!
//! `prettyplease` lays the code out, after a pass that spaces items and sorts imports. It needs no `rustfmt`, and the
//! workspace pins its version exactly, so that the same tokens are the same bytes on every machine. Its layout is not
//! that of `rustfmt`: modules of generated code are declared as `#[rustfmt::skip] mod x;`.
//!
//! Without the feature `format` the tokens become text without a layout, which is enough for `include!`.

#[cfg(feature = "format")]
mod imports;
#[cfg(not(feature = "format"))]
mod plain;
#[cfg(not(feature = "format"))]
mod plain;
#[cfg(feature = "format")]
mod spacing;

use proc_macro2::TokenStream;

use crate::error::Result;

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
    let file = syn::parse2(tokens).map_err(|error| {
        crate::error::Error::new(format!("the generated code is not Rust: {error}"))
    })?;
    Ok(unparse(file))
}

/// Prints inner attributes and items, without a layout.
///
/// # Errors
/// None: what is not Rust is found by the compiler.
#[cfg(not(feature = "format"))]
pub fn items(tokens: TokenStream) -> Result<String> {
    Ok(plain::text(tokens))
}

#[cfg(feature = "format")]
fn unparse(mut file: syn::File) -> String {
    imports::sort(&mut file.items);
    spacing::file(&mut file);
    prettyplease::unparse(&file)
}

/// Whether two source files differ at most in their layout: they have the same comment at the top, and are the same
/// when they are printed again.
///
/// Layout is what an editor changes that formats a file: line breaks, trailing commas, braces around a single
/// expression, and the order of imports. Comments below the first are not compared.
#[cfg(feature = "format")]
pub fn is_same_code(one: &str, two: &str) -> bool {
    let printed = |text: &str| syn::parse_file(text).ok().map(unparse);
    heading(one).eq(heading(two)) && printed(one).is_some_and(|text| printed(two) == Some(text))
}

/// The comment at the top of a file.
#[cfg(feature = "format")]
fn heading(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| line.starts_with("//") && !line.starts_with("//!"))
}
