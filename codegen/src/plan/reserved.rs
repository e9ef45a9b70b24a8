//! The names that generated code uses itself.
//!
//! They are listed once, by the kind of item that could have the same name. The emitter prints these constants, and
//! `plan/names.rs` gives none of them to an item of a model. `codegen/tests/generate/reserved_names.rs` finds a
//! name that the emitter writes and that is not reserved, and one that is reserved and not written.

use std::fmt;

/// A name that no item of a model gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reserved(&'static str);

impl Reserved {
    /// The name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Reserved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

/// Declares the names of a scope: a constant for each, and `ALL` of them.
macro_rules! scope {
    ($(#[$attribute:meta])* $scope:ident { $($constant:ident = $name:literal,)* }) => {
        $(#[$attribute])*
        pub mod $scope {
            use super::Reserved;

            $(
                #[doc = concat!("`", $name, "`")]
                pub const $constant: Reserved = Reserved($name);
            )*

            /// All names of this scope.
            pub const ALL: &[Reserved] = &[$($constant),*];

            /// Whether a name is one of them.
            pub fn contains(name: &str) -> bool {
                ALL.iter().any(|reserved| reserved.as_str() == name)
            }
        }
    };
}

scope! {
    /// Functions that make a value of their own type. A setter may have the name of none of them, and a type must not be
    /// called like one, which clippy reports (`self_named_constructors`).
    constructors {
        ARBITRARY_IN = "arbitrary_in",
        NEW = "new",
        READ_FORM = "read_form",
        READ_JSON = "read_json",
        READ_RESPONSE = "read_response",
        READ_XML = "read_xml",
    }
}

scope! {
    /// Methods of builders, requests, structures and errors. A setter may have the name of none of them.
    methods {
        HASH_VALUE = "hash_value",
        INTO_REQUEST = "into_request",
        ITEMS = "items",
        JSON_CAPACITY = "json_capacity",
        OPTIONS = "options",
        PAGES = "pages",
        SEND = "send",
        SEND_DRY_RUN = "send_dry_run",
        VALIDATE = "validate",
        VALIDATE_AT = "validate_at",
        VALIDATION = "validation",
        WRITE_FORM = "write_form",
        WRITE_JSON = "write_json",
        WRITE_MEMBERS = "write_members",
        WRITE_XML = "write_xml",
        // Of traits: a setter of the same name would hide them.
        CLONE = "clone",
        DEFAULT = "default",
        FMT = "fmt",
    }
}

scope! {
    /// Functions of a client. The function of an operation may have the name of none of them.
    functions {
        CONFIG = "config",
        FROM_ENV = "from_env",
        FROM_ENV_BLOCKING = "from_env_blocking",
        ITEMS = "items",
        NEW = "new",
        PAGES = "pages",
        SEND = "send",
        SEND_DRY_RUN = "send_dry_run",
        SEND_WITH = "send_with",
        WAITER = "waiter",
        WITH_ENDPOINT_SETTINGS = "with_endpoint_settings",
        WITH_VALIDATION = "with_validation",
        // Of a trait: a function of the same name would hide it.
        CLONE = "clone",
        // The module of the operations. clippy reports a module in it that has the same name.
        OPERATION = "operation",
    }
}

scope! {
    /// Types, traits and variants that files with types of a model name without a path, and the types that programs
    /// import from the root of the crate.
    types {
        BTREE_MAP = "BTreeMap",
        BYTE_STREAM = "ByteStream",
        BYTES = "Bytes",
        CALL = "Call",
        CALL_OPTIONS = "CallOptions",
        CLIENT = "Client",
        CONFIG = "Config",
        CREDENTIALS = "Credentials",
        DOCUMENT = "Document",
        DURATION = "Duration",
        ERROR = "Error",
        SERVICE_ERROR = "ServiceError",
        STD_ERROR = "StdError",
        TIMESTAMP = "Timestamp",
        TIMESTAMP_FORMAT = "TimestampFormat",
        // Of the prelude, and of macros that derive.
        BOX = "Box",
        CLONE = "Clone",
        COPY = "Copy",
        DEBUG = "Debug",
        DEFAULT = "Default",
        EQ = "Eq",
        ERR = "Err",
        FN = "Fn",
        FROM = "From",
        HASH = "Hash",
        INTO = "Into",
        INTO_ITERATOR = "IntoIterator",
        NONE = "None",
        OK = "Ok",
        OPTION = "Option",
        ORD = "Ord",
        PARTIAL_EQ = "PartialEq",
        PARTIAL_ORD = "PartialOrd",
        RESULT = "Result",
        SOME = "Some",
        STRING = "String",
        TO_STRING = "ToString",
        VEC = "Vec",
    }
}

scope! {
    /// Variants of enums and unions.
    variants {
        UNKNOWN = "Unknown",
    }
}
