//! What a codec prints so that messages and their parts are read. Each codec implements [`Reading`] in a file of its
//! own, and [`codec`](super::codec) selects it.

use proc_macro2::TokenStream;

use crate::plan::{Field, Plan, TypeDefinition};

/// The code of a codec that reads.
pub(super) trait Reading {
    /// The function that reads the members of a structure, request, response or error that are in the body.
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream;

    /// The function that reads a union.
    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream;

    /// The function that reads an enum of strings.
    fn string_enum(&self) -> TokenStream;

    /// The function that reads an enum of integers.
    fn int_enum(&self) -> TokenStream;

    /// An expression that reads the structure of a message from the body of the variable `message`: a `Result`.
    fn body(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        message: &TokenStream,
    ) -> TokenStream;

    /// An expression that reads the member which is the whole body of the variable `message`: the `Result` of an
    /// `Option`.
    fn payload(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        field: &Field<'_>,
        message: &TokenStream,
    ) -> TokenStream;
}
