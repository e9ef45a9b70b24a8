//! What a codec prints so that messages and their parts are written. Each codec implements these traits in a file of its
//! own, and [`codec`](super::codec) selects it.

use proc_macro2::TokenStream;

use crate::model::TypeId;
use crate::plan::{Field, Operation, Plan, TypeDefinition};

/// The code of a codec that writes values.
pub(super) trait Writing {
    /// The function that writes a structure: those of its members that are in the body.
    fn structure(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream;

    /// The function that writes a union.
    fn union(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream;

    /// The function that computes the length of a body with blobs; nothing for other types.
    fn capacity(&self, plan: &Plan<'_>, id: TypeId) -> Option<TokenStream>;
}

/// The code of a codec that writes requests: what a client sends.
pub(super) trait RequestWriting: Writing {
    /// The statements of `encode`, in a protocol without HTTP bindings. `steps` are those of all protocols.
    fn whole(&self, plan: &Plan<'_>, operation: &Operation<'_>, steps: &Steps) -> TokenStream;

    /// The statements that write the members of the body to the variable `request`.
    fn body(&self, plan: &Plan<'_>, operation: &Operation<'_>) -> TokenStream;

    /// The statements that write a member as the whole body of the variable `request`.
    fn payload(&self, plan: &Plan<'_>, operation: &Operation<'_>, field: &Field<'_>)
    -> TokenStream;
}

/// The code of a codec that writes the payloads of events. `is_sent` is whether the client sends the event, so that its
/// types have functions for the capacity; a mock sends it otherwise.
pub(super) trait EventWriting {
    /// The statement that writes the members of the variable `event` that are in its body to the variable `writer`.
    fn event_body(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        is_sent: bool,
    ) -> TokenStream;

    /// The statement that writes the reference in the variable `value` as the whole payload to the variable `writer`.
    fn event_payload(&self, plan: &Plan<'_>, field: &Field<'_>, is_sent: bool) -> TokenStream;
}

/// Statements of `encode` that change the variable `request`.
#[derive(Debug)]
pub(super) struct Steps {
    /// Those that set the host.
    pub(super) host: TokenStream,
    /// Those that need the complete request.
    pub(super) last: TokenStream,
}

/// The code of a codec that writes responses: what a server and a mock send.
pub(super) trait ResponseWriting: Writing {
    /// The function of a server that writes the members in the body of a response or an error, and nothing around them.
    fn members(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream;

    /// The statements of a server that write `self` to the body of the variable `response`, if anything is written.
    /// `has_statements` is whether other statements have written to it.
    fn body(&self, plan: &Plan<'_>, operation: &Operation<'_>, has_statements: bool)
    -> TokenStream;

    /// The statements of a server that write the variable `value` as the whole body of the variable `response`.
    fn payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream;

    /// The statement of a server that writes the members of the variable `error` to the variable `refusal`.
    fn refusal(&self) -> TokenStream;

    /// The statement of a mock that writes the members of the variable `response` to the variable `writer`.
    fn mock_body(&self, plan: &Plan<'_>, definition: &TypeDefinition<'_>) -> TokenStream;

    /// The statement of a mock that writes the error in the variable `response` to the variable `writer`. `has_members` is
    /// whether it has members in the body.
    fn mock_error(
        &self,
        plan: &Plan<'_>,
        definition: &TypeDefinition<'_>,
        has_members: bool,
    ) -> TokenStream {
        match has_members {
            true => self.mock_body(plan, definition),
            false => TokenStream::new(),
        }
    }

    /// Whether a mock writes the members of an error only, because the codec has something beside them.
    fn has_error_members(&self) -> bool {
        false
    }

    /// The statement of a mock that writes the variable `value` as the whole body to the variable `writer`.
    fn mock_payload(&self, plan: &Plan<'_>, field: &Field<'_>) -> TokenStream;
}
