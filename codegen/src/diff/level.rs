//! The four axes of a change, and how several changes become a verdict.

use serde::Serialize;

/// What a change means for the Rust API of the generated crate, as cargo counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RustLevel {
    /// Nothing that is generated differs.
    #[default]
    None,
    /// Generated code differs, its API does not.
    Patch,
    /// The API grows, or parts of it become deprecated.
    Minor,
    /// Code that compiles against the old API may not compile against the new one.
    Major,
}

/// What a change means for the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// The messages are the same.
    #[default]
    None,
    /// Messages may have additional parts; old messages are still understood.
    Compatible,
    /// A message in one form is not understood by the other side with the other form.
    Breaking,
}

/// What a change means for the requests that pass validation at the default level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Validation {
    /// The same requests pass.
    #[default]
    None,
    /// A request that passed is now refused.
    Tightened,
    /// A request that was refused now passes.
    Loosened,
    /// Both.
    Mixed,
}

/// Whether documentation or the overlay is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Documentation {
    /// Neither.
    #[default]
    None,
    /// The generated documentation, or the prose of the source, differs.
    Changed,
    /// A statement of an overlay is concerned.
    Overlay,
}

impl Validation {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, level) | (level, Self::None) => level,
            (one, two) if one == two => one,
            _ => Self::Mixed,
        }
    }

    /// The level of a change that may tighten and may loosen.
    pub(super) fn of(tightens: bool, loosens: bool) -> Self {
        match (tightens, loosens) {
            (false, false) => Self::None,
            (true, false) => Self::Tightened,
            (false, true) => Self::Loosened,
            (true, true) => Self::Mixed,
        }
    }
}

macro_rules! name {
    ($type:ident: $($variant:ident $text:literal),*) => {
        impl $type {
            /// The level in one word, as JSON has it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

name!(RustLevel: None "none", Patch "patch", Minor "minor", Major "major");
name!(Wire: None "none", Compatible "compatible", Breaking "breaking");
name!(Validation: None "none", Tightened "tightened", Loosened "loosened", Mixed "mixed");
name!(Documentation: None "none", Changed "changed", Overlay "overlay");
