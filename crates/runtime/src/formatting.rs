//! `format!` and `write!` of this crate: they make the same text as those of the standard library. `format!` is there in every
//! module, `write!` is imported.
//!
//! Those are inlined into each place where they are used, with a branch for a text without arguments: about 70 lines of LLVM IR
//! each time, hundreds of times. Here each place is one call.

use std::fmt;

/// The text of `format!`.
#[inline(never)]
pub(crate) fn formatted(text: fmt::Arguments<'_>) -> String {
    fmt::format(text)
}

/// What `write!` writes to.
pub(crate) trait Formatted {
    /// # Errors
    /// Those of the writer.
    fn write_formatted(&mut self, text: fmt::Arguments<'_>) -> fmt::Result;
}

impl Formatted for fmt::Formatter<'_> {
    #[inline(never)]
    fn write_formatted(&mut self, text: fmt::Arguments<'_>) -> fmt::Result {
        self.write_fmt(text)
    }
}

impl Formatted for String {
    #[inline(never)]
    fn write_formatted(&mut self, text: fmt::Arguments<'_>) -> fmt::Result {
        fmt::write(self, text)
    }
}

impl Formatted for dyn fmt::Write + '_ {
    #[inline(never)]
    fn write_formatted(&mut self, text: fmt::Arguments<'_>) -> fmt::Result {
        self.write_fmt(text)
    }
}

macro_rules! format {
    ($($argument:tt)*) => {
        $crate::formatting::formatted(::std::format_args!($($argument)*))
    };
}

macro_rules! write_formatted {
    ($to:expr, $($argument:tt)*) => {{
        use $crate::formatting::Formatted as _;
        $to.write_formatted(::std::format_args!($($argument)*))
    }};
}

pub(crate) use write_formatted as write;
