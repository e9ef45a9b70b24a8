//! Rust types of fields, elements and parameters.

use std::fmt;

use super::module::Module;

/// A Rust type that generated code names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the Rust types")]
pub enum RustType {
    Bool,
    I8,
    I16,
    I32,
    I64,
    F32,
    F64,
    /// `attache_runtime::BigInteger`
    BigInteger,
    /// `attache_runtime::BigDecimal`
    BigDecimal,
    String,
    /// `attache_runtime::Bytes`
    Bytes,
    /// `attache_runtime::ByteStream`
    ByteStream,
    /// `attache_runtime::event_stream::EventInput`, with the type of its events.
    EventInput(Box<RustType>),
    /// `attache_runtime::event_stream::EventStream`, with the type of its events.
    EventStream(Box<RustType>),
    /// `attache_runtime::Timestamp`
    Timestamp,
    /// `attache_runtime::Document`
    Document,
    /// A generated type, by its module and its name.
    Generated(Module, String),
    Vec(Box<RustType>),
    /// `std::collections::BTreeMap`
    BTreeMap(Box<RustType>, Box<RustType>),
    Option(Box<RustType>),
    Box(Box<RustType>),
}

impl RustType {
    /// The same in an `Option`.
    pub(super) fn optional(self) -> Self {
        Self::Option(Box::new(self))
    }
}

/// As it is written in code.
impl fmt::Display for RustType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Bool => "bool",
            Self::I8 => "i8",
            Self::I16 => "i16",
            Self::I32 => "i32",
            Self::I64 => "i64",
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::BigInteger => "BigInteger",
            Self::BigDecimal => "BigDecimal",
            Self::String => "String",
            Self::Bytes => "Bytes",
            Self::ByteStream => "ByteStream",
            Self::Timestamp => "Timestamp",
            Self::Document => "Document",
            Self::Generated(_, name) => name,
            Self::EventInput(event) => return write!(formatter, "EventInput<{event}>"),
            Self::EventStream(event) => return write!(formatter, "EventStream<{event}>"),
            Self::Vec(element) => return write!(formatter, "Vec<{element}>"),
            Self::BTreeMap(key, value) => return write!(formatter, "BTreeMap<{key}, {value}>"),
            Self::Option(value) => return write!(formatter, "Option<{value}>"),
            Self::Box(value) => return write!(formatter, "Box<{value}>"),
        })
    }
}
