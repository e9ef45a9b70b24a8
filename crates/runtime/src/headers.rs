//! Functions of `HeaderMap` that this crate calls in many places.
//!
//! `HeaderMap` is generic, and the search, the hash and the growth of the map are inlined into each unit of code that calls it:
//! 1,100 lines of LLVM IR for one header. Here they are compiled once.

use http::{HeaderMap, HeaderName, HeaderValue};

/// Sets a header, in place of all of that name.
#[inline(never)]
pub(crate) fn insert(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

/// The first header of a name.
#[inline(never)]
pub(crate) fn get<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a HeaderValue> {
    headers.get(name)
}

/// Whether there is a header of a name.
pub(crate) fn has(headers: &HeaderMap, name: &HeaderName) -> bool {
    get(headers, name).is_some()
}
